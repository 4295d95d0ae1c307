"""Where a table is in a file: separators, encodings, sheets, headers, blank and stray cells."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pilotage.errors import DataError
from pilotage.sources.cells import locate, workbook
from pilotage.sources.files.tables import DAY, read_text_table, typed

KNOWN = ("leader_id", "level", "cost_gbp")
ROWS = [["leader_id", "level", "cost_gbp"], ["L1", "head", "12000"], ["L2", "senior", None]]
WANTED = [["L1", "head", "12000"], ["L2", "senior", None]]


def _book(path: Path, sheets: dict[str, list[list[Any]]], change: Callable[[Any], None] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book.worksheets[0])
    book.save(path)
    return path


def _text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _refused(path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_text_table(path, ("leaders",), KNOWN)
    return [str(problem).removeprefix(f"{path}") for problem in caught.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_in_any_encoding_and_separator_reads_the_same(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    rows = [separator.join(cell or "" for cell in row) for row in [*ROWS, ["Zoë", "head", "£5"]]]
    frame = read_text_table(_text(tmp_path / "l.csv", end.join(rows), encoding), ("leaders",), KNOWN)
    assert frame.columns.tolist() == list(KNOWN)
    assert frame.to_numpy().tolist() == [*WANTED, ["Zoë", "head", "£5"]]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nleader_id;level;cost_gbp\nL1;head;12000\nL2;senior;\n",
        "\nleader_id,level,cost_gbp\n\nL1,head,12000\n,,\n \t,,\nL2,senior,\n,,\n",
        "leader_id,level,cost_gbp,,\nL1,head,12000,,\nL2,senior,,,\n",
        "leader_id,level,cost_gbp\nL1,head,12000,\nL2,senior,,\n",
        "leader_id,level,cost_gbp\nL1,head,12000\nL2,senior\n",
        "Leader ID,LEVEL,Cost (GBP)\nL1,head,12000\nL2,senior,\n",
        "leaderId,Level ,Cost £\nL1,head,12000\nL2,senior,\n",
        "Our leaders,,\nas of June,,\nleader_id,level,cost_gbp\nL1,head,12000\nL2,senior,\n",
        '"leader_id","level","cost_gbp"\n"L1","head","12000"\n"L2","senior",""\n',
        "leader_id,level,cost_gbp\nL1,\x1b[31mhead\x1b[0m,12000\x07\nL\u200b2,\u00a0senior,\n",
    ],
)
def test_what_does_no_harm_is_read(tmp_path: Path, text: str) -> None:
    frame = read_text_table(_text(tmp_path / "l.csv", text), ("leaders",), KNOWN)
    assert frame.columns.tolist() == list(KNOWN)
    assert frame.to_numpy().tolist() == WANTED


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = "Our leaders,,\n\nleader_id,level,cost_gbp\nL1,head,\n\n,,\nL2,senior,\n"
    assert (read_text_table(_text(tmp_path / "l.csv", text), (), KNOWN).index + 2).tolist() == [4, 7]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("leader_id,level,cost_gbp\n7,L1,head,5\n", ", row 2 - not a table: 4 cells under a header of 3"),
        (
            "leader_id,level,cost_gbp\nL1,2,5,\nL2,head,5\n",  # a comma without quotes, and a blank cell after it
            ", row 2 - not a table: 4 cells under a header of 3",
        ),
        ("leader_id,,level,cost_gbp\nL1,x,head,5\n", ", row 2 - cell B2 is filled, and no header stands above it"),
        ("leader_id,level,cost_gbp\nL1,head,5\n\nTotal,,\n", ", row 4 - only cell A4 is filled"),
        ("leader_id,level,cost_gbp\nL1,head,5\n,,5\n", ", row 3 - only cell C3 is filled"),
        ("leader_id,level,cost_gbp\nL1,head,5\nleader_id,level,cost_gbp\n", ", row 3 - repeats the header"),
        ("L1,head,5\nleader_id,level,cost_gbp\nL2,head,5\n", ", row 1 - stands above the header, which is in row 2"),
        ("leader_id,level,Level\nL1,head,head\n", " - column 'level' twice"),
        ('leader_id,level,cost_gbp\n"L1,head,5\n', ", row 2 - not a table: a quote in this row is not closed"),
        ("L1,head,5\nL2,head,5\n", " - not a table: no row of its first 25 has a header that is known"),
        ("", " - not a table: it is empty"),
    ],
)
def test_what_would_shift_or_be_lost_is_refused_once(tmp_path: Path, text: str, told: str) -> None:
    problems = _refused(_text(tmp_path / "l.csv", text))
    assert [problem[: len(told)] for problem in problems] == [told]


def test_the_refusal_of_a_table_without_a_header_shows_nobodys_cells(tmp_path: Path) -> None:
    assert "Smith" not in "".join(_refused(_text(tmp_path / "l.csv", "Jane Smith,head,5\nL2,head,5\n")))


def test_the_sheet_called_as_the_table_is_read_else_the_only_filled_one(tmp_path: Path) -> None:
    notes = [["Read me"], ["and this"]]
    for sheets in ({"notes": notes, "Leaders": ROWS}, {"Sheet1": [], "data": ROWS}, {"Leader": ROWS, "posts": notes}):
        frame = read_text_table(_book(tmp_path / "l.xlsx", sheets), ("leaders",), KNOWN)
        assert frame.to_numpy().tolist() == WANTED


def test_several_sheets_of_which_none_is_called_so_are_refused(tmp_path: Path) -> None:
    told = _refused(_book(tmp_path / "l.xlsx", {"old": ROWS, "new": ROWS}))
    wanted = " - several sheets: 'old', 'new' - a sheet called 'leaders', or one sheet alone"
    assert [problem[: len(wanted)] for problem in told] == [wanted]


def test_a_table_that_begins_elsewhere_on_a_sheet_is_read_and_named_by_its_cells(tmp_path: Path) -> None:
    rows = [[], [], *[[None, None, *row] for row in ROWS], [None, None, "L3", "head", 5, "note"]]
    path = _book(tmp_path / "l.xlsx", {"leaders": rows})
    assert _refused(path) == [
        ", sheet 'leaders', row 6 - cell F6 is filled, and no header stands above it - cells under a header - "
        "write its header, or empty the cell"
    ]


def test_values_of_a_workbook_are_text_without_a_second_reading(tmp_path: Path) -> None:
    rows = [["a", "b", "c", "d"], [1.234, 458500.0, True, 0.5]]
    assert read_text_table(_book(tmp_path / "t.xlsx", {"t": rows})).to_numpy().tolist() == [
        ["1.2340", "458500", "TRUE", "0.5"]
    ]


def test_a_bare_number_is_no_day_in_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["a", "opens_on"], ["1", date(2016, 9, 1)], ["2", 41_152], ["3", "01/09/2016"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    frame, problems = typed(read_text_table(tmp_path / "t.xlsx"), {"opens_on": DAY}, "t")
    assert frame["opens_on"].tolist() == [pd.Timestamp(2016, 9, 1), pd.NaT, pd.Timestamp(2016, 9, 1)]
    assert [str(problem).partition(" - ")[0] for problem in problems] == ["t, row 3"]
    assert "the workbook counts days from 1904" in problems[0].do


def test_cells_merged_downwards_all_have_the_value(tmp_path: Path) -> None:
    rows = [*ROWS, ["L3", None, 5]]
    path = _book(tmp_path / "l.xlsx", {"leaders": rows}, lambda sheet: sheet.merge_cells("B3:B4"))
    assert read_text_table(path, ("leaders",), KNOWN)["level"].tolist() == ["head", "senior", "senior"]


def test_cells_without_a_value_are_refused_by_name(tmp_path: Path) -> None:
    def changed(sheet: Any) -> None:
        sheet["C2"] = "=1+1"  # written by a program that works nothing out
        sheet["C3"] = "#N/A"
        sheet["C3"].data_type = "e"

    told = _refused(_book(tmp_path / "l.xlsx", {"leaders": ROWS}, changed))
    assert [problem.rpartition(" - a value")[0] for problem in told] == [
        ", sheet 'leaders', cell C2 - holds a formula that was never worked out",
        ", sheet 'leaders', cell C3 - holds the error #N/A",
    ]


def test_a_cell_so_far_away_that_memory_would_end_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path / "l.xlsx", {"leaders": ROWS}, lambda sheet: sheet.cell(1_048_576, 16_384, 1))
    assert "has cells as far as row 1,048,576 and column 16,384" in _refused(path)[0]


def test_a_workbook_is_known_by_what_it_holds_not_by_its_name(tmp_path: Path) -> None:
    path = _book(tmp_path / "l.xlsx", {"leaders": ROWS}).rename(tmp_path / "l.csv")
    assert read_text_table(path, ("leaders",), KNOWN).to_numpy().tolist() == WANTED
    assert "it holds text" in _refused(_text(tmp_path / "t.xlsx", "leader_id,level\n"))[0]


MESS = st.one_of(st.binary(max_size=8), st.sampled_from([b",", b'"', b"\n", b"\x00", b"\x1b[31m", b";", b"\xff\xfe"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.sampled_from(["l.csv", "l.xlsx"]), st.integers(0, 4000), st.integers(0, 9), MESS)
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, name: str, place: int, lost: int, mess: bytes) -> None:
    path = tmp_path / name
    if name == "l.csv":
        _text(path, "\n".join(",".join(cell or "" for cell in row) for row in ROWS))
    else:
        _book(path, {"leaders": ROWS})
    content = path.read_bytes()
    place %= len(content)
    path.write_bytes(content[:place] + mess + content[place + lost :])
    with suppress(DataError):
        assert len(read_text_table(path, ("leaders",), KNOWN)) <= len(content)


def test_blank_rows_above_a_far_cell_are_not_looked_at_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _book(tmp_path / "l.xlsx", {"Leaders": [list(KNOWN), *WANTED]}, lambda sheet: sheet.cell(20_000, 5, "far"))
    seen = Counter[str]()
    for module, name in ((workbook, "cell_text"), (locate, "_row_fault")):
        monkeypatch.setattr(module, name, partial(_counted, seen, name, getattr(module, name)))
    assert _refused(path) == [
        ", sheet 'Leaders', row 20000 - cell E20000 is filled, and no header stands above it - cells under a header - "
        "write its header, or empty the cell"
    ]
    assert seen == {"cell_text": 5 * (len(WANTED) + 2), "_row_fault": len(WANTED) + 1}


def _counted(seen: Counter[str], name: str, task: Callable[..., Any], *given: Any, **named: Any) -> Any:
    seen[name] += 1
    return task(*given, **named)
