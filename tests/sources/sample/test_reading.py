"""A synthetic England whose tables somebody changed: what is wrong is told with its row, and nothing is guessed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pilotage.errors import DataError
from pilotage.sources.sample.build import AREA_LIST, AS_OF, write
from pilotage.sources.sample.panel import sample_panel


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("england") / "sample"
    write(folder, schools=30, leaders=3, seed=1)
    return folder


def _without_column(text: str, column: str) -> str:
    place = text.split("\n", 1)[0].split(",").index(column)
    rows = [row.split(",") for row in text.splitlines()]
    return "\n".join(",".join(row[:place] + row[place + 1 :]) for row in rows) + "\n"


def _with_cell(text: str, column: str, cell: str) -> str:
    header, first, *rest = text.splitlines()
    cells = first.split(",")
    cells[header.split(",").index(column)] = cell
    return "\n".join([header, ",".join(cells), *rest]) + "\n"


def _told(whole: Path, folder: Path, name: str, change: Callable[[str], str]) -> str:
    for path in whole.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(change(text) if path.stem == name else text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        sample_panel(folder, AS_OF, AREA_LIST)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "column"),
    [("schools", "authority"), ("school_years", "fsm6"), ("school_years", "year"), ("results", "progress_other")],
)
def test_a_column_that_is_gone_is_named(whole: Path, tmp_path: Path, name: str, column: str) -> None:
    told = _told(whole, tmp_path, name, lambda text: _without_column(text, column))
    assert f"{name}.csv - no column {column!r} - columns " in told


@pytest.mark.parametrize(
    ("name", "column", "cell", "words"),
    [
        ("school_years", "mean_salary", "many", "mean_salary = 'many' - a number, SUPP or NP"),
        ("school_years", "pupils", "inf", "pupils = 'inf' - a number, SUPP or NP"),
        ("school_years", "year", "", "year = blank - a whole number from 2,000 to 2,099"),
        ("results", "urn", "9.5", "urn = '9.5' - a whole number from 1 to 999,999,999"),
        ("schools", "urn", "x" * 5_000, "urn = 'xxx"),
    ],
)
def test_a_cell_that_is_no_number_is_named(
    whole: Path, tmp_path: Path, name: str, column: str, cell: str, words: str
) -> None:
    told = _told(whole, tmp_path, name, lambda text: _with_cell(text, column, cell))
    assert f"{name}.csv, row 2 - " in told
    assert words in told
    assert len(told) < 1_000


def test_a_row_of_too_many_cells_is_refused(whole: Path, tmp_path: Path) -> None:
    told = _told(whole, tmp_path, "results", lambda text: text.replace("\n", ",7\n").replace(",7\n", "\n", 1))
    assert "results.csv - not a table" in told
