"""The section of a card on how firm the order of schools is, between resamples and from fold to fold."""

from __future__ import annotations

from typing import Any

from pilotage.report.words import plural

Entry = dict[str, Any]


def stability(test: Entry) -> list[str]:
    """Return the section on how firm the order of schools is, in Markdown; empty where nothing is known of it."""
    firm = test["stability"]
    inside = firm["between_resamples"]
    section = ["### How firm the order is", ""]
    if inside["spearman"] is not None:
        section.append(
            f"- Two resamples of one model: rank correlation {inside['spearman']:.2f}; their top tenths share "
            f"{inside['top_tenth_shared']:.0%} of their schools."
        )
    section += [
        f"- {pair['from']} and {pair['to']}, {plural(pair['schools'], 'school')} in both: rank correlation "
        f"{pair['spearman']:.2f}; their top tenths share {pair['top_tenth_shared']:.0%}."
        for pair in firm["between_folds"]
        if pair["spearman"] is not None
    ]
    section += _own_chance(test.get("own_chance"))
    return [*section, ""] if len(section) > 2 else []


def _own_chance(own: Entry | None) -> list[str]:
    if own is None:
        return []
    return [
        f"- Schools that look alike differ: of those with a forecast of {own['at']:.0%}, nine in ten have a chance "
        f"of their own between {own['low']:.0%} and {own['high']:.0%} (standard deviation {own['sd']:.2f} of the "
        "log odds, learnt from how often a grade below good repeats). The range of a school in the lists does not "
        "hold this."
    ]
