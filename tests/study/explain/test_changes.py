"""The smallest change of a setting that lets a school in: it does, and any smaller one does not."""

import json
import math
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pilotage import pipeline
from pilotage.cli import app
from pilotage.config.overlay import resolve
from pilotage.domain.findings.explained import Certainty, Change, Forced, SchoolExplained
from pilotage.errors import DataError
from pilotage.placement.solver.solve import solve
from pilotage.report.explain.as_json import explained_json
from pilotage.report.explain.school import school_tables, school_words
from pilotage.report.folder import write_run
from pilotage.study.explain import options
from pilotage.study.explain.opened import Opened, open_run
from pilotage.study.explain.school import explain_school

SETTINGS = ["scope.regions=[London]", "rules.authority-cap.count=1", "rules.budget.total_gbp=200000"]
FIGURES = ("max_travel_km", "grace_days", "top_share")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Return a run of London with narrow limits, opened to be questioned."""
    folder = tmp_path_factory.mktemp("changes") / "run"
    write_run(pipeline.run(resolve("baseline", SETTINGS)), folder, force=False)
    return open_run(folder, lambda _said: None)


@pytest.fixture(scope="module")
def explained(opened: Opened) -> dict[int, SchoolExplained]:
    """Return 40 schools with posts, those with placements among them, explained."""
    named = sorted(set(opened.case.posts.posts["urn"]) & set(opened.case.urns.tolist()))[:40]
    placed = opened.problem.urns[opened.problem.post[opened.plan.chosen]].tolist()
    return {urn: explain_school(opened, str(urn), lambda _said: None) for urn in [*named, *placed[:3]]}


@pytest.fixture(scope="module")
def changes(explained: dict[int, SchoolExplained]) -> list[tuple[int, Change]]:
    """Return what would let each school in."""
    return [(urn, change) for urn, school in explained.items() for change in school.changes]


def _step(opened: Opened, urn: int, field: str) -> float:
    """Return the least by which a setting can be less and mean something else; of a share, one school of the phase."""
    if field != "top_share":
        return {"max_travel_km": 0.1, "grace_days": 1}[field]
    phases = opened.case.panel.schools.set_index("urn")["phase"].reindex(opened.case.urns)
    return 1.001 / int((phases == phases[urn]).sum())


def _opens(opened: Opened, urn: int, change: Change, value: float) -> bool:
    """Return whether somebody may go to a school once a setting has a value, from the tables and the scenario."""
    case = opened.case
    if change.leader_id is not None:
        leaders = case.pool.leaders.copy()
        leaders.loc[leaders["leader_id"] == change.leader_id, change.key] = value
        case = replace(case, pool=replace(case.pool, leaders=leaders))
        scenario = case.scenario
    else:
        scenario = resolve("baseline", [*SETTINGS, f"{change.key}={value:.7f}".rstrip("0").rstrip(".")]).scenario
    problem = pipeline.state(replace(case, scenario=scenario), opened.run.forecast).problem
    return bool(np.isin(urn, problem.urns[problem.post]))


def test_the_smallest_change_lets_the_school_in_and_a_smaller_one_does_not(
    opened: Opened, changes: list[tuple[int, Change]]
) -> None:
    kinds = set()
    for urn, change in changes:
        field = change.key.rpartition(".")[2]
        if field not in FIGURES:
            continue
        kinds.add(field)
        assert _opens(opened, urn, change, change.needed), (urn, change)
        assert change.forced is not None
        less = change.needed - math.copysign(_step(opened, urn, field), change.needed - change.now)
        assert not _opens(opened, urn, change, less), (urn, change)
    assert kinds >= {"top_share", "grace_days"}


def test_a_school_that_would_let_somebody_in_by_agreeing_is_told_what_that_adds(
    opened: Opened, changes: list[tuple[int, Change]]
) -> None:
    asked = [(urn, change) for urn, change in changes if change.key == "consent"]
    assert asked
    for urn, change in asked[:2]:
        posts, case = opened.case.posts.posts, opened.case
        assert set(posts.loc[posts["urn"] == urn, "consent"]) != {"yes"}
        agreed = posts.assign(consent=posts["consent"].mask(posts["urn"] == urn, "yes"))
        stated = pipeline.state(replace(case, posts=replace(case.posts, posts=agreed)), opened.run.forecast)
        best = solve(stated.problem, time_limit_seconds=60, seed=1)
        assert change.gain_months is not None
        assert (best.objective or 0) - (opened.plan.objective or 0) == pytest.approx(
            change.gain_months * opened.scale, abs=1
        )


def test_of_a_large_problem_no_pair_is_solved_again_and_each_costs_at_least(
    opened: Opened, explained: dict[int, SchoolExplained], monkeypatch: pytest.MonkeyPatch
) -> None:
    urn = next(urn for urn, school in explained.items() if school.forced and len(_costs(school)) > 1)
    monkeypatch.setattr(options, "LARGE", 0)
    fewer = _costs(explain_school(opened, str(urn), lambda _said: None))
    exact = _costs(explained[urn])
    assert sum(each.certainty is Certainty.EXACT for each in fewer.values()) == 0
    assert fewer.keys() == exact.keys()
    for pair, cost in fewer.items():
        assert cost.months is not None
        assert exact[pair].months is None or cost.months <= (exact[pair].months or 0) + 1e-9


def _costs(school: SchoolExplained) -> dict[tuple[str, str], Forced]:
    return {(each.leader_id, each.post_id): each.forced for each in school.options if each.forced is not None}


def test_a_limit_that_is_full_is_named_with_the_one_it_needs(opened: Opened, changes: list[tuple[int, Change]]) -> None:
    limits = [(urn, change) for urn, change in changes if change.key.startswith("rules.authority-cap: ")]
    assert limits
    for urn, change in limits[:1]:
        assert (change.now, change.needed) == (1, 2)
        authority = change.key.partition(": ")[2]
        schools = opened.case.panel.schools.set_index("urn")
        assert schools.loc[urn, "authority"] == authority
        assert change.gain_months is not None
        wider = pipeline.run(resolve("baseline", [*SETTINGS, "rules.authority-cap.count=2"]))
        assert (wider.plan.objective or 0) >= (opened.plan.objective or 0) + change.gain_months * opened.scale - 1


def test_every_school_is_told_in_words_and_figures_without_a_gap(explained: dict[int, SchoolExplained]) -> None:
    for urn, school in explained.items():
        text = "\n".join(school_words(school))
        assert str(urn) in text
        for change in school.changes:
            assert change.key.rpartition(".")[2].split(":")[0] in text
        tables = [str(cell) for table in school_tables(school) for row in table.rows for cell in row]
        for told in (text, *tables):
            assert not re.search(r"\b(?:None|nan|NaT|inf)\b|\[\]|\{\}", told), told
        assert json.loads(json.dumps(explained_json(school), allow_nan=False))["urn"] == urn


EDITS = {
    "objective": ("plan.json", r'"objective": (\d{4,})', lambda found: f'"objective": {int(found[1]) + 1}'),
    "pairs": ("placements.csv", r"(?m)^(SYN-L\d+)(?=,)", lambda found: "SYN-L0001"),
}


@pytest.mark.parametrize(
    ("edited", "words"),
    [
        ("objective", "its objective is not that of the plan made again"),
        ("pairs", "its pairs are not those of the plan made again"),
    ],
)
def test_a_plan_that_is_not_the_one_made_again_is_refused(
    opened: Opened, tmp_path: Path, edited: str, words: str
) -> None:
    folder = shutil.copytree(opened.run.folder, tmp_path / "run")
    name, pattern, other = EDITS[edited]
    text = (folder / name).read_text(encoding="utf-8-sig")
    changed = re.sub(pattern, other, text, count=1)
    assert changed != text
    (folder / name).write_text(changed, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        open_run(folder, lambda _said: None)


def test_a_need_that_is_not_the_forecast_is_refused(opened: Opened, tmp_path: Path) -> None:
    folder = shutil.copytree(opened.run.folder, tmp_path / "run")
    ranked = pd.read_csv(folder / "ranked_schools.csv", dtype=str, encoding="utf-8-sig")
    ranked.loc[ranked["need"].notna().idxmax(), "need"] = "0.0123"
    ranked.to_csv(folder / "ranked_schools.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")
    with pytest.raises(DataError, match="its need is not that of the forecast"):
        open_run(folder, lambda _said: None)


def test_a_folder_without_runs_is_listed_and_has_no_page(tmp_path: Path) -> None:
    listed = CliRunner().invoke(app, ["runs", str(tmp_path)])
    assert (listed.exit_code, "No run below" in listed.output) == (0, True)
    for arguments, words in (("open", "no run with a page in it"), ("runs", "no such folder")):
        folder = tmp_path if arguments == "open" else tmp_path / "nowhere"
        assert words in str(CliRunner().invoke(app, [arguments, str(folder)]).exception)
