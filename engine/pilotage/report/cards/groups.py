"""The section of a card on groups of schools: false alarms, misses, and differences beyond luck."""

from __future__ import annotations

from typing import Any

from pilotage.report.cards.words import figure, ranged
from pilotage.report.words import DASH

GROUPINGS = {
    "phase": "Phase",
    "region": "Region",
    "idaci_fifth": "Fifth by income deprivation of children (IDACI)",
    "fsm_fifth": "Fifth by free school meals",
    "size_fifth": "Fifth by number of pupils",
    "school_type": "Type of school",
}
Entry = dict[str, Any]


def groups(test: Entry) -> list[str]:
    """Return the section on groups of schools, in Markdown."""
    section = [
        "### By group",
        "",
        "Flagged: the fifth of tested schools with the highest forecast. False alarms: the share flagged of those to "
        "which it did not happen. Missed: the share not flagged of those to which it did. \\* differs from the other "
        "schools (area under the curve: from all) by more than luck explains, after correction for the number of "
        "comparisons (Benjamini and Hochberg, 5%).",
        "",
    ]
    for grouping, title in GROUPINGS.items():
        own = [entry for entry in test["groups"] if entry["grouping"] == grouping]
        if own:
            head = (
                f"| {title} | rows | happened | share | mean forecast | area under the curve | false alarms | missed |"
            )
            section += [head, "|---|---|---|---|---|---|---|---|", *(_group(entry) for entry in own), ""]
    return section


def _group(entry: Entry) -> str:
    start = f"| {entry['group']} | {entry['n']:,} | {entry['positives']:,} "
    if entry["rates"] is None:
        return f"{start}| too few | {DASH} | {DASH} | {DASH} | {DASH} |"
    rates, tests = entry["rates"], entry["differences"]
    return (
        f"{start}| {figure(rates['base_rate'], 'share')} "
        f"| {figure(rates['mean_forecast'], 'share')}{_star(tests['drift'])} "
        f"| {ranged(rates['auc'], 'number')}{_star(tests['auc'])} "
        f"| {ranged(rates['false_positive_rate'], 'share')}{_star(tests['false_positive_rate'])} "
        f"| {ranged(rates['false_negative_rate'], 'share')}{_star(tests['false_negative_rate'])} |"
    )


def _star(test: Entry) -> str:
    return " \\*" if test["significant"] else ""
