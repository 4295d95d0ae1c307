"""The model card of one outcome in one scenario: Markdown, from the metrics alone; no figure is typed by hand."""

from __future__ import annotations

from typing import Any

from pilotage.domain.outcomes import OUTCOMES, title_of
from pilotage.report.cards.results import result_sections
from pilotage.report.cards.words import BEFORE_USE, EARLIER, MISUSE, PROXY, SURVIVORS, day, limits

Entry = dict[str, Any]


def scenario_cards(metrics: Entry) -> str:
    """Return the cards of every outcome of a scenario, one after another."""
    return "\n".join(card(metrics, outcome) for outcome in metrics["outcomes"])


def card(metrics: Entry, outcome: str) -> str:
    """Return the card of one outcome."""
    own = metrics["outcomes"][outcome]
    text = [
        f"# {title_of(outcome)}: {metrics['scenario']}",
        "",
        f"Written by `pilotage evaluate {metrics['scenario']}` from its metrics; not edited by hand.",
        "",
        *_about(metrics, own, outcome),
    ]
    if not own["available"]:
        return "\n".join([*text, "## Results", "", f"Not tested: {own['why'].rstrip('.')}.", ""])
    text += _distribution(own)
    for kind, test in own["tests"].items():
        text += result_sections(outcome, kind, test)
    return "\n".join([*text, *_limits(metrics, outcome), ""])


def _about(metrics: Entry, own: Entry, outcome: str) -> list[str]:
    spans = metrics["intervals"]
    return [
        "## Use",
        "",
        OUTCOMES[outcome].use,
        "",
        "## Misuse",
        "",
        *[f"- {misuse}" for misuse in MISUSE],
        "",
        "## Data",
        "",
        _data(metrics),
        "",
        *[f"- {note}" for note in metrics["notes"]],
        f"- Files read: {len(metrics['inputs']):,}; each with its checksum in the metrics.",
        f"- What counts as happening: {own['label']}",
        f"- Intervals hold {spans['level']:.0%} and come from {spans['resamples']:,} resamples of the schools, all "
        "rows of a school together. Differences are paired: both forecasts are measured on the same resamples.",
        *[f"- Left out: {why}." for why in own.get("left_out", [])],
        "",
    ]


def _data(metrics: Entry) -> str:
    if metrics["synthetic"]:
        return (
            "**Synthetic England: every school and grade is invented.** These results test the method; they say "
            "nothing of how well real schools can be forecast."
        )
    return f"Real English schools, official files; the last day that they tell of is {day(metrics['last_known'])}."


def _distribution(own: Entry) -> list[str]:
    """Return how good the forecast of the change itself was, of the gap; nothing for other outcomes."""
    notes = own.get("distribution_notes", [])
    return ["## Results: the change itself", "", *[f"- {note}" for note in notes], ""] if notes else []


def _limits(metrics: Entry, outcome: str) -> list[str]:
    proxied = OUTCOMES[outcome].kind == "leadership" and metrics["grade_proxy"]
    sentences = [
        *((PROXY, SURVIVORS) if proxied else ()),
        *_earlier(metrics["outcomes"][outcome]),
        *limits(OUTCOMES[outcome]),
        *([] if metrics["synthetic"] else BEFORE_USE),
    ]
    return ["## Limits", "", *[f"- {limit}" for limit in sentences]]


def _earlier(own: Entry) -> list[str]:
    """Return what is assumed of earlier pairs, with their number in each fold that has some."""
    folds = [fold for test in own["tests"].values() for fold in test["folds"] if fold.get("earlier_pairs")]
    if not folds:
        return []
    counts = ", ".join(f"{fold['earlier_pairs']:,} in {fold['fold']}" for fold in folds)
    asked = own["earlier_pairs"]
    assumed = {"days": asked["published_after_days"], "weight": asked["weight"], "starts": day(asked["starts"])}
    return [EARLIER.format(**assumed, counts=counts)]
