"""A run's workbook filled in as people do, given back to the next run, and what becomes of it."""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.domain.decision_rows import HEADINGS

QUICK = ("--set", "scope.regions=[London]", "--set", "report.hangs_on=false", "--quiet")
NOTE = "=1+1, “too far” 😀"
Typed = dict[str, list[Any]]


def _run(name: str, folder: Path, *more: str) -> Path:
    out = folder / name
    result = CliRunner().invoke(app, ["run", "ask-next", *QUICK, "--out", str(out), *more])
    assert result.exit_code == 0, (result.output, result.exception)
    return out


def _places(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


def _type(run: Path, to: Path) -> Path:
    """Fill in four rows of two sheets, and sort one of them, whole rows together."""
    book = openpyxl.load_workbook(run / "report.xlsx")
    sheet = book["Placements"]
    at = _places(sheet)
    sheet.cell(2, at["Agreed"]).value = "yes"
    sheet.cell(2, at["Owner"]).value = "Kim"
    sheet.cell(3, at["Refused"]).value = date(2016, 3, 30)
    note = sheet.cell(3, at["Note"])
    note.value = NOTE
    note.data_type = "s"
    sheet.cell(4, at["Note"]).value = "call back"
    sheet.cell(4, at["Decide by"]).value = date(2016, 3, 20)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = value
            cell.data_type = "s" if value == NOTE else cell.data_type
    sheet = book["Ask next"]
    at = _places(sheet)
    sheet.cell(3, at["Asked"]).value = "x"
    sheet.cell(3, at["Owner"]).value = "Lee"
    book.save(to)
    return to


def _typed(run: Path) -> Typed:
    """Return what stands in the cells to type in, by sheet and row check; rows without anything are left out."""
    book = openpyxl.load_workbook(run / "report.xlsx")
    found: Typed = {}
    for sheet in (book[name] for name in ("Placements", "Ask next")):
        at = _places(sheet)
        for row in sheet.iter_rows(min_row=2, values_only=True):
            cells = [row[at[heading] - 1] for heading in HEADINGS.values()]
            if any(cells):
                found[f"{sheet.title}: {row[at['Row check'] - 1]}"] = cells
    return found


def _ledger(run: Path) -> pd.DataFrame:
    return pd.read_csv(run / "ledger.csv").drop(columns="source")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("typed")
    first = _run("first", folder)
    typed = _type(first, folder / "decisions.xlsx")
    _run("second", folder, "--decisions", str(typed), "--last", str(first))
    return folder


def test_what_was_agreed_holds_and_what_was_refused_is_gone(folder: Path) -> None:
    before, after = (
        list(pd.read_csv(folder / name / "placements.csv")[["leader_id", "post_id"]].itertuples(index=False, name=None))
        for name in ("first", "second")
    )
    assert before[0] in after
    assert before[1] in before
    assert before[1] not in after


def test_owner_note_and_day_stand_in_the_next_workbook(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "first" / "report.xlsx")
    at = _places(book["Placements"])
    keys = [row[at["Row check"] - 1] for row in book["Placements"].iter_rows(min_row=2, values_only=True)]
    typed = _typed(folder / "second")
    assert typed[f"Placements: {keys[0]}"] == [None, "yes", None, "Kim", None, None]
    assert typed[f"Placements: {keys[2]}"][4] == "call back"
    assert [cells for name, cells in typed.items() if name.startswith("Ask next")] == [
        ["yes", None, None, "Lee", None, None]
    ]
    ledger = _ledger(folder / "second")
    assert sorted(ledger["decision"]) == ["agreed", "asked", "noted", "refused"]
    assert f"'{NOTE}" in list(ledger["reason"])


def test_a_day_that_has_passed_is_said(folder: Path) -> None:
    log = (folder / "second" / "manifest.json").read_text(encoding="utf-8")
    assert "1 ask has no answer by the day noted: " in log


def test_giving_the_next_workbook_back_untouched_changes_nothing(folder: Path) -> None:
    second = folder / "second"
    third = _run("third", folder, "--decisions", str(second / "report.xlsx"), "--last", str(second))
    assert _typed(third) == _typed(second)
    assert (third / "ledger.csv").read_bytes() == (second / "ledger.csv").read_bytes()
    assert (third / "placements.csv").read_bytes() == (second / "placements.csv").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_that_libreoffice_has_saved_says_the_same(folder: Path) -> None:
    saved = folder / "saved"
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(saved)]
    subprocess.run([*command, str(folder / "decisions.xlsx")], check=True, capture_output=True, timeout=300)
    first = folder / "first"
    again = _run("again", folder, "--decisions", str(saved / "decisions.xlsx"), "--last", str(first))
    pd.testing.assert_frame_equal(_ledger(again), _ledger(folder / "second"))
    assert _typed(again) == _typed(folder / "second")
