"""How well forecasts like a run's did: the figures of the nearest back-test, from ``models/<outcome>/metrics``."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pilotage.case.case import Case
from pilotage.domain.findings.accuracy import Accuracy, Difference, OutcomeAccuracy, Share
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.frameworks import REPORT_CARDS
from pilotage.domain.outcomes import OUTCOMES, Kind
from pilotage.errors import DataError, Problem
from pilotage.risk.evaluation.backtest import IF_INSPECTED
from pilotage.risk.evaluation.gap_evaluate import BY_AUTHORITY, IN_TIME

Json = dict[str, Any]
TESTS: dict[Kind, tuple[str, ...]] = {"leadership": (IF_INSPECTED,), "gap": (IN_TIME, BY_AUTHORITY)}  # best first


@dataclass(frozen=True)
class Kinds:
    """What schools and forecasts can differ in: of a run, or of a back-test."""

    as_of: date
    synthetic: bool
    grade_proxy: str | None
    phases: frozenset[str]


def measured_accuracy(case: Case, forecast: RiskForecast, models: Path) -> Accuracy:
    """Return the nearest back-test of each outcome that could be forecast.

    Nearest is: of the same source of data (invented or real schools), then of the nearest date, then of the same scale
    and the same grade.

    Parameters
    ----------
    models
        The folder that holds ``<outcome>/metrics/<scenario>.json``.

    Raises
    ------
    DataError
        Where a file of metrics cannot be read.
    """
    schools = case.panel.schools
    phases = frozenset(schools.loc[schools["urn"].isin(case.urns), "phase"].dropna())
    run = Kinds(case.panel.as_of, case.panel.synthetic, case.panel.grade_proxy, phases)
    names = [name for name in OUTCOMES if name in forecast.outcomes and forecast.outcomes[name].available]
    nearest = (_nearest(models / name / "metrics", name, run) for name in names)
    return Accuracy(tuple(tested for tested in nearest if tested is not None))


def _nearest(folder: Path, outcome: str, run: Kinds) -> OutcomeAccuracy | None:
    """Return what the nearest back-test of an outcome found; None where no back-test has it."""
    backtests = [_read(path, outcome) for path in sorted(folder.glob("*.json"))]
    found = [backtest for backtest in backtests if backtest is not None]
    if not found:
        return None
    kind = OUTCOMES[outcome].kind
    nearest = min(found, key=lambda backtest: _far(backtest[0], run, kind))
    return replace(nearest[1], differs=_differs(nearest[0], run, kind))


def _far(own: Kinds, run: Kinds, kind: Kind) -> tuple[bool, int, bool, bool]:
    """Return how far a back-test is from a run, in the order of what counts; of equals the first by name is taken."""
    differs = _differs(own, run, kind)
    days = abs((own.as_of - run.as_of).days)
    return Difference.SCHOOLS in differs, days, Difference.SCALE in differs, Difference.GRADE in differs


def _read(path: Path, outcome: str) -> tuple[Kinds, OutcomeAccuracy] | None:
    """Return what a file of metrics says of an outcome; None where it was not tested."""
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
        tests = metrics["outcomes"][outcome]["tests"]
        name = next((test for test in TESTS[OUTCOMES[outcome].kind] if test in tests), None)
        if name is None:
            return None
        own = _kinds(metrics, tests[name])
        return own, _found(metrics["scenario"], outcome, (name, tests[name]), own)
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"cannot be read ({type(error).__name__}: {error})"
        do = "restore the file, or run `pilotage evaluate --cards` again"
        raise DataError(Problem(str(path), what, "metrics of a back-test", do)) from None


def _kinds(metrics: Json, test: Json) -> Kinds:
    phases = {entry["group"] for entry in test["groups"] if entry["grouping"] == "phase" and entry["n"]}
    day = date.fromisoformat(metrics["as_of"])
    return Kinds(day, metrics["synthetic"], metrics["grade_proxy"], frozenset(phases))


def _differs(own: Kinds, run: Kinds, kind: Kind) -> tuple[Difference, ...]:
    """Return in what a back-test differs in kind from a run; only leadership has a scale and a grade."""
    of_leadership = kind == "leadership"
    tests = {
        Difference.SCHOOLS: own.synthetic != run.synthetic,
        Difference.SCALE: of_leadership and (own.as_of >= REPORT_CARDS.starts) != (run.as_of >= REPORT_CARDS.starts),
        Difference.GRADE: of_leadership and own.grade_proxy != run.grade_proxy,
        Difference.PHASES: not run.phases <= own.phases,
    }
    return tuple(difference for difference, holds in tests.items() if holds)


def _found(scenario: str, outcome: str, test: tuple[str, Json], own: Kinds) -> OutcomeAccuracy:
    name, found = test
    days = sorted(date.fromisoformat(fold["as_of"]) for fold in found["folds"])
    figures = found["metrics"]
    return OutcomeAccuracy(
        outcome=outcome,
        scenario=scenario,
        test=name,
        first_day=days[0],
        last_day=days[-1],
        synthetic=own.synthetic,
        phases=tuple(sorted(own.phases)),
        count=found["n"],
        happened=_share(figures["base_rate"]),
        happened_in_top_tenth=_share(figures["precision_at_10"]),
        found_in_top_tenth=_share(figures["recall_at_10"]),
    )


def _share(figure: Json) -> Share:
    return Share(float(figure["value"]), figure["low"], figure["high"])
