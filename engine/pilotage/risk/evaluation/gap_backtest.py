"""Back-tests of the gap: what was forecast of its change, and what was published later.

Two kinds of fold. ``as_of <day>``: the forecast that would have been made on the day, from what was known by then, of
what was published later. ``authorities <n>``: a transition learnt in all other authorities, from what was published
later too; it shows how far schools' own facts go, not what could have been known on the day, and its name says so.

What is seen is a change of *published* gaps, so the forecast of it has the error of both cohorts; a forecast of the
underlying change (what a run shows) has not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain.outcomes import OUTCOMES
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import MONTHS_A_YEAR, Z_80
from pilotage.risk.estimators.bootstrap import RESAMPLES
from pilotage.risk.evaluation.gap_metrics import gap_metrics
from pilotage.risk.gap.features import WantedFeatures, gap_alone, gap_features, wanted_features
from pilotage.risk.gap.forecast import forecast_gap, observed_gaps
from pilotage.risk.gap.level import published_gaps, shrunk
from pilotage.risk.gap.pairs import Pairs, transitions
from pilotage.risk.gap.transition import authority_folds, later_gap, learn_transition
from pilotage.risk.spec.gap import GapSpec

Floats = NDArray[np.float64]
COLUMNS = (
    *("urn", "authority", "fold", "as_of", "years", "gap_now", "mean", "sd", "low80", "high80", "p", "y", "y_widens"),
    *("baseline_mean", "baseline_sd", "baseline_p"),
)
BASELINE = "gap now, shrunk"
YEARS_BACK = 3
PLACES = 6


@dataclass(frozen=True)
class GapTest:
    """Predictions (``COLUMNS``, gaps in pupil SD) by fold and school, and the measures of each kind of fold.

    ``metrics`` has ``authorities`` (all its folds together), and one entry for each ``as_of`` fold; ``notes`` says in
    plain sentences what each is.
    """

    predictions: pd.DataFrame
    metrics: dict[str, Any]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class LaterGap:
    """A normal forecast of the later published gap, in pupil SD: mean and spread, shape (rows,)."""

    mean: Floats
    sd: Floats


def evaluate_gap(
    panel: SchoolPanel, scenario: Scenario, spec: GapSpec, seed: int, resamples: int = RESAMPLES
) -> GapTest | None:
    """Return the back-test of a scenario's gap; None where no school has a gap published after a forecast."""
    horizons = {str(name): outcome.horizon_months for name, outcome in scenario.outcomes.items()}
    months = horizons.get(spec.outcome, OUTCOMES[spec.outcome].horizon_months)
    parts = [*_in_time(panel, spec, months, seed), *_by_authority(panel, spec, months, seed)]
    if not parts:
        return None
    predictions = pd.concat(parts, ignore_index=True).round(
        {name: PLACES for name in COLUMNS if name not in ("urn", "years")}
    )
    kinds = predictions["fold"].where(~predictions["fold"].str.startswith("authorities"), "authorities")
    metrics = {str(kind): gap_metrics(rows, seed, resamples) for kind, rows in predictions.groupby(kinds, sort=True)}
    return GapTest(predictions[list(COLUMNS)], metrics, _notes(predictions, metrics))


def _in_time(panel: SchoolPanel, spec: GapSpec, months: int, seed: int) -> list[pd.DataFrame]:
    """Return the folds as of the panel's day and of days whole years before it, where what came is published."""
    folds = []
    for back in range(YEARS_BACK + 1):
        day = (pd.Timestamp(panel.as_of) - pd.DateOffset(years=back)).date()
        past = replace(panel, as_of=day)
        last = observed_gaps(past, spec)["year"].max()
        years = _span(panel, last, months, exact=back > 0)
        if years is not None:
            fold = _fold_in_time(past, spec, years, seed)
            folds += [fold] if fold is not None else []
    return folds


def _span(panel: SchoolPanel, last: float, months: int, *, exact: bool) -> int | None:
    """Return the years from the last known gap to a later published one: the horizon's, or (not exact) the nearest."""
    if pd.isna(last):
        return None
    later = published_gaps(panel.results, "disadvantaged")["year"]
    spans = sorted({int(year - last) for year in later if year > last})
    fitting = [years for years in spans if not exact or years * MONTHS_A_YEAR == months]
    return min(fitting, key=lambda years: (abs(years * MONTHS_A_YEAR - months), years)) if fitting else None


def _fold_in_time(panel: SchoolPanel, spec: GapSpec, years: int, seed: int) -> pd.DataFrame | None:
    """Return what a run as of the panel's day would have said of the gaps published ``years`` after the last known."""
    gaps = forecast_gap(panel, spec, years * MONTHS_A_YEAR, seed)
    if not gaps.state.available:
        return None
    rows = _published_later(panel, spec, years)
    rows = rows[rows["urn"].isin(gaps.table.index)].reset_index(drop=True)
    if rows.empty:
        return None
    month, table = spec.conversion.sd_per_month, gaps.table.loc[rows["urn"]]
    error, later_error = _errors(rows, spec)
    mean = (table["gap_months"] + table["gap_change_months"]).to_numpy(float) * month
    sd = np.sqrt((table["later_sd_months"].to_numpy(float) * month) ** 2 + later_error)
    level, level_error = _shrunk_alone(rows["gap"].to_numpy(float), error)
    spread = float(np.mean((table["gap_change_sd_months"].to_numpy(float) * month) ** 2))
    unchanged = LaterGap(level, np.sqrt(level_error + spread + later_error))
    named = rows.assign(fold=f"as_of {panel.as_of}", as_of=panel.as_of.isoformat(), years=years, end=rows["gap_end"])
    return _predictions(named, panel, LaterGap(mean, sd), unchanged, spec)


def _published_later(panel: SchoolPanel, spec: GapSpec, years: int) -> pd.DataFrame:
    """Return each school's last gap known on the panel's day, beside that published since of ``years`` later."""
    now = observed_gaps(panel, spec).sort_values("year").drop_duplicates("urn", keep="last")
    later = published_gaps(panel.results, "disadvantaged")
    later = later[later["known_on"] > pd.Timestamp(panel.as_of)].assign(year=later["year"] - years)
    columns = ["urn", "key_stage", "year", "gap", "pupils"]
    return now.merge(later[columns], on=["urn", "key_stage", "year"], suffixes=("", "_end"))


def _errors(rows: pd.DataFrame, spec: GapSpec) -> tuple[Floats, Floats]:
    """Return the error variances of the published gaps of both years."""
    variance = spec.pupil_sd**2
    return variance / rows["pupils"].to_numpy(float), variance / rows["pupils_end"].to_numpy(float)


def _shrunk_alone(gap: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the gap now shrunk to the mean school, and its variance."""
    levels = shrunk(gap, variance, np.zeros((len(gap), 0)))
    return levels.mean, levels.variance


def _by_authority(panel: SchoolPanel, spec: GapSpec, months: int, seed: int) -> list[pd.DataFrame]:
    """Return the folds of held-out authorities, where schools have too few years for a trend of their own."""
    years = published_gaps(panel.results, "disadvantaged").groupby("urn")["year"].nunique()
    if years.empty or years.median() >= spec.transition.trend_needs_years:
        return []
    pairs = transitions(panel, spec, "disadvantaged", months / MONTHS_A_YEAR, None)
    if pairs.rows.empty or pairs.rows["authority"].nunique() < spec.transition.folds:
        return []
    wanted = wanted_features(spec.transition, "disadvantaged")
    frame, levels_alone = gap_features(panel, pairs.rows, wanted), replace(pairs, rows=_levels_alone(pairs.rows))
    frame_alone = gap_features(panel, levels_alone.rows, gap_alone())
    fold = authority_folds(pairs.rows["authority"].to_numpy(dtype=object), spec.transition.folds, seed)
    folds = []
    for number in range(spec.transition.folds):
        test = fold == number
        forecast = _held_out(frame, pairs, wanted, test, spec, seed)
        baseline = _held_out(frame_alone, levels_alone, gap_alone(), test, spec, seed)
        rows = pairs.rows[test].reset_index(drop=True)
        named = rows.assign(
            fold=f"authorities {number + 1}",
            as_of=rows["on"].dt.date.astype(str),
            years=pairs.years,
            end=rows["later_gap"],
        )
        folds.append(_predictions(named, panel, forecast, baseline, spec))
    return folds


def _levels_alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Return pairs whose level is the gap alone, shrunk to the mean school."""
    level, variance = _shrunk_alone(rows["gap"].to_numpy(float), rows["variance"].to_numpy(float))
    return rows.assign(level=level - level.mean(), level_variance=variance, centre=level.mean())


def _held_out(
    frame: pd.DataFrame,
    pairs: Pairs,
    wanted: WantedFeatures,
    test: NDArray[np.bool_],
    spec: GapSpec,
    seed: int,
) -> LaterGap:
    """Return the forecast of the later published gap of the rows held out."""
    rest = replace(pairs, rows=pairs.rows[~test].reset_index(drop=True))
    few = spec.model_copy(update={"resamples": 2})  # the draws are of no use here
    model = learn_transition(frame[~test].reset_index(drop=True), rest, wanted, few, seed)
    held = pairs.rows[test].reset_index(drop=True)
    mean, variance = later_gap(model, frame[test].reset_index(drop=True), held)
    return LaterGap(mean, np.sqrt(variance + held["later_variance"].to_numpy(float)))


def _predictions(
    rows: pd.DataFrame, panel: SchoolPanel, forecast: LaterGap, baseline: LaterGap, spec: GapSpec
) -> pd.DataFrame:
    """Return predictions of the change of the published gap, and what came."""
    from scipy.stats import norm  # slow to load, and not needed where a plan is made

    now, wide = rows["gap"].to_numpy(float), spec.widens_by_months * spec.conversion.sd_per_month
    y = rows["end"].to_numpy(float) - now
    places = panel.schools.set_index("urn")["authority"]
    return rows.assign(
        authority=rows["urn"].map(places).fillna("not known"),
        gap_now=now,
        mean=forecast.mean - now,
        sd=forecast.sd,
        low80=forecast.mean - now - Z_80 * forecast.sd,
        high80=forecast.mean - now + Z_80 * forecast.sd,
        p=norm.sf((wide + now - forecast.mean) / forecast.sd),
        y=y,
        y_widens=(y > wide).astype(float),
        baseline_mean=baseline.mean - now,
        baseline_sd=baseline.sd,
        baseline_p=norm.sf((wide + now - baseline.mean) / baseline.sd),
    )[list(COLUMNS)]


def _notes(predictions: pd.DataFrame, metrics: dict[str, Any]) -> tuple[str, ...]:
    """Return a sentence for each kind of fold: what it rests on, and how it stands against the baseline."""
    return tuple(
        _note(kind, measures, int(predictions.loc[predictions["fold"].str.startswith(kind), "years"].max()))
        for kind, measures in metrics.items()
    )


def _note(kind: str, measures: dict[str, Any], years: int) -> str:
    gain, score, baseline = measures["crps_gain"], measures["crps"]["value"], measures["crps_baseline"]["value"]
    better = "better than" if gain["low"] > 0 else "worse than" if gain["high"] < 0 else "not told apart from"
    how = (
        "learnt in the other authorities, from what was published later too"
        if kind == "authorities"
        else "from what was known on the day"
    )
    return (
        f"{kind} ({how}; {measures['schools']:,} schools, {years} years): by the continuous ranked probability score "
        f"{better} {BASELINE!r} ({score:.4f} against {baseline:.4f} SD; "
        f"gain {gain['value']:.4f}, 95% {gain['low']:.4f} to {gain['high']:.4f}); 80% intervals held "
        f"{measures['coverage_80']['value']:.1%}."
    )
