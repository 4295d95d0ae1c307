"""Shipped scenarios, end to end: what a planner relies on in every run folder."""

import hashlib
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from pilotage import assets, pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import resolve
from pilotage.report.folder import write_run

FILES = {
    "ranked_schools.csv",
    "worry_about.csv",
    "ask_next.csv",
    "placements.csv",
    "support_in_post.csv",
    "unplaced.csv",
    "forecast.parquet",
    "plan.json",
    "audit.json",
    "scenario.resolved.yaml",
    "manifest.json",
    "report.xlsx",
    "report.html",
    "timings.json",
    "run.log",
}
SYNTHETIC = (
    *("baseline", "opportunity-areas", "cvar", "equity"),
    *("executive-span", "teams", "support-in-post", "multi-year"),
)
TWICE = ("baseline", "executive-span")  # run twice in every test run; the others by CI
ASKING = ("ask-next", "talented-leaders")  # run by tests/docs/test_ask_answer_replan.py and test_talented_leaders.py
REAL = ("england-2014", "england-2019-secondary", "england-2025", "england-2026")  # run where their files are


@pytest.fixture(scope="module", params=SYNTHETIC)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[RunRecord, Path]:
    record = pipeline.run(resolve(request.param))
    return record, write_run(record, tmp_path_factory.mktemp("run") / request.param, force=False)


def test_the_folder_is_whole(told: tuple[RunRecord, Path]) -> None:
    assert {path.name for path in told[1].iterdir()} == FILES


def test_every_school_in_scope_is_ranked_once(told: tuple[RunRecord, Path]) -> None:
    record, folder = told
    ranked = pd.read_csv(folder / "ranked_schools.csv")
    assert sorted(ranked["urn"]) == record.urns.tolist()
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))


def test_the_plan_is_proven_and_audited(told: tuple[RunRecord, Path]) -> None:
    plan = json.loads((told[1] / "plan.json").read_text(encoding="utf-8"))
    assert plan["status"] == "optimal"
    assert plan["gap"] == 0
    assert told[0].audit.clean, [check for check in told[0].audit.checks if not check.holds]


def test_no_baseline_that_keeps_the_rules_beats_the_plan(told: tuple[RunRecord, Path]) -> None:
    objective = told[0].plan.objective
    assert objective is not None
    assert all(peer.objective <= objective for peer in told[0].baselines if not peer.unmet)
    assert {peer.name for peer in told[0].baselines} >= {"highest_risk_first", "greedy_by_benefit", "random"}


def test_every_output_says_synthetic(told: tuple[RunRecord, Path]) -> None:
    for name in ("report.html", "plan.json", "manifest.json"):
        assert "synthetic" in (told[1] / name).read_text(encoding="utf-8").lower(), name


def test_what_later_work_computes_is_present_and_empty(told: tuple[RunRecord, Path]) -> None:
    plan = json.loads((told[1] / "plan.json").read_text(encoding="utf-8"))
    assert plan["null_world"] == {"corrected": None, "low": None, "high": None, "passes": None}
    assert all(gain["corrected"] is None for gain in plan["gain"].values())


@pytest.mark.parametrize(
    "scenario", [name if name in TWICE else pytest.param(name, marks=pytest.mark.slow) for name in SYNTHETIC]
)
def test_two_runs_are_identical_byte_for_byte(scenario: str, tmp_path: Path) -> None:
    first, second = (
        write_run(pipeline.run(resolve(scenario)), tmp_path / name, force=False) for name in ("first", "second")
    )
    for name in FILES - {"timings.json", "run.log"}:
        assert _sha(first / name) == _sha(second / name), name


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _placed(folder: Path) -> pd.DataFrame:
    """Return the placements with their leaders' and schools' columns."""
    leaders = pd.read_csv(assets.sample() / "leaders_years.csv")[["leader_id", "span", "team_id", "available_from"]]
    schools = pd.read_csv(assets.sample() / "schools.csv")[["urn", "trust", "region"]]
    placed = pd.read_csv(folder / "placements.csv")
    return placed.merge(leaders, on="leader_id", how="left").merge(schools, on="urn", how="left")


def _spans(placed: pd.DataFrame, folder: Path) -> None:
    led = placed[placed["level"] == "executive"].groupby("leader_id")
    assert led.ngroups >= 2
    assert led["urn"].nunique().between(3, led["span"].first()).all()
    assert (led["trust"].nunique(dropna=False) == 1).all()


def _teams(placed: pd.DataFrame, folder: Path) -> None:
    teams = placed.dropna(subset="team_id").groupby("team_id")
    assert teams.ngroups >= 3
    assert (teams.size() == 2).all()
    assert (teams["urn"].nunique() == 1).all()


def _support(placed: pd.DataFrame, folder: Path) -> None:
    assert set(placed["intervention"]) == {"place"}
    schools = pd.read_csv(assets.sample() / "schools.csv")[["urn", "region"]]
    supported = pd.read_csv(folder / "support_in_post.csv").merge(schools, on="urn")
    assert supported["region"].value_counts().to_dict() == {
        **{"North West": 14, "East Midlands": 8, "Yorkshire and the Humber": 8},
    }
    led = placed[placed["level"].isin(["head", "executive"])]
    assert not set(supported["urn"]) & set(led["urn"])
    status = pd.read_csv(folder / "ranked_schools.csv").set_index("urn")["status"]
    assert set(status[supported["urn"]]) <= {"supported", "placed"}
    assert (status == "supported").any()


def _years(placed: pd.DataFrame, folder: Path) -> None:
    starts = pd.to_datetime(placed["starts_on"])
    assert placed["leader_id"].is_unique  # one term of three years in a plan of three
    assert (starts >= pd.to_datetime(placed["available_from"])).all()
    assert starts.between("2016-09-01", "2019-08-31").all()
    assert starts.dt.year.nunique() >= 3
    assert placed["leader_id"].str.contains("2017|2018").any()


SEEN = {"executive-span": _spans, "teams": _teams, "support-in-post": _support, "multi-year": _years}


def test_what_a_scenario_is_for_is_seen_in_its_lists(told: tuple[RunRecord, Path]) -> None:
    record, folder = told
    check = SEEN.get(record.scenario.name)
    if check is not None:
        check(_placed(folder), folder)


def test_pupils_are_counted_once_in_every_list_and_total(told: tuple[RunRecord, Path]) -> None:
    record, folder = told
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    placed = pd.concat([pd.read_csv(folder / name) for name in ("placements.csv", "support_in_post.csv")])
    served = pd.read_csv(folder / "ranked_schools.csv").set_index("urn")["benefit"][placed["urn"].unique()]
    assert placed["benefit"].sum() == pytest.approx(plan["benefit"], abs=0.001 * len(placed))
    assert served.sum() == pytest.approx(plan["benefit"], abs=0.001 * len(placed))
    assert placed["shared_pupils"].notna().sum() == len(record.sharing)
    if record.scenario.name not in ("equity", "cvar"):  # whose objective is another
        assert plan["objective"] == pytest.approx(plan["benefit"], abs=0.002 * len(placed))


def test_every_leader_is_placed_or_has_a_reason(told: tuple[RunRecord, Path]) -> None:
    record, folder = told
    without = pd.read_csv(folder / "unplaced.csv")
    placed = set(pd.read_csv(folder / "placements.csv")["leader_id"])
    placed |= set(pd.read_csv(folder / "asks.csv")["leader_id"]) if record.scenario.pool.prospects else set()
    people = record.pool.leaders.loc[record.pool.leaders["level"] != "support", "leader_id"]
    assert without["leader_id"].tolist() == [name for name in people if name not in placed]
    assert without["reason"].notna().all()
    assert not set(without["reason_code"]) & {"not_proven"}


def test_two_in_five_go_to_the_opportunity_areas() -> None:
    record = pipeline.run(resolve("opportunity-areas"))
    chosen = record.impact.pairs.iloc[record.plan.chosen]
    urns = record.posts.posts["urn"].to_numpy()[chosen["post_index"].to_numpy()]
    area = record.panel.schools.set_index("urn")["area"].reindex(urns)
    assert area.notna().mean() >= 0.4


@pytest.mark.realdata
@pytest.mark.skipif(not os.environ.get("PILOTAGE_REAL_DATA"), reason="PILOTAGE_REAL_DATA is not set")
def test_england_2014_ranks_the_country_and_proves_its_plan(tmp_path: Path) -> None:
    record = pipeline.run(resolve("england-2014"))
    assert len(record.urns) > 20_000
    assert record.plan.status.value == "optimal"
    assert record.audit.clean
    assert not record.forecast.outcomes["gap_widening"].available
    folder = write_run(record, tmp_path / "england", force=False)
    assert "Synthetic leaders" in (folder / "report.html").read_text(encoding="utf-8")
    assert record.posts.posts["prospect"].all()  # no post is invented
    _every_school_and_leader_is_accounted_for(folder)


def _every_school_and_leader_is_accounted_for(folder: Path) -> None:
    """Check that no school lacks a post, and that each leader is placed, asks, or is unplaced with a reason."""
    ranked = pd.read_csv(folder / "ranked_schools.csv", low_memory=False)
    asked, without = pd.read_csv(folder / "asks.csv"), pd.read_csv(folder / "unplaced.csv")
    counts = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["leaders"]
    assert not ranked["marks"].fillna("").str.contains("no post open").any()
    assert ranked.loc[ranked["status"] == "ineligible", "marks"].str.startswith("not eligible: ").all()
    assert set(ranked.loc[ranked["status"] == "asked", "urn"]) == set(asked["urn"])
    assert counts == {"placed": 0, "asking": asked["leader_id"].nunique(), "unplaced": len(without)}
    assert sum(counts.values()) == 100
    assert not set(asked["leader_id"]) & set(without["leader_id"])
    assert without["reason"].notna().all()


@pytest.mark.realdata
@pytest.mark.skipif(not os.environ.get("PILOTAGE_REAL_DATA"), reason="PILOTAGE_REAL_DATA is not set")
def test_england_2019_secondary_names_its_proxy_everywhere_and_forecasts_the_gap(tmp_path: Path) -> None:
    record = pipeline.run(resolve("england-2019-secondary"))
    assert 3_300 < len(record.urns) < 3_500
    assert record.plan.status.value == "optimal"
    assert record.audit.clean
    assert all(state.available for state in record.forecast.outcomes.values())
    folder = write_run(record, tmp_path / "england", force=False)
    for name in ("report.html", "manifest.json"):
        assert "overall_grade" in (folder / name).read_text(encoding="utf-8"), name
    ranked = pd.read_csv(folder / "ranked_schools.csv")
    assert ranked["missing"].str.contains("the overall grade stands for it").all()
    assert not ranked["reasons"].fillna("").str.contains("leadership judged", case=False).any()
    assert ranked["reasons"].fillna("").str.contains("overall grade judged", case=False).any()
    assert ranked["p_widens"].notna().mean() > 0.85
    assert ranked["p_widens"].nunique() > 1_000
    unknown = ranked[ranked["p_widens"].isna()]
    assert unknown["missing"].str.contains("gap: ").all()


def test_every_shipped_scenario_is_run_here() -> None:
    assert {path.stem for path in assets.configs().glob("*.yaml")} == {*SYNTHETIC, *ASKING, *REAL}
