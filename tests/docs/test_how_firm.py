"""The page on firmness, followed literally; that workers change nothing; and what the command refuses."""

import csv
import json
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pilotage.cli import app
from pilotage.domain.findings import firmness as findings
from pilotage.domain.findings.explained import Certainty
from pilotage.domain.findings.firmness import Firm, PlanFirmness
from pilotage.errors import DataError, UsageError
from pilotage.placement.analysis.why_not.forced_in import loss, with_none_of, with_one_of
from pilotage.report.words import percent
from pilotage.study.explain.opened import Opened, open_run, solver_of
from pilotage.study.firmness.judged import firmness

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "how-firm.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^pilotage (.*)$", PAGE, flags=re.M)


def _pilotage(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


@dataclass(frozen=True)
class Followed:
    folder: Path
    printed: list[str]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """Return the folder in which the page was followed, and what each command printed."""
    folder, printed = tmp_path_factory.mktemp("firm"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            result = _pilotage(*shlex.split(command), "--quiet")
            assert result.exit_code == 0, (command, result.output, result.exception)
            printed.append(result.stdout)
    return Followed(folder, printed)


@pytest.fixture(scope="module")
def opened(followed: Followed) -> Opened:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(followed.folder)
        return open_run(Path("runs/firm"), lambda _message: None)


@pytest.fixture(scope="module")
def found(opened: Opened) -> PlanFirmness:
    return firmness(opened, 6, lambda _message: None, jobs=1)


def test_the_page_has_a_run_a_folder_and_an_object() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["run", "firmness", "firmness"]


def test_the_terminal_counts_what_the_list_has(followed: Followed) -> None:
    with (followed.folder / "runs/firm-judged/firmness.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (followed.folder / "runs/firm/placements.csv").open(encoding="utf-8-sig", newline="") as file:
        placed = {(row["leader_id"], row["urn"]) for row in csv.DictReader(file)}
    assert {(row["leader_id"], row["urn"]) for row in rows} == placed
    words = [row["firmness"] for row in rows]
    counted = f"{words.count('firm')} firm, {words.count('leaning')} leaning, {words.count('coin_flip')} coin-flip."
    assert counted in followed.printed[1]
    assert "Being firm is not being right." in followed.printed[1]
    assert all(0 <= int(row["in_draws"]) <= int(row["school_in_draws"]) <= int(row["draws"]) == 50 for row in rows)


def test_the_object_has_the_thresholds_and_the_draws_asked_for(followed: Followed) -> None:
    made = json.loads(followed.printed[2])
    assert made["schema_version"] == 1
    assert made["draws"] == {"asked": 20, "taken": 20, "solved": 20, "proven": 20}
    assert made["thresholds"] == {"firm_draws": 0.8, "even_draws": 0.5, "firm_cost": 0.2, "tied_cost": 0.05}
    assert {each["here"]["firm"] for each in made["placements"]} <= {word.value for word in Firm}


def test_the_page_states_the_thresholds_in_force() -> None:
    assert (findings.EVEN_DRAWS, findings.FIRM_COST, findings.TIED_COST) == (0.5, 1 / 5, 1 / 20)
    assert f"in at least {percent(findings.FIRM_DRAWS)} of the simulations" in PAGE
    assert "in at most half of the simulations" in PAGE
    assert "more than a fifth of an average placement" in PAGE
    assert "at most a twentieth of an average placement" in PAGE
    assert f"each of {findings.DRAWS} simulations" in PAGE


def test_two_processes_find_what_one_finds(opened: Opened, found: PlanFirmness) -> None:
    assert firmness(opened, 6, lambda _message: None, jobs=2) == found


def test_each_cost_is_that_of_the_whole_problem_solved_again(opened: Opened, found: PlanFirmness) -> None:
    problem, solve = opened.problem, solver_of(opened)
    urns = problem.urns[problem.post]
    for placement in found.placements:
        here = (urns == placement.urn) & (problem.leader == problem.leader_ids.index(placement.leader_id))
        lost = loss(opened.plan, with_none_of(problem, here.nonzero()[0]), solve)
        assert placement.here.without.certainty is Certainty.EXACT
        assert placement.here.without.months == (lost.units or 0) / problem.scale


def test_no_school_but_the_tied_ones_could_be_had_for_as_little(opened: Opened, found: PlanFirmness) -> None:
    problem, solve = opened.problem, solver_of(opened)
    urns, tied = problem.urns[problem.post], []
    most = findings.TIED_COST * found.per_placement * problem.scale
    for urn in sorted(set(urns.tolist()) - set(urns[opened.plan.chosen].tolist())):
        lost = loss(opened.plan, with_one_of(problem, (urns == urn).nonzero()[0]), solve)
        if lost.units is not None and lost.units <= most:
            tied.append(urn)
    assert sorted(each.urn for each in found.tied) == tied
    assert found.undecided == 0


@pytest.mark.parametrize("draws", ["1", "0", "2001"])
def test_a_number_of_draws_that_is_none_is_refused(draws: str, followed: Followed) -> None:
    error = _pilotage("firmness", str(followed.folder / "runs/firm"), "--draws", draws).exception
    assert isinstance(error, UsageError)
    assert "a whole number from 2 to 2,000" in str(error)


def test_a_folder_that_is_there_and_one_that_is_no_run_are_refused(followed: Followed) -> None:
    run, judged = (str(followed.folder / name) for name in ("runs/firm", "runs/firm-judged"))
    assert isinstance(_pilotage("firmness", run, "--out", judged).exception, UsageError)
    error = _pilotage("firmness", judged).exception
    assert isinstance(error, DataError)
    assert "a folder of kind 'firmness'" in str(error)


def test_an_edited_run_folder_is_refused(followed: Followed, tmp_path: Path) -> None:
    shutil.copytree(followed.folder / "runs/firm", tmp_path / "runs/firm")
    path = tmp_path / "runs/firm/placements.csv"
    text = path.read_text(encoding="utf-8-sig")
    first = text.splitlines()[1].split(",")
    leader = next(cell for cell in first if cell.startswith("SYN-L"))
    path.write_text(text.replace(leader, "SYN-L9999"), encoding="utf-8")
    error = _pilotage("firmness", str(tmp_path / "runs/firm"), "--draws", "2").exception
    assert isinstance(error, DataError)
    assert "its pairs are not those of the plan made again" in str(error)
