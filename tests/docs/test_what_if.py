"""The page on what-ifs, followed literally: plans, differences, decisions, the ledger, and what is refused."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from pilotage import assets
from pilotage.cli import app
from pilotage.errors import DataError, UsageError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "planners" / "what-if.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^```\npilotage (.*)\n```$", TEXT, flags=re.M)]
BLOCKS = re.findall(r"^```csv\n(.*?)```", TEXT, flags=re.M | re.S)
TABLES = dict(zip(("new-post.csv", "decisions.csv", "later.csv"), BLOCKS, strict=True))
QUICK = ("--set", "report.hangs_on=false", "--quiet")
REGION = ("run", "baseline", "--set", "scope.regions=[London]")

Said = dict[str, str]


def _pilotage(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tables of the page."""
    folder = tmp_path_factory.mktemp("what-if")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def said(folder: Path) -> Said:
    """Return what each run of the page said, by the name of its folder."""
    said: Said = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            result = _pilotage(*command, *QUICK)
            assert result.exit_code == 0, (command, result.output, result.exception)
            said[Path(command[-1]).name] = result.output
    return said


def _placed(folder: Path, run: str) -> dict[str, str]:
    table = pd.read_csv(folder / "runs" / run / "placements.csv")
    return dict(zip(table["leader_id"], table["post_id"], strict=True))


def _facts(folder: Path, run: str) -> dict[str, object]:
    facts: dict[str, object] = json.loads((folder / "runs" / run / "plan.json").read_text(encoding="utf-8"))["what_if"]
    return facts


def test_a_leader_who_drops_out_is_placed_nowhere_and_the_difference_is_said(folder: Path, said: Said) -> None:
    assert "SYN-L0078" in _placed(folder, "plan")
    assert "SYN-L0078" not in _placed(folder, "without")
    assert _facts(folder, "without")["left_out"] == ["SYN-L0078"]
    assert "Left out of this run: 1 leader (SYN-L0078)." in said["without"]
    assert "Difference from the last run (runs/plan):" in said["without"]
    assert "SYN-L0078 lost the post" in said["without"]
    assert "Since the last run" not in said["plan"]


def test_the_plan_is_that_of_tables_without_the_leader_and_with_the_post(
    folder: Path, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said
    monkeypatch.chdir(tmp_path)
    leaders = pd.read_csv(assets.sample() / "leaders.csv", dtype=str)
    leaders[leaders["leader_id"] != "SYN-L0078"].to_csv("leaders.csv", index=False)
    posts = (assets.sample() / "posts.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "posts.csv").write_text(posts + "NEW-1,901000,head,,2016-09-01,yes,False,\n", encoding="utf-8")
    for key, run in {"leaders": "without", "posts": "with-post"}.items():
        result = _pilotage(*REGION, *QUICK, "--set", f"pool.{key}={key}.csv", "--out", f"runs/{run}")
        assert result.exit_code == 0, result.output
        assert _placed(tmp_path, run) == _placed(folder, run)
        benefits = [_pilotage_benefit(root / "runs" / run) for root in (tmp_path, folder)]
        assert benefits[0] == benefits[1]


def _pilotage_benefit(run: Path) -> float:
    return float(json.loads((run / "plan.json").read_text(encoding="utf-8"))["benefit"])


def test_an_added_post_is_said_and_may_be_filled(folder: Path, said: Said) -> None:
    assert "NEW-1" in _placed(folder, "with-post").values()
    assert _facts(folder, "with-post")["added_posts"] == ["NEW-1"]
    assert "Added to the posts of the scenario: 1 post (NEW-1)." in said["with-post"]


def test_decisions_hold_few_others_change_and_what_lies_beyond_is_said(folder: Path, said: Said) -> None:
    before, after = _placed(folder, "plan"), _placed(folder, "decided")
    assert after["SYN-L0078"] == "SYN-P01273"
    assert after.get("SYN-L0026") != "SYN-P01004"
    others = {pair for pair in before.items() if pair[0] != "SYN-L0026"}
    assert len(others - set(after.items())) <= 1
    assert "Limit on changes (rules.changes-since-last-run): the plan gives up" in said["decided"]
    assert "Beyond the limit: " in said["decided"]
    beyond = json.loads(json.dumps(_facts(folder, "decided")["beyond"]))
    assert beyond["solved"]
    assert beyond["more"] >= 0
    assert beyond["limits"][0]["earlier"] == len(others)


def test_the_ledger_goes_from_run_to_run_and_keeps_what_was_replaced(folder: Path, said: Said) -> None:
    first = pd.read_csv(folder / "runs" / "decided" / "ledger.csv", dtype=str)
    assert first[["leader_id", "decision", "reason", "by", "on", "holds", "source"]].to_numpy().tolist() == [
        ["SYN-L0026", "refused", "too far for the leader", "Kim", "2016-10-04", "yes", "decisions.csv, row 3"],
        ["SYN-L0078", "agreed", "governors said yes", "chair", "2016-10-03", "yes", "decisions.csv, row 2"],
    ]
    later = pd.read_csv(folder / "runs" / "later" / "ledger.csv", dtype=str).sort_values("source")
    assert later[["decision", "holds", "source"]].to_numpy().tolist() == [
        ["agreed", "no", "decisions.csv, row 2"],
        ["refused", "yes", "decisions.csv, row 3"],
        ["withdrawn", "yes", "later.csv, row 2"],
    ]
    assert "Ledger (ledger.csv): 2 decisions; 1 decision replaced since." in said["later"]
    assert _placed(folder, "later").get("SYN-L0078") != "SYN-P01273"
    page = (folder / "runs" / "later" / "report.html").read_text(encoding="utf-8")
    assert "took another job" in page


def test_a_run_with_what_ifs_is_verified_explained_and_compared(
    folder: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said
    monkeypatch.chdir(folder)
    for run in ("with-post", "later"):
        assert _pilotage("verify", f"runs/{run}", "--quiet").exit_code == 0
    explained = _pilotage("explain", "runs/with-post", "--school", "901000", "--json", "--quiet")
    assert "NEW-1" in explained.stdout
    compared = json.loads(_pilotage("compare", "runs/plan", "runs/decided", "--json", "--quiet").stdout)
    keys = [each["key"] for each in compared["settings"]]
    assert keys == ["pool.decisions", "rules.changes-since-last-run"]
    assert compared["attribution"]["reproduced"]


def test_a_plain_run_says_at_most_three_lines_and_passes_over_a_damaged_folder(
    folder: Path, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said
    monkeypatch.chdir(tmp_path)
    scenario = "name: baseline\nextends: baseline\nscope:\n  regions: [London]\nreport:\n  hangs_on: false\n"
    (tmp_path / "mine.yaml").write_text(scenario, encoding="utf-8")
    shutil.copytree(folder / "runs" / "plan", tmp_path / "runs" / "plan")
    result = _pilotage("run", "mine.yaml", "--quiet", "--out", "runs/same")
    assert "Since the last run (runs/plan): the plan is the same." in result.output
    (tmp_path / "runs" / "same" / "plan.json").write_text("{", encoding="utf-8")
    again = _pilotage("run", "mine.yaml", "--quiet", "--out", "runs/again")
    assert again.exit_code == 0
    assert "An older run is left out of the comparison: " in again.output
    assert "the plan is the same" in again.output


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("--without", "SYN-L9999"), UsageError, "did you mean"),
        (("--change-at-most", "1", "--last", "runs/plan", "--out", "runs/plan", "--force"), UsageError, "rests on"),
        (("--last", "runs/none"), DataError, "no such folder"),
        (("--decisions", "gone.csv"), DataError, "no such file"),
        (("--change-at-most", "1", "--out", "elsewhere/new"), UsageError, "no run of baseline is there"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    folder: Path, said: Said, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], kind: type, words: str
) -> None:
    assert said
    monkeypatch.chdir(folder)
    result = _pilotage(*REGION, *QUICK, *arguments)
    assert isinstance(result.exception, kind)
    assert words in str(result.exception)
