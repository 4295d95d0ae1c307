"""The page on rules that cannot hold together, followed literally: what it names, and what each repair gives."""

import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from pilotage.cli import app
from pilotage.pipeline import NoPlanKeepsError
from pilotage.placement.analysis import conflicts
from pilotage.study.repair import repairs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "planners" / "when-rules-cannot-hold.md"
TEXT = PAGE.read_text(encoding="utf-8")
((SCENARIO,), (COMMAND,)) = (
    re.findall(pattern, TEXT, flags=re.S) for pattern in (r"```yaml\n(.*?)```", r"```\npilotage (.*?)\n```")
)


def _pilotage(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NoPlanKeepsError, dict[str, object]]:
    """Return the folder in which the command of the page was run, its error, and what ``--json`` printed."""
    folder = tmp_path_factory.mktemp("cannot-hold")
    (folder / "too-much.yaml").write_text(SCENARIO, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for module in (repairs, conflicts):
            patch.setattr(module, "SECONDS", 600.0)
        result = _pilotage(*shlex.split(COMMAND), "--json")
    assert isinstance(result.exception, NoPlanKeepsError), result.output
    return folder, result.exception, json.loads(result.stdout)


def test_the_conflict_is_named_with_file_and_row(ended: tuple[Path, NoPlanKeepsError, dict[str, object]]) -> None:
    first, *rows = (str(problem) for problem in ended[1].problems)
    assert "the smallest conflict is 2 rules and pins" in first
    (least,) = (row for row in rows if "rules.blackpool-quota" in row)
    (cap,) = (row for row in rows if "rules.authority-cap" in row)
    assert least.startswith("too-much.yaml, line ")
    assert cap.startswith("baseline.yaml, line ")
    assert ended[1].exit_code == 4
    assert not (ended[0] / "runs").exists()


def test_the_repairs_are_the_smallest_changes_and_each_gives_what_it_says(
    ended: tuple[Path, NoPlanKeepsError, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, error, made = ended
    (note,) = error.__notes__
    assert "raise rules.authority-cap.count from 8 to 10 (baseline.yaml, line " in note.lower()
    assert "lower rules.blackpool-quota.count from 10 to 8 (too-much.yaml, line " in note.lower()
    assert "--set rules.authority-cap.count=10" in TEXT
    monkeypatch.chdir(folder)
    listed = made["repairs"]
    assert isinstance(listed, list)
    benefits = [repair["benefit"] for repair in listed]
    assert benefits == sorted(benefits, reverse=True)
    for number, option in enumerate(re.findall(r"^ +--set (.*)$", note, flags=re.M)):
        out = f"runs/{number}"
        quick = ("--quiet", "--out", out, "--set", "report.hangs_on=false")
        done = _pilotage("run", "too-much.yaml", *quick, *shlex.split(f"--set {option}"))
        assert done.exit_code == 0, done.output
        plan = json.loads((folder / out / "plan.json").read_text(encoding="utf-8"))
        assert plan["benefit"] == pytest.approx(benefits[number], abs=1e-5)
        assert len(pd.read_csv(folder / out / "placements.csv")) == listed[number]["placements"]
