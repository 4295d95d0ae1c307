"""The round trip: a run is written, read back, and planned again from what was read, to the same plan and benefit."""

import numpy as np
import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.read_back import ReadRun, read_run
from pilotage.case.record import RunRecord
from pilotage.case.reload import expect_same_inputs, scenario_again
from pilotage.config.overlay import resolve
from pilotage.domain.need import need_draws
from pilotage.domain.panel import phases_of
from pilotage.report.folder import write_run

SHIPPED = ("baseline", "support-in-post", "cvar", "multi-year")  # cvar: the plan takes the forecast's draws


@pytest.fixture(scope="module", params=SHIPPED)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RunRecord, ReadRun]:
    record = pipeline.run(resolve(request.param))
    return record, read_run(write_run(record, tmp_path_factory.mktemp("run") / request.param, force=False))


def test_the_scenario_the_forecast_and_the_audit_come_back_exactly(written: tuple[RunRecord, ReadRun]) -> None:
    record, read = written
    again = scenario_again(read)
    assert again.scenario == resolve(record.scenario.name).scenario.model_copy(update={"pool": again.scenario.pool})
    assert again.yaml == record.resolved_yaml
    pd.testing.assert_frame_equal(read.forecast.table, record.forecast.table, check_exact=True)
    assert read.forecast.outcomes == record.forecast.outcomes
    assert read.forecast.as_of == record.forecast.as_of
    assert read.forecast.draws.keys() == record.forecast.draws.keys()
    for name, draws in record.forecast.draws.items():
        assert read.forecast.draws[name].dtype == draws.dtype
        np.testing.assert_array_equal(read.forecast.draws[name], draws)
    assert read.audit == record.audit
    assert (read.plan.status, read.plan.integers.objective) == (record.plan.status, record.plan.objective)


def test_planned_again_it_is_the_same_plan_with_the_same_benefits(written: tuple[RunRecord, ReadRun]) -> None:
    record, read = written
    resolved = scenario_again(read)
    known = pipeline.gather(resolved)
    expect_same_inputs(read, (*known.panel.inputs, *known.pool.inputs, *known.posts.inputs))
    stated = pipeline.state(known, read.forecast)
    pd.testing.assert_frame_equal(stated.impact.pairs, record.impact.pairs, check_exact=True)
    decided = pipeline.decide(resolved, stated)
    assert decided.plan.chosen.tolist() == record.plan.chosen.tolist()
    assert (decided.plan.objective, decided.plan.bound) == (record.plan.objective, record.plan.bound)
    assert decided.worst_draws == record.cvar
    phases, outcomes = phases_of(record.panel, record.forecast.table["urn"]), resolved.scenario.outcomes
    before, after = (need_draws(forecast, phases, outcomes) for forecast in (record.forecast, read.forecast))
    np.testing.assert_array_equal(before, after)


def test_the_lists_are_those_of_the_plan(written: tuple[RunRecord, ReadRun]) -> None:
    record, read = written
    assert read.ranked["urn"].tolist() != record.urns.tolist()  # by rank
    assert sorted(read.ranked["urn"]) == record.urns.tolist()
    problem, chosen = record.problem, record.plan.chosen
    pairs = {(problem.leader_ids[problem.leader[p]], problem.post_ids[problem.post[p]]) for p in chosen}
    assert read.support is not None
    schools = [f"support: {urn}" for urn in read.support["urn"]]
    supported = list(zip(read.support["leader_id"], schools, strict=True))
    placed = list(zip(read.placements["leader_id"], read.placements["post_id"], strict=True))
    assert {*placed, *supported} == pairs
    assert len(placed) + len(supported) == len(pairs)
    assert len(read.unplaced) == len(record.unplaced)
