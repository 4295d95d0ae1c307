"""Plans of a session: made with what is at hand, the same as the command's, explained and saved."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotage import pipeline
from pilotage.domain.outcomes import OUTCOMES
from pilotage.errors import InfeasibleError, UsageError
from pilotage.report.folder import write_run
from pilotage.sources.sample.build import write
from pilotage.study.explain.school import explain_school
from pilotage.study.session.question import opened, with_edits
from pilotage.study.session.reading import Reading, forecast_at_hand, with_panel
from pilotage.study.session.tried import Planned, in_folder, moves, opened_again, run_folder, saved, try_plan

WEIGHT = ("outcomes", "gap_widening", "weight")
CAP = ("rules", "authority-cap", "count")


def _again(first: Planned, edits: dict[tuple[str, ...], object]) -> tuple[Planned, list[str]]:
    said = list[str]()
    question = with_edits(first.tried.question, edits)
    return try_plan(question, first.reading, 2, first.tried.folder.parent, said.append), said


def test_a_changed_rule_is_planned_with_the_schools_and_the_forecast_at_hand(first: Planned) -> None:
    planned, said = _again(first, {CAP: 1})
    assert planned.reading is first.reading
    assert not [each for each in said if each.startswith(("Reading the schools", "Forecasting"))]
    authorities = planned.tried.record.panel.schools.set_index("urn")["authority"]
    urns = planned.tried.record.problem.urns[planned.tried.record.problem.post[planned.tried.record.plan.chosen]]
    assert authorities.loc[urns].value_counts().max() == 1
    assert planned.tried.record.clean


def test_a_changed_weight_gives_another_need_from_the_forecast_at_hand(first: Planned) -> None:
    planned, said = _again(first, {WEIGHT: 3.0})
    assert planned.reading is first.reading
    assert not [each for each in said if each.startswith(("Reading the schools", "Forecasting"))]
    assert not planned.tried.record.forecast.need.equals(first.tried.record.forecast.need)


@given(st.lists(st.floats(0, 10), min_size=3, max_size=3).filter(any))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_forecast_at_hand_under_other_weights_is_the_one_made_anew(first: Planned, weights: list[float]) -> None:
    edits = {("outcomes", str(name), "weight"): weight for name, weight in zip(OUTCOMES, weights, strict=True)}
    resolved = with_edits(first.tried.question, edits).resolved
    found = forecast_at_hand(first.reading, resolved)
    assert found is not None
    anew = pipeline.foresee(resolved, first.tried.case)
    pd.testing.assert_frame_equal(found.table, anew.table)
    pd.testing.assert_frame_equal(found.england, anew.england)


def test_a_forecast_without_any_need_is_made_again(first: Planned) -> None:
    """It is not known then whether the weights are why."""
    assert first.reading.foreseen is not None
    nothing = replace(first.reading.foreseen.forecast, table=first.reading.foreseen.forecast.table.assign(need=np.nan))
    reading = replace(first.reading, foreseen=replace(first.reading.foreseen, forecast=nothing))
    assert forecast_at_hand(reading, first.tried.question.resolved) is None


def test_a_changed_horizon_is_forecast_again(first: Planned) -> None:
    horizon = with_edits(first.tried.question, {("outcomes", "gap_widening", "horizon_months"): 12}).resolved
    assert forecast_at_hand(first.reading, horizon) is None


def test_the_plan_is_that_of_the_command(first: Planned, tmp_path: Path) -> None:
    """A plan from what is at hand, and a run of the same scenario from the files, write the same bytes."""
    changed = {WEIGHT: 2.0, CAP: 2}
    planned, _ = _again(first, changed)
    folder = saved(planned.tried, tmp_path / "runs", lambda _message: None)
    record = pipeline.run(with_edits(first.tried.question, changed).resolved)
    other = write_run(record, tmp_path / "command", force=False)
    own = {"run.log", "timings.json"}
    assert {path.name for path in folder.iterdir()} == {path.name for path in other.iterdir()}
    for path in folder.iterdir():
        assert path.name in own or path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_a_folder_that_is_there_is_not_written_over_unless_told(first: Planned, tmp_path: Path) -> None:
    folder = saved(first.tried, tmp_path, lambda _message: None)
    assert folder == run_folder(first.tried, tmp_path)
    with pytest.raises(UsageError, match="exists"):
        saved(first.tried, tmp_path, lambda _message: None)
    assert saved(first.tried, tmp_path, lambda _message: None, force=True) == folder


def test_a_plan_is_explained_without_its_files_being_looked_for(first: Planned) -> None:
    opened_plan = opened_again(first.tried, lambda _message: None)
    placed = int(in_folder(first.tried).placements["urn"].iloc[0])
    explained = explain_school(opened_plan, str(placed), lambda _message: None)
    assert explained.left_out is not None
    assert (explained.left_out.months or 0) >= 0


def test_who_moves_between_two_plans(first: Planned) -> None:
    urn = int(in_folder(first.tried).placements["urn"].iloc[0])
    planned, _ = _again(first, {("bans", "b"): {"urn": urn, "reason": "r", "author": "a"}})
    changes = moves(first.tried, planned.tried)
    assert urn in {post.urn for change in changes for post in change.before}
    assert moves(first.tried, first.tried) == ()


def test_rules_that_cannot_hold_are_an_error_and_what_was_read_stays(first: Planned) -> None:
    rule = {"rule": "area_minimum", "areas": ["region: North East"], "count": 90_000}
    with pytest.raises(InfeasibleError):
        _again(first, {("rules", "too-many"): rule})


def test_schools_are_read_again_where_a_file_or_the_day_has_changed(tmp_path: Path) -> None:
    write(tmp_path / "world", schools=120, leaders=6, seed=3)
    question = with_edits(opened("baseline"), {("data", "folder"): str(tmp_path / "world")})
    said = list[str]()
    reading = with_panel(Reading(), question.resolved, said.append)
    assert with_panel(reading, with_edits(question, {CAP: 1}).resolved, said.append) is reading
    later = with_edits(question, {("as_of",): "2015-08-31"})
    assert with_panel(reading, later.resolved, said.append) is not reading
    file = reading.panel.inputs[0].path if reading.panel else tmp_path
    file.write_bytes(file.read_bytes() + b"\r\n")
    assert with_panel(reading, question.resolved, said.append) is not reading
    assert said == ["Reading the schools"] * 3
