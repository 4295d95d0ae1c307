"""A table is read to the same values whoever wrote it: in every convention that can be told apart, or it is refused."""

import importlib
import re
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pilotage.errors import DataError

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
ROLES = ("leaders", "posts", "pairs", "asks", "earlier_plan", "earlier_asks", "forecast")
DAYS = ("iso", "slashes", "dots", "hyphens", "words", "short", "ordinal", "month_first", "run_on", "midnight", "serial")
CONVENTIONS = st.fixed_dictionaries(
    {
        "decimal": st.sampled_from([".", ","]),
        "thousands": st.sampled_from(["", ",", ".", " ", "\u00a0", "\u202f"]),
        "days": st.sampled_from(DAYS),
        "yes_no": st.sampled_from([("yes", "no"), ("True", "False"), ("Y", "N"), ("1", "0"), ("t", "f")]),
        "units": st.sampled_from(["", "before", "after"]),
        "percent": st.booleans(),
        "header": st.sampled_from(["plain", "title", "upper", "hyphens", "camel"]),
    }
)
LAYOUTS = st.fixed_dictionaries(
    {
        "separator": st.sampled_from([",", ";", "\t", "|"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
        "quote_all": st.booleans(),
        "stated": st.booleans(),
        "title": st.sampled_from(["", "Our table", "Our table, as of 31/08/2016", "For 2016;draft"]),
        "blank_rows": st.lists(st.integers(0, 6), max_size=3).map(tuple),
        "trailing": st.integers(0, 2),
        "left": st.integers(0, 2),
        "last_end": st.booleans(),
    }
)
BOOKS = st.fixed_dictionaries(
    {
        "from_1904": st.booleans(),
        "shared": st.booleans(),
        "first_row": st.integers(1, 5),
        "first_column": st.integers(0, 3),
    }
)
SIGNS = st.characters(max_codepoint=0xFF, exclude_categories=["Cc", "Cf"])
NAMES = st.text(SIGNS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
NAMES = NAMES | st.sampled_from(
    ["a;b", 'the "old" school', "x, y", "=1+1", "nan", "NULL", "1,500", "1.234", "TRUE", "5"]
)
MONEY = st.integers(0, 1_000_000) | st.decimals(0, 999_999, places=2).map(float)
METRES = st.integers(331_000, 400_000) | st.decimals(331_000, 400_000, places=1).map(float)
KM = st.decimals(0, 9_999, places=3).map(float) | st.integers(0, 10_000)
EFFECTS = st.decimals("0.001", 1, places=3).map(float)
CHANCES = st.none() | st.decimals(0, 1, places=3).map(float)
MONTHS = st.none() | st.decimals(-2_000, 2_000, places=3).map(float)
STARTS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
LEADER = st.tuples(NAMES, METRES, METRES, KM, st.none() | st.booleans(), STARTS, EFFECTS, EFFECTS, st.none() | MONEY)
SCORES = st.tuples(CHANCES, CHANCES, MONTHS, MONTHS.map(lambda value: None if value is None else abs(value)))
MANY = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
MORE = settings(max_examples=800, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _module(name: str) -> ModuleType:
    if str(BENCHMARKS) not in sys.path:
        sys.path.insert(0, str(BENCHMARKS))
    return importlib.import_module(f"fuzz.{name}")


ROWS, WORLD, WRITTEN = _module("table_rows"), _module("table_world"), _module("table_conventions")
TEXTS, WORKBOOKS = _module("table_texts"), _module("table_workbooks")


def _read(path: Path, role: str, content: bytes) -> list[Any]:
    """Return what a file is read to, in a list; an empty one where it is refused."""
    path.write_bytes(content)
    try:
        return [WORLD.cells(role, path)]
    except DataError:
        return []


def _plainly(folder: Path, table: Any) -> Any:
    grid = WRITTEN.grid_of(table, WRITTEN.PLAIN)
    (found,) = _read(folder / "plain.csv", table.role, TEXTS.as_text(grid, TEXTS.Layout()))
    return found


def _is_same(folder: Path, table: Any, name: str, content: bytes) -> bool:
    """Return whether a file is refused, or read to the values of the plain one."""
    return all(WORLD.same(found, _plainly(folder, table)) for found in _read(folder / name, table.role, content))


def _of(leaders: list[tuple[Any, ...]]) -> Any:
    """Return a table of leaders with the cells drawn."""
    names = ("name", "easting", "northing", "max_travel_km", "relocates", "available_from")
    names = (*names, "effect_mean", "effect_sd", "cost_gbp")
    kinds = ("text", "metres", "metres", "km", "yes_no", "day", "number", "number", "gbp")
    columns = [ROWS.Column("leader_id"), ROWS.Column("level", "level"), ROWS.Column("phases", "phases")]
    columns += [ROWS.Column(name, kind) for name, kind in zip(names, kinds, strict=True)]
    rows = tuple((f"L{place}", "head", "primary", *cells) for place, cells in enumerate(leaders))
    return ROWS.Table("leaders", tuple(columns), rows)


def _scores(rows: list[tuple[Any, ...]]) -> Any:
    kinds = {"need": "chance", "p_gap_wide": "chance", "gap_months_at_horizon": "number", "data_age_years": "number"}
    columns = (ROWS.Column("urn", "urn"), *(ROWS.Column(name, kind) for name, kind in kinds.items()))
    first = ROWS.FIRST_URN
    return ROWS.Table("forecast", columns, tuple((first + place, *cells) for place, cells in enumerate(rows)))


@pytest.mark.parametrize("role", ROLES)
@given(CONVENTIONS, LAYOUTS)
@MANY
def test_a_whole_table_as_text_is_read_as_the_plain_one_or_refused(
    tmp_path: Path, role: str, written: dict[str, Any], layout: dict[str, Any]
) -> None:
    _expect_text(tmp_path, ROWS.whole(role), written, layout)


@given(st.lists(LEADER, min_size=1, max_size=3), CONVENTIONS, LAYOUTS)
@MANY
def test_leaders_drawn_are_read_as_the_plain_ones_or_refused(
    tmp_path: Path, leaders: list[tuple[Any, ...]], written: dict[str, Any], layout: dict[str, Any]
) -> None:
    _expect_text(tmp_path, _of(leaders), written, layout)


@given(st.lists(SCORES, min_size=1, max_size=3), CONVENTIONS, LAYOUTS)
@MANY
def test_scores_drawn_are_read_as_the_plain_ones_or_refused(
    tmp_path: Path, scores: list[tuple[Any, ...]], written: dict[str, Any], layout: dict[str, Any]
) -> None:
    _expect_text(tmp_path, _scores(scores), written, layout)


@pytest.mark.slow
@given(st.lists(LEADER, min_size=1, max_size=3), CONVENTIONS, LAYOUTS, BOOKS, st.sets(st.integers(0, 11)))
@MORE
def test_many_leaders_drawn_are_read_as_the_plain_ones_or_refused(
    tmp_path: Path,
    leaders: list[tuple[Any, ...]],
    written: dict[str, Any],
    layout: dict[str, Any],
    book: dict[str, Any],
    as_texts: set[int],
) -> None:
    _expect_text(tmp_path, _of(leaders), written, layout)
    _expect_book(tmp_path, _of(leaders), written, book, as_texts)


@given(st.lists(LEADER, min_size=1, max_size=3), CONVENTIONS, BOOKS, st.sets(st.integers(0, 11)))
@MANY
def test_a_workbook_of_values_and_texts_is_read_as_the_plain_table_or_refused(
    tmp_path: Path,
    leaders: list[tuple[Any, ...]],
    written: dict[str, Any],
    book: dict[str, Any],
    as_texts: set[int],
) -> None:
    _expect_book(tmp_path, _of(leaders), written, book, as_texts)


# A number whose comma can only be the decimal mark.
COMMA = re.compile(r"\b0,[0-9]|\b[0-9]{4,},[0-9]|[0-9],(?![0-9]{3}\b)[0-9]|\.[0-9]{3},[0-9]")


def _is_utf8_by_chance(content: bytes, layout: dict[str, Any]) -> bool:
    """Return whether a row of Windows text is one of UTF-8 too, with other letters: no reader can tell which it is.

    Each row counts for itself, since official files hold rows of both encodings and are read row by row.
    """
    rows = content.splitlines() if layout.get("encoding") == "cp1252" else []
    return any(not row.isascii() and _is_utf8(row) for row in rows)


def _is_utf8(row: bytes) -> bool:
    try:
        row.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _expect_text(folder: Path, table: Any, written: dict[str, Any], layout: dict[str, Any]) -> None:
    convention = WRITTEN.Convention(**written)
    assume(convention.can_be_told())
    content = TEXTS.as_text(WRITTEN.grid_of(table, convention), TEXTS.Layout(**layout))
    assume(not _is_utf8_by_chance(content, layout))
    assert _is_same(folder, table, "table.csv", content), content


def _expect_book(folder: Path, table: Any, written: dict[str, Any], book: dict[str, Any], as_texts: set[int]) -> None:
    """Hold a workbook to the plain table; the columns ``as_texts`` are texts of the convention, the others values."""
    convention = WRITTEN.Convention(**written)
    assume(convention.can_be_told())
    texts = WRITTEN.grid_of(table, convention)
    values = [texts[0], *(list(row) for row in table.rows)]
    grid = [_chosen(*both, as_texts) for both in zip(texts, values, strict=True)]
    told = any(COMMA.search(row[at]) for row in texts[1:] for at in as_texts if at < len(row))
    assume(written["thousands"] != "." or told)  # without, "1.000" is 1: in a text of a workbook a point is decimal
    content = WORKBOOKS.as_book(grid, WORKBOOKS.Book(**book))
    assert _is_same(folder, table, "table.xlsx", content), grid


def _chosen(texts: list[str], values: list[Any], as_texts: set[int]) -> list[Any]:
    return [text if at in as_texts else value for at, (text, value) in enumerate(zip(texts, values, strict=True))]


def test_most_conventions_are_read_and_not_refused(tmp_path: Path) -> None:
    table = ROWS.whole("leaders")
    for convention in (
        {"decimal": ",", "thousands": ".", "days": "dots"},
        {"thousands": ",", "days": "slashes", "units": "before", "header": "title"},
        {"thousands": " ", "days": "ordinal", "yes_no": ("Y", "N")},
    ):
        grid = WRITTEN.grid_of(table, WRITTEN.Convention(**convention))
        for layout in ({}, {"separator": ";", "encoding": "utf-16", "title": "Our table"}, {"quote_all": True}):
            found = _read(tmp_path / "table.csv", "leaders", TEXTS.as_text(grid, TEXTS.Layout(**layout)))
            assert found, (convention, layout)
            assert WORLD.same(found[0], _plainly(tmp_path, table))
