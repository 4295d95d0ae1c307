"""What a plan hangs on, on the sample: each trial is the plan of its assumption, and the flags are the tables'."""

from dataclasses import replace

import numpy as np
import pytest

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import Resolved, resolve
from pilotage.domain.findings.hangs_on import Assumed, Doubt, HangsOn, Trial
from pilotage.study import hangs_on as room
from pilotage.study.hangs_on import hangs_on, with_hangs_on

SETTINGS = ("scope.regions=[North West, Yorkshire and the Humber]", "rules.authority-cap.count=3")


@pytest.fixture(scope="module")
def resolved() -> Resolved:
    return resolve("baseline", SETTINGS)


@pytest.fixture(scope="module")
def record(resolved: Resolved) -> RunRecord:
    return pipeline.run(resolved)


@pytest.fixture(scope="module")
def firm(resolved: Resolved, record: RunRecord) -> HangsOn:
    return hangs_on(resolved, record)


def _trial(firm: HangsOn, parameter: str, value: float) -> Trial:
    return next(trial for trial in firm.trials if (trial.parameter, trial.value) == (parameter, value))


@pytest.mark.parametrize(("parameter", "value"), [("carry_over", 0.0), ("inspection_validity", 0.6)])
def test_a_trial_is_the_run_of_the_scenario_with_that_value(
    record: RunRecord, firm: HangsOn, parameter: str, value: float
) -> None:
    trial = _trial(firm, parameter, value)
    other = pipeline.run(resolve("baseline", (*SETTINGS, f"impact.parameters.{parameter}={value}")))
    assert trial.placements == len(other.plan.chosen)
    assert trial.benefit == pytest.approx(_benefit(other), abs=0.001)
    assert trial.differing == len(_pairs(other) - _pairs(record))


def test_no_plan_beats_the_best_one_under_its_own_assumption(firm: HangsOn) -> None:
    for trial in firm.trials:
        assert trial.benefit is not None
        assert trial.benefit_of_plan is not None
        assert trial.benefit >= trial.benefit_of_plan - 0.01, trial


def test_an_assumption_that_no_pair_rests_on_changes_nothing(record: RunRecord, firm: HangsOn) -> None:
    trial = _trial(firm, "support_quality", 1.0)  # baseline offers no support
    assert trial.differing == 0
    assert trial.benefit == trial.benefit_of_plan == pytest.approx(_benefit(record), abs=0.001)


def test_every_parameter_with_a_range_is_tried_at_both_ends(firm: HangsOn) -> None:
    validity = [trial.value for trial in firm.trials if trial.parameter == "inspection_validity"]
    assert validity == [0.0, 0.6]
    assert [trial.assumed for trial in firm.trials[:2]] == [Assumed.EQUAL_RISKS, Assumed.NO_NEED_FLOOR]


def test_flags_are_those_of_the_tables(record: RunRecord, firm: HangsOn) -> None:
    flags = {flag.pair: set(flag.doubts) for flag in firm.flags}
    urns = record.problem.urns[record.problem.post]
    for pair in record.plan.chosen.tolist():
        row = record.impact.pairs.iloc[pair]
        limit = record.pool.leaders["max_travel_km"].iloc[int(row["leader_index"])]
        same_school = int((urns[record.plan.chosen] == urns[pair]).sum())
        wanted = {
            Doubt.BEYOND_LIMIT: row["travel_km"] > limit,
            Doubt.UNLIKELY_YES: row["acceptance"] < 0.3,
            Doubt.SEVERAL_LEADERS: same_school > 1,
            Doubt.NO_ADDED_VALUE: row["effect_months"] < 0,
        }
        assert flags.get(pair, set()) == {doubt for doubt, holds in wanted.items() if holds}


def test_the_share_in_the_top_fifth_is_counted_within_the_phase(record: RunRecord, firm: HangsOn) -> None:
    table = record.forecast.table.merge(record.panel.schools[["urn", "phase"]], on="urn")
    top = []
    for _, phase in table.groupby("phase"):
        known = phase["need"].dropna().sort_values(ascending=False)
        top += phase.loc[phase["need"] >= known.iloc[int(0.2 * len(known)) - 1], "urn"].tolist()
    urns = record.problem.urns[record.problem.post[record.plan.chosen]]
    assert firm.in_top_fifth == pytest.approx(float(np.isin(urns, top).mean()))


def test_a_large_problem_is_tried_with_few_assumptions_and_names_the_rest(
    resolved: Resolved, record: RunRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_PAIRS", 10)
    firm = hangs_on(resolved, record)
    assert {trial.parameter for trial in firm.trials} == {None, "inspection_validity", "carry_over", "leader_quality"}
    assert "origin_loss_share" in firm.left_out
    assert firm.gap == 0.005


def test_the_plans_of_a_small_problem_are_best(firm: HangsOn) -> None:
    assert firm.gap == 0


def test_a_scenario_may_leave_it_out(resolved: Resolved, record: RunRecord) -> None:
    report = record.scenario.report.model_copy(update={"hangs_on": False})
    quiet = replace(record, scenario=record.scenario.model_copy(update={"report": report}))
    assert with_hangs_on(resolved, quiet, print).hangs_on is None


def _pairs(record: RunRecord) -> set[tuple[int, int]]:
    frame = record.impact.pairs.iloc[record.plan.chosen]
    return set(zip(frame["leader_index"].tolist(), frame["post_index"].tolist(), strict=True))


def _benefit(record: RunRecord) -> float:
    lost = sum(part.lost for part in record.sharing.values())
    return float(record.impact.pairs["benefit"].to_numpy()[record.plan.chosen].sum()) - lost
