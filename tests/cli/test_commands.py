"""The commands: exit codes, words, documentation."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def _run(*arguments: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pilotage", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, encoding="utf-8")


def test_schema_is_the_json_schema_of_a_scenario() -> None:
    assert "rules" in json.loads(_run("schema").stdout)["properties"]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, pilotage.cli as c\n"
        "sys.argv = ['pilotage', '--help']\n"
        "try: c.main()\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'numpy', 'sklearn', 'ortools', 'interpret', 'pyarrow', 'vl_convert'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert "heavy: []" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "basline"], 2, "no such scenario"),
        (["run", "baseline", "--set", "solver.sed=2"], 2, "did you mean 'seed'?"),
        (["run", "baseline", "--set", "scope.regions=[Atlantis]"], 2, "Atlantis"),
        (["run", "baseline", "--set", "scope.phases=[nursery]"], 3, "no school of 2,500 is in scope"),
        (["run", "baseline", "--set", "data.folder=/no/such/folder"], 3, "folder"),
        (["run", "baseline", "--set", "data.area_list=opportunity_area"], 2, "did you mean 'opportunity_areas'?"),
        (["run", "baseline", "--set", "impact.parameters.fal_reduction=1"], 2, "did you mean 'fall_reduction'?"),
        (["run", "baseline", "--set", "as_of=1990-01-01"], 3, "1990-01-01"),
        (["evaluate", "baseline", "--set", "as_of=2008-01-31"], 3, "no fold can be tested as of 2008-01-31"),
    ],
)
def test_bad_input_is_one_clear_error_and_writes_nothing(
    arguments: list[str], code: int, words: str, tmp_path: Path
) -> None:
    done = _run(*arguments, "--quiet", "--out", "out", cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_evidence_shows_every_parameter_and_what_a_scenario_replaced() -> None:
    done = _run("evidence", "baseline", "--set", "impact.parameters.fall_reduction=0.5")
    assert "months_per_sd_primary_below" in done.stdout
    assert "Education Policy Institute 2023" in done.stdout
    assert "set by the scenario" in done.stdout


def test_every_command_is_in_the_command_reference() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^## `pilotage ([a-z ]+?)`", page, flags=re.M))
    assert listed == {
        "run",
        "forecast",
        "place",
        "evaluate",
        "areas",
        "check",
        "compare",
        "explain",
        "firmness",
        "prices",
        "share",
        "sweep",
        "runs",
        "serve",
        "open",
        "verify",
        "evidence",
        "sample",
        "schema",
        "data import",
        "data fetch",
        "data status",
        "data forget",
    }
