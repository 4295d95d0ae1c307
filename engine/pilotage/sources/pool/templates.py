"""Templates of the planners' tables: CSV files of headers, and workbooks whose first sheet explains each column."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.assets import write_whole
from pilotage.errors import Problem, UsageError, raise_all

FIRST_DAY = datetime(2016, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # stamped on every workbook: the same bytes each time
ROWS = 1000  # rows with drop-down lists
EXPLAINED = {"column": 18, "needed": 26, "meaning": 70, "allowed": 34, "example": 20}  # titles, and widths in letters
TEXT_POINTS = 15  # how high a cell is with one row of text


def described() -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by table and column, what the templates say."""
    text = (assets.reference() / "templates.yaml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, dict[str, Any]]] = YAML(typ="safe").load(text)
    return tables


def write_templates(out: Path) -> list[Path]:
    """Write ``<table>_template.xlsx`` and ``.csv`` for each table into ``out``; return the paths.

    Raises
    ------
    UsageError
        When one of the files is there already: it may be filled in.
    """
    files = {
        out / f"{table}_template{suffix}": content
        for table, columns in described().items()
        for suffix, content in ((".xlsx", _book(table, columns)), (".csv", _header(columns)))
    }
    do = "name another folder with --out, or move the file"
    there = [path for path in files if path.exists()]
    raise_all(UsageError, (Problem(str(path), "is there already", "a folder without templates", do) for path in there))
    for path, content in files.items():
        write_whole(path, content)
    return list(files)


def _header(columns: dict[str, dict[str, Any]]) -> bytes:
    return b"\xef\xbb\xbf" + (",".join(columns) + "\r\n").encode("utf-8")


def _book(table: str, columns: dict[str, dict[str, Any]]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties({"title": f"Template of {table}", "created": FIRST_DAY})
        bold, wrap = book.add_format({"bold": True, "bg_color": "#d5dde5"}), book.add_format({"text_wrap": True})
        _explain(book.add_worksheet("Read me"), table, columns, bold, wrap)
        table_sheet(book, table, columns, bold)
    return content.getvalue()


def table_sheet(book: Any, title: str, columns: dict[str, dict[str, Any]], bold: Any) -> Any:
    """Add the sheet of a table to a workbook, with its header and drop-downs; return it."""
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    for place, (name, column) in enumerate(columns.items()):
        sheet.write_string(0, place, name, bold)
        sheet.set_column(place, place, max(12, len(name) + 2))
        if "allowed" in column:
            allowed = [_word(value) for value in column["allowed"]]
            sheet.data_validation(1, place, ROWS, place, {"validate": "list", "source": allowed})
    return sheet


def _explain(sheet: Any, table: str, columns: dict[str, dict[str, Any]], bold: Any, wrap: Any) -> None:
    sheet.write_string(0, 0, f"Fill in the sheet '{table}', one row for each; leave out columns that you do not need.")
    explain_columns(sheet, 2, columns, bold, wrap)


def explain_columns(sheet: Any, first: int, columns: dict[str, dict[str, Any]], bold: Any, wrap: Any) -> int:
    """Write what each column of a table means, from a row on; return the row below."""
    for place, (title, width) in enumerate(EXPLAINED.items()):
        sheet.write_string(first, place, title, bold)
        sheet.set_column(place, place, width)
    for row, (name, column) in enumerate(columns.items(), first + 1):
        allowed = ", ".join(_word(value) for value in column.get("allowed", ()))
        texts = (name, column["need"], column["meaning"], allowed, _word(column["example"]))
        sheet.set_row(row, row_height([str(text) for text in texts], EXPLAINED.values()))
        for place, text in enumerate(texts):
            sheet.write_string(row, place, str(text), wrap)
    return first + 1 + len(columns)


def row_height(texts: Iterable[str], widths: Iterable[int]) -> int:
    """Return how many points high the cells of some texts are, each broken to the width of its column."""
    return TEXT_POINTS * max(1, *(ceil(0.95 * len(text) / width) for text, width in zip(texts, widths, strict=True)))


def _word(value: Any) -> str:
    """Return a YAML value as it is typed in a cell: true and false are yes and no."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
