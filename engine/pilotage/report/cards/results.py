"""The sections of a card on one test: how good the forecast was, fold by fold, and beside simpler ways."""

from __future__ import annotations

from typing import Any

from pilotage.report.cards.groups import groups
from pilotage.report.cards.stability import stability
from pilotage.report.cards.words import METRIC_WORDS, day, figure, ranged, signed, test_title
from pilotage.report.words import DASH, plural

SHOWN = ("auc", "average_precision", "brier", "brier_skill", "log_loss", "log_loss_without_drift")
CUTS = ("5", "10", "20")
Entry = dict[str, Any]


def result_sections(outcome: str, kind: str, test: Entry) -> list[str]:
    """Return the sections of one test of an outcome, in Markdown."""
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
        *groups(test),
        *stability(test),
    ]


def _verdict(test: Entry) -> str:
    """Return in plain words how good it is, and what it does not beat."""
    values = test["metrics"]
    beaten = {baseline["label"]: baseline["beaten"]["auc"] for baseline in test["baselines"].values()}
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
        f"| {baseline['label']} | {figure(baseline['metrics']['auc'], 'number')} | "
        + " | ".join(signed(baseline["better_by"][name], won=baseline["beaten"][name]) for name in names)
        + " |"
        for baseline in test["baselines"].values()
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
    error, drift = test["calibration"], test["metrics"]["drift"]
    recentred = error["recentred"]
    rows = [
        f"| {point['n']:,} | {figure(point['mean_forecast'], 'share')} | {ranged(point['happened'], 'share')} |"
        for point in error["curve"]
    ]
    return [
        "### Calibration",
        "",
        f"- Drift of the base rate: the mean forecast less the share that happened is "
        f"{ranged(drift, 'points')} points.",
        f"- Calibration error {error['error']:.3f}; a perfect forecast of the same size would show "
        f"{_perfect(error)}. {_as_large(error)}",
        f"- With the drift taken out (all forecasts moved by one amount): {recentred['error']:.3f}; a perfect forecast "
        f"{_perfect(recentred)}. {_as_large(recentred)}",
        *_slope(test["metrics"]),
        "",
        "| schools | mean forecast | happened (95%) |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _slope(values: Entry) -> list[str]:
    """Return the calibration slope and intercept; nothing of metrics from before they were measured."""
    if "calibration_slope" not in values:
        return []
    slope, intercept = ranged(values["calibration_slope"], "number"), ranged(values["calibration_intercept"], "number")
    return [
        f"- Calibration slope {slope}, intercept {intercept}: of the outcome's log-odds on the "
        "forecast's. A perfect forecast has 1 and 0; under 1, forecasts lie too far apart."
    ]


def _perfect(error: Entry) -> str:
    span = error["error_of_perfect"]
    return f"{span['mean']:.3f} ({span['low']:.3f} to {span['high']:.3f})"


def _as_large(error: Entry) -> str:
    share = error["share_of_perfect_as_large"]
    verdict = "no sign of bad calibration" if share >= 0.05 else "**worse than luck explains**"
    return f"{share:.0%} of perfect forecasts look as bad or worse: {verdict}."
