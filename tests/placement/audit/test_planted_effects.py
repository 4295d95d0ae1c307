"""Plans valued by a wrong effect: the audit, which starts from the tables, refuses each."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.placement.audit.audit import audit
from pilotage.placement.audit.capacities import capacities_of
from pilotage.placement.audit.values.counterfactual import Quality
from pilotage.placement.audit.values.figures import Figures
from pilotage.placement.audit.values.pair_values import worths
from pilotage.sources.evidence import load_evidence

HOME = 13  # the school that L2 leaves
SCHOOLS: list[dict[str, Any]] = [{} for _ in range(14)]
LEADERS = [{"effect_mean": 0.2, "effect_sd": 0.1}, {"current_urn": HOME}, {"level": "executive", "span": 2}]
POSTS = [{"urn": 1}, {"urn": 2}, *[{"urn": urn, "level": "executive"} for urn in (3, 4, 5)]]
RULES = {"level": {"rule": "level"}, "span": {"rule": "executive_span", "minimum": 2, "when_short": "reduce"}}
SUPPORT = {"place": True, "support": {"capacity": {"East Midlands": 1}}}
PARAMETERS = {"leader_quality": 1.0, "inspection_validity": 0.6}
COPIED = ("effect_months", "origin_loss", "benefit", "benefit_low", "benefit_high", "effect_spread")


@pytest.fixture(scope="module")
def made(world: Callable[..., Any], drawn_cases: ModuleType) -> Any:
    """Return a world of 14 schools that differ in chance, gap and share, with a plan valued by the product."""
    small = world(SCHOOLS, LEADERS, POSTS, RULES, interventions=SUPPORT)
    random = np.random.default_rng(3)
    small.panel.school_years["fsm6_share"] = random.uniform(0.1, 0.9, 14).round(2)
    columns = {"p_below_good": random.beta(2, 5, 14), "gap_months_at_horizon": random.normal(6, 3, 14)}
    compared = pd.DataFrame({"urn": range(1, 15), "phase": "primary", "gap_sd_months_at_horizon": 2.0} | columns)
    return drawn_cases.valued_world(small, compared, **PARAMETERS)


def _broken(made: Any) -> set[str]:
    return {check.name for check in audit(made.case, made.problem, made.plan).checks if not check.holds}


def _figures(made: Any, **changes: Any) -> Figures:
    """Return what the audit calculates from, in a case that differs."""
    case = replace(made.case, **changes)
    return Figures(case, capacities_of(case))


def _parameter(**values: float) -> Callable[[Any], Figures]:
    return lambda made: _figures(made, evidence=load_evidence(PARAMETERS | values))


def _intake_ignored(made: Any) -> Figures:
    figures = _figures(made)
    assert len(figures.finishers) == 14  # by the true shares
    vars(figures)["share"] = dict.fromkeys(range(1, 15), 0.5)
    return figures


def _own_evidence_ignored(made: Any) -> Figures:
    leaders = made.case.pool.leaders.assign(effect_mean=np.nan, effect_sd=np.nan)
    return _figures(made, pool=replace(made.case.pool, leaders=leaders))


def _executives_uncapped(made: Any) -> Figures:
    figures = _figures(made)
    return replace(figures, capacities=replace(figures.capacities, most=np.ones_like(figures.capacities.most)))


def _of_quality(change: Callable[[int, Callable[[int], Quality]], Quality]) -> Callable[[Any], Figures]:
    def figures_of(made: Any) -> Figures:
        figures = _figures(made)
        right = figures.quality
        vars(figures)["quality"] = lambda urn: change(urn, right)
        return figures

    return figures_of


def _halved(quality: Quality) -> Quality:
    return Quality(quality.mean / 2, quality.variance)


WRONG: dict[str, tuple[Callable[[Any], Figures], str]] = {
    "validity ignored": (_parameter(inspection_validity=0.0), "all"),
    "carry-over ignored": (_parameter(carry_over=1.0), "placed"),
    "intake ignored": (_intake_ignored, "all"),
    "own evidence ignored": (_own_evidence_ignored, "L1"),
    "executives uncapped": (_executives_uncapped, "L3"),
    "the loss by the quality of another school": (
        _of_quality(lambda urn, right: right(1 if urn == HOME else urn)),
        "L2",
    ),
    "support of a part of quality": (_of_quality(lambda urn, right: _halved(right(urn))), "support"),
    "the median head everywhere": (_of_quality(lambda urn, right: Quality(0.0, right(urn).variance)), "all"),
    "the whole variance left": (_of_quality(lambda urn, right: Quality(right(urn).mean, 1.0)), "support"),
}


def _of(made: Any, whose: str) -> Any:
    """Return which pairs are of a leader, of all who are placed, of support, or all."""
    names = np.array(made.problem.leader_ids)[made.problem.leader]
    supported = made.case.impact.supports()
    asked: dict[str, Any] = {"all": names != "", "placed": ~supported, "support": supported}
    return asked.get(whose, names == whose)


def test_the_world_valued_rightly_is_accepted(made: Any) -> None:
    assert _broken(made) == set()
    assert {check.name for check in audit(made.case, made.problem, made.plan).checks} >= {"counterfactual_sd"}


@pytest.mark.parametrize("name", WRONG)
def test_a_plan_valued_by_a_wrong_effect_is_refused(made: Any, name: str) -> None:
    figures_of, whose = WRONG[name]
    pairs, mine = made.case.impact.pairs.copy(), np.flatnonzero(_of(made, whose))
    leader, post = (pairs[side].to_numpy(dtype=np.int64)[mine] for side in ("leader_index", "post_index"))
    wrong = worths(figures_of(made), leader, post, pairs["counterfactual_sd"].to_numpy(dtype=float)[mine])
    for column in COPIED:
        pairs.loc[mine, column] = np.array([getattr(worth, column) for worth in wrong]).astype(pairs[column].dtype)
    planted = replace(made, case=replace(made.case, impact=replace(made.case.impact, pairs=pairs)))
    assert {"values", "factors"} <= _broken(planted)


@pytest.mark.parametrize("sd", [-0.01, 5.01, np.nan, np.inf])
def test_a_spread_of_the_other_leadership_that_none_can_have_is_refused(made: Any, sd: float) -> None:
    pairs = made.case.impact.pairs.assign(counterfactual_sd=sd)
    planted = replace(made, case=replace(made.case, impact=replace(made.case.impact, pairs=pairs)))
    assert "counterfactual_sd" in _broken(planted)


def test_a_spread_of_the_other_leadership_that_is_not_in_the_interval_is_refused(made: Any) -> None:
    pairs = made.case.impact.pairs.assign(counterfactual_sd=lambda frame: frame["counterfactual_sd"] + 0.5)
    planted = replace(made, case=replace(made.case, impact=replace(made.case.impact, pairs=pairs)))
    assert "factors" in _broken(planted)
