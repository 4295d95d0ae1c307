"""The model card of one outcome in one scenario: Markdown, from the metrics alone; no figure is typed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from pilotage.domain.outcomes import OUTCOMES, title_of
from pilotage.report.cards.words import (
    BEFORE_USE,
    EARLIER,
    METRIC_WORDS,
    MISUSE,
    PROXY,
    SURVIVORS,
    figure,
    limits,
    ranged,
    signed,
    test_title,
)
from pilotage.report.words import DASH, plural

SHOWN = ("auc", "average_precision", "brier", "brier_skill", "log_loss", "log_loss_without_drift")
CUTS = ("5", "10", "20")
GROUPINGS = {
    "phase": "Phase",
    "region": "Region",
    "fsm_fifth": "Fifth by free school meals",
    "size_fifth": "Fifth by number of pupils",
    "school_type": "Type of school",
}
Entry = dict[str, Any]


def scenario_cards(metrics: Entry) -> str:
    """Return the cards of every outcome of a scenario, one after another."""
    return "\n".join(card(metrics, outcome) for outcome in metrics["outcomes"])


def card(metrics: Entry, outcome: str) -> str:
    """Return the card of one outcome."""
    own = metrics["outcomes"][outcome]
    lines = [
        f"# {title_of(outcome)}: {metrics['scenario']}",
        "",
        f"Written by `pilotage evaluate {metrics['scenario']}` from its metrics; not edited by hand.",
        "",
        *_about(metrics, own, outcome),
    ]
    if not own["available"]:
        return "\n".join([*lines, "## Results", "", f"Not tested: {own['why'].rstrip('.')}.", ""])
    lines += _distribution(own)
    for kind, test in own["tests"].items():
        lines += _test(outcome, kind, test)
    return "\n".join([*lines, *_limits(metrics, outcome), ""])


def _about(metrics: Entry, own: Entry, outcome: str) -> list[str]:
    spans = metrics["intervals"]
    return [
        "## Use",
        "",
        OUTCOMES[outcome].use,
        "",
        "## Misuse",
        "",
        *[f"- {line}" for line in MISUSE],
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


def _test(outcome: str, kind: str, test: Entry) -> list[str]:
    return [
        f"## Results: {test_title(outcome, kind)}",
        "",
        _verdict(test),
        "",
        *_folds(test),
        *_measures(test),
        *_cuts(test),
        *_baselines(test),
        *_calibration(test),
        *_groups(test),
        *_stability(test),
    ]


def _distribution(own: Entry) -> list[str]:
    """Return how good the forecast of the change itself was, of the gap; nothing for other outcomes."""
    notes = own.get("distribution_notes", [])
    return ["## Results: the change itself", "", *[f"- {note}" for note in notes], ""] if notes else []


def _verdict(test: Entry) -> str:
    """Return in plain words how good it is, and what it does not beat."""
    values = test["metrics"]
    beaten = {one["label"]: one["beaten"]["auc"] for one in test["baselines"].values()}
    lost = [label for label, won in beaten.items() if not won]
    words = (
        f"{plural(test['n'], 'forecast')} tested; it happened to {figure(values['base_rate'], 'share')}. Of two "
        "schools, one to which it happened and one to which it did not, the forecast puts the right one higher "
        f"{figure(values['auc'], 'share')} of the time ({ranged(values['auc'], 'share', bare=True)}; a coin 50%)."
    )
    if not lost:
        return f"{words} It orders schools better than every baseline below, each by a paired interval above zero."
    return f"{words} **Not shown to order schools better than: {', '.join(lost)}.**"


def _folds(test: Entry) -> list[str]:
    rows = [
        "| fold | forecast as of | tested | training rows | share in training | tested rows | share that happened "
        "| mean forecast | area under the curve | calibration error (of a perfect forecast) |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_fold(fold) if "metrics" in fold else _plain_fold(fold) for fold in test["folds"]),
    ]
    return ["### Folds and drift", "", *rows, ""]


def _fold(fold: Entry) -> str:
    values, drawn = fold["metrics"], fold["calibration"]
    return (
        f"| {fold['fold']} | {day(fold['as_of'])} | {day(fold['tested_from'])} to {day(fold['tested_to'])} "
        f"| {fold['trained_on']:,} | {fold['trained_base_rate']:.0%} | {fold['n']:,} "
        f"| {ranged(values['base_rate'], 'share')} | {figure(values['mean_forecast'], 'share')} "
        f"| {ranged(values['auc'], 'number')} | {drawn['error']:.3f} ({drawn['error_of_perfect']['mean']:.3f}) |"
    )


def _plain_fold(fold: Entry) -> str:
    """Return a fold whose measures are those of all folds of its kind together."""
    share, mean = figure(fold["positives"] / fold["n"], "share"), figure(fold["mean_forecast"], "share")
    blank = f"| {DASH} "
    return f"| {fold['fold']} | {day(fold['as_of'])} {blank * 3}| {fold['n']:,} | {share} | {mean} {blank * 2}|"


def _measures(test: Entry) -> list[str]:
    rows = [f"| {METRIC_WORDS[name]} | {ranged(test['metrics'][name], 'number')} |" for name in SHOWN]
    return ["### Measures", "", "| measure | value |", "|---|---|", *rows, ""]


def _cuts(test: Entry) -> list[str]:
    values = test["metrics"]
    rows = [
        f"| {cut}% | {ranged(values[f'precision_at_{cut}'], 'share')} | {figure(values['base_rate'], 'share')} "
        f"| {ranged(values[f'recall_at_{cut}'], 'share')} | {figure(values[f'recall_ceiling_at_{cut}'], 'share')} "
        f"| {ranged(values[f'lift_at_{cut}'], 'number')} |"
        for cut in CUTS
    ]
    return [
        "### The schools at highest risk",
        "",
        "| highest | of them it happened to | base rate | share of all cases found | most that could be found | lift |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "The most that could be found is the cut divided by the base rate: the top tenth cannot hold more.",
        "",
    ]


def _baselines(test: Entry) -> list[str]:
    names = ("auc", "average_precision", "precision_at_10", "recall_at_20", "log_loss_without_drift")
    head = "| baseline | its area under the curve | " + " | ".join(f"better by: {METRIC_WORDS[name]}" for name in names)
    rows = [
        f"| {one['label']} | {figure(one['metrics']['auc'], 'number')} | "
        + " | ".join(signed(one["better_by"][name], won=one["beaten"][name]) for name in names)
        + " |"
        for one in test["baselines"].values()
    ]
    return [
        "### Beside simpler ways",
        "",
        f"{head} |",
        "|" + "---|" * (len(names) + 2),
        *rows,
        "",
        "Above zero the forecast is better. **Not beaten** marks an interval that reaches zero or below.",
        "",
    ]


def _calibration(test: Entry) -> list[str]:
    found, drift = test["calibration"], test["metrics"]["drift"]
    moved = found["recentred"]
    rows = [
        f"| {point['n']:,} | {figure(point['mean_forecast'], 'share')} | {ranged(point['happened'], 'share')} |"
        for point in found["curve"]
    ]
    return [
        "### Calibration",
        "",
        f"- Drift of the base rate: the mean forecast less the share that happened is "
        f"{ranged(drift, 'points')} points.",
        f"- Calibration error {found['error']:.3f}; a perfect forecast of the same size would show "
        f"{_perfect(found)}. {_as_large(found)}",
        f"- With the drift taken out (all forecasts moved by one amount): {moved['error']:.3f}; a perfect forecast "
        f"{_perfect(moved)}. {_as_large(moved)}",
        "",
        "| schools | mean forecast | happened (95%) |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _perfect(found: Entry) -> str:
    span = found["error_of_perfect"]
    return f"{span['mean']:.3f} ({span['low']:.3f} to {span['high']:.3f})"


def _as_large(found: Entry) -> str:
    share = found["share_of_perfect_as_large"]
    verdict = "no sign of bad calibration" if share >= 0.05 else "**worse than luck explains**"
    return f"{share:.0%} of perfect forecasts look as bad or worse: {verdict}."


def _groups(test: Entry) -> list[str]:
    lines = [
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
            lines += [head, "|---|---|---|---|---|---|---|---|", *(_group(entry) for entry in own), ""]
    return lines


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


def _stability(test: Entry) -> list[str]:
    firm = test["stability"]
    inside = firm["between_resamples"]
    lines = ["### How firm the order is", ""]
    if inside["spearman"] is not None:
        lines.append(
            f"- Two resamples of one model: rank correlation {inside['spearman']:.2f}; their top tenths share "
            f"{inside['top_tenth_shared']:.0%} of their schools."
        )
    lines += [
        f"- {pair['from']} and {pair['to']}, {plural(pair['schools'], 'school')} in both: rank correlation "
        f"{pair['spearman']:.2f}; their top tenths share {pair['top_tenth_shared']:.0%}."
        for pair in firm["between_folds"]
        if pair["spearman"] is not None
    ]
    lines += _own_chance(test.get("own_chance"))
    return [*lines, ""] if len(lines) > 2 else []


def _own_chance(found: Entry | None) -> list[str]:
    if found is None:
        return []
    return [
        f"- Schools that look alike differ: of those with a forecast of {found['at']:.0%}, nine in ten have a chance "
        f"of their own between {found['low']:.0%} and {found['high']:.0%} (standard deviation {found['sd']:.2f} of the "
        "log odds, learnt from how often a grade below good repeats). The interval of each school holds this."
    ]


def _limits(metrics: Entry, outcome: str) -> list[str]:
    proxied = OUTCOMES[outcome].kind == "leadership" and metrics["grade_proxy"]
    lines = [
        *((PROXY, SURVIVORS) if proxied else ()),
        *_earlier(metrics["outcomes"][outcome]),
        *limits(OUTCOMES[outcome]),
        *([] if metrics["synthetic"] else BEFORE_USE),
    ]
    return ["## Limits", "", *[f"- {line}" for line in lines]]


def _earlier(own: Entry) -> list[str]:
    """Return what is assumed of earlier pairs, with their number in each fold that has some."""
    folds = [fold for test in own["tests"].values() for fold in test["folds"] if fold.get("earlier_pairs")]
    if not folds:
        return []
    counts = ", ".join(f"{fold['earlier_pairs']:,} in {fold['fold']}" for fold in folds)
    asked = own["earlier_pairs"]
    told = {"days": asked["published_after_days"], "weight": asked["weight"], "starts": day(asked["starts"])}
    return [EARLIER.format(**told, counts=counts)]


def day(iso: str) -> str:
    """Return a date as ``30 April 2014``."""
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%B %Y}"
