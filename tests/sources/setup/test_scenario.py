"""What a setup workbook stands for: the keys that its answers set, and each answer that cannot be read."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.config.overlay import Resolved, resolve
from pilotage.errors import DataError, PilotageError, Problem, ScenarioError
from pilotage.sources.setup.as_yaml import scenario_text, write_scenario
from pilotage.sources.setup.questions import questions
from pilotage.sources.setup.scenario import scenario_of, set_up
from tests.sources.setup.books import ANSWER, SETTING, filled, row_of, write


def _resolved(path: Path, answers: dict[str, Any]) -> Resolved:
    return scenario_of(str(filled(path / "plan.xlsx", answers)))


def _problems(path: Path, kind: type[PilotageError] = ScenarioError) -> tuple[Problem, ...]:
    with pytest.raises(kind) as caught:
        scenario_of(str(path))
    return caught.value.problems


@pytest.mark.parametrize(
    ("setting", "written", "key", "value"),
    [
        ("rules.budget.total_gbp", "£50,000", ("rules", "budget", "total_gbp"), 50_000),
        ("rules.travel.max_km", "25 miles", ("rules", "travel", "max_km"), pytest.approx(40.2, abs=0.1)),
        ("rules.travel.max_km", 27.5, ("rules", "travel", "max_km"), 27.5),
        ("rules.travel.max_km", "None", ("rules", "travel", "max_km"), None),
        ("rules.travel.relocation", "OFF", ("rules", "travel", "relocation"), False),
        ("rules.consent.accept_unknown", True, ("rules", "consent", "accept_unknown"), True),
        ("rules.need-floor.top_share", "50%", ("rules", "need-floor", "top_share"), 0.5),
        ("scope.areas", "england", ("scope", "areas"), ()),
        ("scope.areas", "East Midlands; London", ("scope", "areas"), ("East Midlands", "London")),
        ("scope.phases", "primary school", ("scope", "phases"), ("primary",)),
        ("as_of", "31/07/2015", ("as_of",), "2015-07-31"),
        ("report.top", 5, ("report", "top"), 5),
    ],
)
def test_an_answer_sets_its_key(tmp_path: Path, setting: str, written: Any, key: tuple[str, ...], value: Any) -> None:
    scenario: Any = _resolved(tmp_path, {setting: written}).scenario
    for name in key:
        scenario = scenario[name] if isinstance(scenario, dict) else getattr(scenario, name)
    assert (str(scenario) if key == ("as_of",) else scenario) == value


def test_every_question_is_a_key_that_a_scenario_may_have(tmp_path: Path) -> None:
    written = {"text": "mine", "day": "31/07/2015", "places": "London", "phases": "primary", "names": "One Trust"}
    figures = {"pounds": 400_000, "km": 30, "share": 0.5, "whole": 3, "yes_no": "yes", "base": "baseline"}
    answers: dict[str, Any] = {each.key: (written | figures)[each.kind] for each in questions()}
    answers |= {f"{each.key} place": "Derby" for each in questions() if each.place is not None}
    scenario = _resolved(tmp_path, answers).scenario
    assert {name for name in scenario.rules if name.startswith("at-")} == {
        *(f"at-least-{number}" for number in range(1, 5)),
        *("at-most-1", "at-most-2"),
    }
    assert scenario.rules["at-most-2"].place_names() == {"areas": ("Derby",)}


def test_none_removes_a_rule_and_says_nothing_of_one_that_is_not_there(tmp_path: Path) -> None:
    removed = {"rules.budget.total_gbp": "none", "rules.need-floor.top_share": "NONE", "rules.trust-cap.count": "none"}
    scenario = _resolved(tmp_path, {**removed, "rules.at-most-1.count": "none"}).scenario
    assert not {"budget", "need-floor", "trust-cap", "at-most-1"} & set(scenario.rules)


def test_blank_answers_keep_what_the_scenario_has_that_it_starts_from(tmp_path: Path) -> None:
    blank = {each.key: None for each in questions() if each.key != "name"} | {"rules.at-least-1.count place": None}
    ours, base = _resolved(tmp_path, blank).scenario, resolve("baseline").scenario
    assert ours.rules == base.rules
    assert (ours.scope, ours.as_of, ours.report) == (base.scope, base.as_of, base.report)
    assert ours.why == "As the setup workbook plan.xlsx asks."


def test_the_scenario_written_beside_it_is_the_same_and_holds_only_what_differs(tmp_path: Path) -> None:
    answers = {"rules.trust-cap.count": "none", "as_of": "31/07/2015", "scope.areas": "London", "report.top": 20}
    setup = set_up(filled(tmp_path / "plan.xlsx", answers))
    path = write_scenario(setup)
    assert path == tmp_path / "plan-scenario.yaml"
    text = path.read_text(encoding="utf-8")
    assert resolve(str(path)).scenario == scenario_of(str(setup.path)).scenario
    assert "leaders: plan.xlsx" in text
    assert "authority-cap" not in text
    assert "report" not in text
    assert text == scenario_text(setup)
    first = [line.partition(":")[0] for line in text.splitlines()[1:] if line[0] != " "][:3]
    assert first == ["extends", "name", "why"]


def test_answers_of_the_scenario_that_it_starts_from_are_read_beside_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("extends: baseline\nname: own\npool: {asks: asks.csv}\n", encoding="utf-8")
    pool = _resolved(tmp_path, {"extends": "own.yaml"}).scenario.pool
    assert pool.files_of_asks == (tmp_path / "asks.csv", tmp_path / "plan.xlsx")
    (tmp_path / "own.yaml").write_text("extends: baseline\npool: {asks: [a.csv, b.csv]}\n", encoding="utf-8")
    pool = _resolved(tmp_path, {"extends": "own.yaml"}).scenario.pool
    assert [path.name for path in pool.files_of_asks] == ["a.csv", "b.csv", "plan.xlsx"]


def test_settings_of_the_command_are_laid_over_it(tmp_path: Path) -> None:
    setup = set_up(filled(tmp_path / "plan.xlsx"))
    assert scenario_of(str(setup.path), ["report.top=7"]).scenario.report.top == 7


def test_values_say_from_which_row_they_are(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    row = row_of(openpyxl.load_workbook(path), "rules.budget.total_gbp")
    said = f"total_gbp: 500000  # plan.xlsx, sheet 'Question', row {row} (Budget in pounds)"
    assert said in scenario_of(str(path)).yaml


@pytest.mark.parametrize(
    ("answers", "setting", "what", "do"),
    [
        ({"rules.travel.max_km": "forty km"}, "rules.travel.max_km", "found 'forty km'", "please correct this cell"),
        ({"rules.budget.total_gbp": "£50k"}, "rules.budget.total_gbp", "found '£50k'", "please correct this cell"),
        ({"rules.trust-cap.count": "=1+1"}, "rules.trust-cap.count", "found '=1+1'", "please correct this cell"),
        ({"rules.need-floor.top_share": 33}, "rules.need-floor.top_share", "found '33'", "write 33% if you mean"),
        ({"rules.travel.relocation": "maybe"}, "rules.travel.relocation", "found 'maybe'", "please correct this cell"),
        ({"rules.at-least-2.count": 3}, "rules.at-least-2.count place", "In which place is blank", "please fill in"),
        ({"rules.at-most-1.count place": "Derby"}, "rules.at-most-1.count", "blank, and In which place is", "please"),
        ({"report.top place": "Derby"}, "report.top place", "In which place = 'Derby', and this", "empty the cell"),
        ({"name": None}, "name", "blank", "please fill in this cell"),
        ({"name": "My Plan"}, "name", "found 'My Plan'", "correct the value"),
        ({"extends": "basline"}, "extends", "no such scenario", "did you mean 'baseline'?"),
        ({"rules.budget.total_gbp": -5}, "rules.budget.total_gbp", "found -5", "correct the value"),
    ],
)
def test_an_answer_that_cannot_be_read_names_its_cell(
    tmp_path: Path, answers: dict[str, Any], setting: str, what: str, do: str
) -> None:
    path = filled(tmp_path / "plan.xlsx", answers)
    (problem,) = _problems(path)
    assert problem.what.startswith(what)
    assert problem.do.startswith(do)
    assert problem.spot is not None
    name, _, place = setting.partition(" ")
    assert problem.spot.row == row_of(openpyxl.load_workbook(path), name)
    assert problem.spot.column == ("In which place" if place else "Your answer")


def test_all_answers_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    answers = {"rules.travel.max_km": "far", "rules.budget.total_gbp": "much", "name": None}
    assert len(_problems(filled(tmp_path / "plan.xlsx", answers))) == 3


def _renamed(book: Any) -> None:
    book["Question"].title = "Fragen"


def _without_answers(book: Any) -> None:
    book["Question"].delete_cols(ANSWER)


def _without_settings(book: Any) -> None:
    book["Question"].delete_cols(SETTING)


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (_renamed, "several sheets"),
        (_without_answers, "no column 'Your answer'"),
        (_without_settings, "no column 'Setting'"),
        (lambda book: book["Question"].merge_cells("A4:B4"), "no header stands above it"),
        (lambda book: book["Question"].merge_cells("C8:C9"), None),
        (lambda book: setattr(book["Question"]["C12"], "value", "=40+1"), "a formula that was never worked out"),
    ],
)
def test_a_sheet_of_another_form_is_refused_or_read(tmp_path: Path, edit: Any, what: str | None) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=edit)
    if what is None:
        assert scenario_of(str(path)).scenario.name == "my-first-plan"
        return
    (problem, *_) = _problems(path, DataError)
    assert what in problem.what


@pytest.mark.parametrize(
    ("setting", "what", "do"),
    [
        (None, "Setting is blank", "remove the answer"),
        ("rules.budget.total_gpb", "Setting = 'rules.budget.total_gpb'", "did you mean 'rules.budget.total_gbp'?"),
        ("as_of", "'Day of the forecast' is answered a second time (first in row 8)", "remove one"),
    ],
)
def test_a_row_that_is_no_question_is_refused(tmp_path: Path, setting: str | None, what: str, do: str) -> None:
    def edit(book: Any) -> None:
        write(book, "as_of", "31/08/2016")
        sheet = book["Question"]
        sheet.cell(row_of(book, "rules.budget.total_gbp"), SETTING).value = setting

    (problem,) = _problems(filled(tmp_path / "plan.xlsx", edit=edit))
    assert problem.what.startswith(what)
    assert problem.do.startswith(do)
    assert problem.spot is not None
    assert problem.spot.column == "Setting"


def test_rows_may_be_moved_and_sheets_and_columns_added(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["Question"]
        sheet.insert_rows(6, 2)
        sheet.cell(4, 8).value = "Our notes"
        sheet.cell(5, 8).value = "asked by the trustees"
        book.create_sheet("Workings")["A1"] = "anything"

    assert scenario_of(str(filled(tmp_path / "plan.xlsx", edit=edit))).scenario.name == "my-first-plan"


def test_a_question_that_is_not_there_is_one_that_is_not_answered_but_for_the_name(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=lambda book: book["Question"].delete_rows(row_of(book, "name")))
    (problem,) = _problems(path)
    assert "the question 'name' is not there" in problem.what
    path = filled(tmp_path / "b.xlsx", edit=lambda book: book["Question"].delete_rows(row_of(book, "report.top")))
    assert scenario_of(str(path)).scenario.report.top == 20


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("gone.xlsx", None, "no such file"),
        ("plan.ods", b"PK", "is a workbook of another kind"),
        ("plan.xlsx", b"name,answer\n", "it holds text"),
        ("plan.xlsx", b"PK\x03\x04rubbish", "readable workbook"),
    ],
)
def test_what_is_no_excel_workbook_is_refused(tmp_path: Path, name: str, content: bytes | None, what: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (problem,) = _problems(tmp_path / name, DataError)
    assert what in str(problem)


def test_a_workbook_that_another_program_holds_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "plan.xlsx")

    def held(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", held)
    (problem,) = _problems(path, DataError)
    assert "another program holds it" in problem.what
    assert problem.do.startswith("open it in Excel") or problem.do.startswith("close it")
