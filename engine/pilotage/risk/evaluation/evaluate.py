"""The back-test of a scenario: every outcome, every fold, measured beside named baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd

from pilotage.assets import Store
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.evaluation import PREDICTION_COLUMNS, Evaluation
from pilotage.domain.inputs import checksums
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.errors import DataError, Problem, raise_all
from pilotage.risk.estimators.bootstrap import LEVEL, RESAMPLES
from pilotage.risk.estimators.heterogeneity import EXAMPLE, interval_at
from pilotage.risk.evaluation.backtest import BY_REGION, IF_INSPECTED, WITHIN, Tested, Trainer, by_region, temporal
from pilotage.risk.evaluation.fairness import group_table
from pilotage.risk.evaluation.figures import rounded
from pilotage.risk.evaluation.folds import (
    RARE,
    AsOf,
    Fold,
    at_day,
    derived_folds,
    last_known,
    past_the_data,
    spec_folds,
)
from pilotage.risk.evaluation.gap_evaluate import gap_tests
from pilotage.risk.evaluation.measures import measured
from pilotage.risk.evaluation.stability import between_folds, between_resamples
from pilotage.risk.leadership.training import training_pairs
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec, spec_hash

KnownAt = Callable[[date], AsOf]
KINDS = (IF_INSPECTED, WITHIN, BY_REGION)


def evaluate(
    known_at: KnownAt,
    scenario: Scenario,
    *,
    specs: dict[str, Spec],
    store: Store,
    say: Callable[[str], None],
) -> Evaluation:
    """Return the back-test of every outcome of a scenario.

    Parameters
    ----------
    known_at
        Gives what is known as of a day: each fold sees the schools of its own day, and tests those in scope.

    Raises
    ------
    DataError
        For every fold that a spec names and that cannot be tested; when no fold at all can be.
    """
    outcomes: dict[str, Any] = {}
    predictions: list[pd.DataFrame] = []
    for name in sorted(str(outcome) for outcome in scenario.outcomes):
        spec = specs[name]
        say(f"Testing {name}")
        if isinstance(spec, LeadershipSpec):
            trainer = Trainer(spec, scenario.solver.seed, store, say)
            outcomes[name], rows = _leadership(known_at, scenario, trainer)
        else:
            tests, rows = gap_tests(known_at(scenario.as_of).panel, scenario, spec, RESAMPLES, LEVEL)
            outcomes[name] = _about(spec) | tests
        predictions += rows
    _expect_some(outcomes, scenario)
    panel = known_at(scenario.as_of).panel
    table = pd.concat(predictions, ignore_index=True)[list(PREDICTION_COLUMNS)]
    table = table.sort_values(["outcome", "fold", "urn"], kind="stable").reset_index(drop=True)
    return Evaluation(scenario.name, _metrics(panel, scenario, outcomes), table.astype({"y": "int64"}))


def _metrics(panel: SchoolPanel, scenario: Scenario, outcomes: dict[str, Any]) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "as_of": scenario.as_of.isoformat(),
        "synthetic": panel.synthetic,
        "grade_proxy": panel.grade_proxy,
        "last_known": last_known(panel).isoformat(),
        "intervals": {"level": LEVEL, "resamples": RESAMPLES, "by": "school", "seed": scenario.solver.seed},
        "notes": list(panel.notes),
        "inputs": checksums(panel.inputs),
        "outcomes": outcomes,
    }


def _expect_some(outcomes: dict[str, Any], scenario: Scenario) -> None:
    if not any(entry["available"] for entry in outcomes.values()):
        why = "; ".join(f"{name}: {entry['why']}" for name, entry in outcomes.items()) or "no outcome has a back-test"
        untested = f"no fold can be tested as of {scenario.as_of} ({why})"
        raise DataError(Problem("outcomes", untested, "at least one fold", "choose a later as_of, or bring more data"))


def _leadership(known_at: KnownAt, scenario: Scenario, trainer: Trainer) -> tuple[dict[str, Any], list[pd.DataFrame]]:
    """Return what the tests of a leadership outcome say, and their predictions."""
    spec = trainer.spec
    folds, left_out = _folds(known_at(scenario.as_of).panel, scenario, spec)
    tests: list[Tested] = []
    problems: list[Problem] = []
    named = bool(spec_folds(spec, scenario.name))
    for fold in folds:
        fold_tests = _run(known_at, scenario.as_of, trainer, fold, left_out, named=named)
        untestable = [problem for test in fold_tests for problem in _untestable(test, spec)]
        problems += untestable if named else []
        left_out += [] if named else [problem.what for problem in untestable]
        tests += [test for test in fold_tests if not _untestable(test, spec) and not _tested_before(test, tests)]
    raise_all(DataError, problems)
    entry = _about(spec) | {"left_out": left_out, "available": bool(tests)}
    if not tests:
        return entry | {"why": "; ".join(left_out) or "no fold fits the data", "tests": {}}, []
    by_kind = {kind: [test for test in tests if test.kind == kind] for kind in KINDS}
    results = {kind: _kind(kind, same, scenario.solver.seed) for kind, same in by_kind.items() if same}
    return entry | {"why": "", "tests": results}, [test.rows.assign(outcome=spec.outcome) for test in tests]


def _tested_before(test: Tested, before: list[Tested]) -> bool:
    """Return whether a fold before tested the same inspections, so that they would count twice."""
    return any(past.kind == test.kind and past.fold.overlaps(test.fold) for past in before)


def _run(
    known_at: KnownAt, listed: date, trainer: Trainer, fold: Fold, left_out: list[str], *, named: bool
) -> tuple[Tested, ...]:
    """Return the tests of a fold; a derived fold whose day the files do not reach is left out, and named.

    Parameters
    ----------
    listed
        The scenario's date, whose list of schools some folds read.
    """
    try:
        of_list = fold.schools_of == "scenario_day"
        known = at_day(known_at(listed), fold.as_of) if of_list else known_at(fold.as_of)
    except DataError as error:
        if named:
            raise
        left_out.append(f"the fold {fold.name}: {error.problems[0].what}")
        return ()
    if fold.kind == "held_out_region":
        return by_region(known, trainer, fold) if trainer.spec.population == "good_or_better" else ()
    return temporal(known, trainer, fold)


def _folds(panel: SchoolPanel, scenario: Scenario, spec: LeadershipSpec) -> tuple[list[Fold], list[str]]:
    """Return the folds that a spec names for the scenario, all of which must hold, or those that the data allow."""
    where = f"models/{spec.outcome}/spec.yaml, folds"
    named = spec_folds(spec, scenario.name)
    raise_all(DataError, (bad for fold in named for bad in [past_the_data(fold, panel, where)] if bad is not None))
    short = {fold: _short(panel, spec, fold) for fold in named or derived_folds(panel)}
    if named:
        raise_all(DataError, (Problem(where, why, "", "choose a later day") for why in short.values() if why))
    return [fold for fold, why in short.items() if not why], [why for why in short.values() if why]


def _short(panel: SchoolPanel, spec: LeadershipSpec, fold: Fold) -> str:
    """Return why a fold has too little to be trained on; empty where it has enough."""
    by = fold.tested_to if fold.kind == "held_out_region" else fold.as_of
    pairs = training_pairs(panel, spec, pd.Timestamp(by))
    rare = int(min((pairs["after"] >= BELOW_GOOD).sum(), (pairs["after"] < BELOW_GOOD).sum()))
    if len(pairs) < spec.smallest_training:
        return f"the fold {fold.name} has {len(pairs):,} pairs to train on, under {spec.smallest_training:,}"
    few = spec.calibration.folds * 5
    return f"the fold {fold.name} has {rare} of the rarer outcome to train on, under {few}" if rare < few else ""


def _untestable(test: Tested, spec: LeadershipSpec) -> list[Problem]:
    """Return the problem of a fold that has one class only, or a forecast that could not be made."""
    rows, where = test.rows, f"models/{spec.outcome}/spec.yaml, folds"
    hits = int(rows["y"].sum())
    if min(hits, len(rows) - hits) < RARE:
        too_few = f"{test.name}: {hits} of {len(rows):,} tested schools fell: nothing to tell apart"
        return [Problem(where, too_few, f"at least {RARE} of each", "widen the window, or choose another day")]
    if rows["p"].isna().any():
        unknown = f"{test.name}: no chance of inspection can be learnt from its data"
        return [Problem(where, unknown, "twelve months of data before the day", "choose a later day")]
    return []


def _about(spec: Spec) -> dict[str, Any]:
    """Return what a spec says of itself, and its hash: a figure is traced to the spec that made it."""
    about = {"label": spec.label, "population": spec.population, "spec": spec_hash(spec)}
    if not isinstance(spec, LeadershipSpec):
        return about | {"features": list(spec.transition.features)}
    earlier_pairs = spec.earlier_pairs.model_dump(mode="json") if spec.earlier_pairs else None
    return about | {"features": list(spec.features), "earlier_pairs": earlier_pairs}


def _kind(kind: str, tests: list[Tested], seed: int) -> dict[str, Any]:
    """Return all folds of one kind measured together, each fold on its own, and how firm the order is."""
    rows = pd.concat([test.rows for test in tests], ignore_index=True)
    together = measured(rows, RESAMPLES, seed, LEVEL)
    apart = [together] if len(tests) == 1 else [measured(test.rows, RESAMPLES, seed, LEVEL) for test in tests]
    return {
        **together,
        "groups": group_table(rows, RESAMPLES, seed, LEVEL),
        "folds": [_fold(test, part) for test, part in zip(tests, apart, strict=True)],
        "own_chance": _own_chance(tests[-1].heterogeneity),
        "stability": {
            "between_resamples": _resample_stability(tests),
            "between_folds": between_folds([test.rows for test in tests]) if kind != "if_inspected" else [],
        },
    }


def _own_chance(spread: float | None) -> dict[str, float | None] | None:
    """Return how far schools that look the same differ, and what that makes of a forecast; None where not known."""
    if spread is None:
        return None
    low, high = interval_at(EXAMPLE, spread)
    return {"sd": rounded(spread), "at": EXAMPLE, "low": rounded(low), "high": rounded(high)}


def _resample_stability(tests: Iterable[Tested]) -> dict[str, float | None]:
    """Return the mean over folds of the agreement between the resamples of a model."""
    agreement = pd.DataFrame([between_resamples(test.draws) for test in tests]).astype(float)
    return {str(name): rounded(float(value)) for name, value in agreement.mean().items()}


def _fold(test: Tested, measures: dict[str, Any]) -> dict[str, Any]:
    """Return one fold: its dates, its training, and its main measures; the drift by year is read down the folds."""
    baselines = {name: {"better_by": compared["better_by"]["auc"]} for name, compared in measures["baselines"].items()}
    return {
        "fold": test.name,
        "kind": test.fold.kind,
        "as_of": test.fold.as_of.isoformat(),
        "tested_from": test.fold.tested_from.isoformat(),
        "tested_to": test.fold.tested_to.isoformat(),
        "trained_on": test.trained_on,
        "trained_base_rate": rounded(test.trained_base_rate),
        "earlier_pairs": test.earlier_pairs,
        **{name: measures[name] for name in ("n", "positives", "metrics")},
        "calibration": {name: value for name, value in measures["calibration"].items() if name != "curve"},
        "auc_better_than": baselines,
    }
