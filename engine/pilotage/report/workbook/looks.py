"""Book: a workbook being written, and how its cells look; no formulas and no links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pilotage.domain.words import printable

FORMS = {
    "text": "@",
    "integer": "0",
    "share": "0%",
    "chance": '[<1]"fewer than 1 in 100";[>99]"more than 99 in 100";"about "0" in 100"',
    "months": "#,##0",
    "years": "0",
    "km": "0",
    "price": "#,##0.00##",
}
INK, PAPER, WARNING, FAILED = "#1d3d5c", "#e8eef4", "#fde7c8", "#b3261e"
TYPING, TYPED_HEADING = "#fff9d6", "#7a5c00"  # cells to type in, and their headings
BAR = "#9cc3e6"
DAY = "dd/mm/yyyy"
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose texts have no control characters."""

    def _write_string(self, row: int, column: int, text: str, *format_: Any) -> Any:
        return super()._write_string(row, column, printable(text), *format_)


@dataclass(frozen=True)
class Book:
    """A workbook being written, and its cell formats."""

    book: Any

    @cached_property
    def heading(self) -> Any:
        """Return the format of a column heading."""
        look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": INK, "font_color": "white", "border": 1}
        return self.book.add_format(look)

    @cached_property
    def title(self) -> Any:
        """Return the format of a title."""
        return self.book.add_format({"bold": True, "font_size": 16, "font_color": INK})

    @cached_property
    def section(self) -> Any:
        """Return the format of a section heading."""
        return self.book.add_format({"bold": True, "font_size": 12, "font_color": INK, "bottom": 1})

    @cached_property
    def text(self) -> Any:
        """Return the format of running text."""
        return self.book.add_format({"text_wrap": True, "valign": "top"})

    @cached_property
    def bold(self) -> Any:
        """Return the format of a name in running text."""
        return self.book.add_format({"text_wrap": True, "valign": "top", "bold": True})

    @cached_property
    def warning(self) -> Any:
        """Return the format of the synthetic banner."""
        look = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": WARNING, "border": 1}
        return self.book.add_format(look)

    @cached_property
    def failed(self) -> Any:
        """Return the format of what says that the audit failed."""
        look = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": FAILED, "font_color": "white"}
        return self.book.add_format(look | {"border": 1})

    @cached_property
    def marked(self) -> Any:
        """Return the format that marks a placed school."""
        return self.book.add_format({"bg_color": WARNING, "bold": True})

    @cached_property
    def typed_heading(self) -> Any:
        """Return the format of the heading of a column to type in."""
        look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": TYPED_HEADING, "font_color": "white"}
        return self.book.add_format(look | {"border": 1})

    @cached_property
    def typed(self) -> Any:
        """Return the format of a cell to type in; a day in it is shown as one."""
        look = {"bg_color": TYPING, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#d9c97a"}
        return self.book.add_format(look | {"num_format": DAY, "align": "left"})

    @cached_property
    def small(self) -> Any:
        """Return the format of a cell that nobody needs to read."""
        return self.book.add_format({"num_format": "@", "font_color": "#6b6b6b", "font_size": 8, "valign": "top"})

    @cached_property
    def forms(self) -> dict[str, Any]:
        """Return the cell format of each form of column."""
        return {form: self.book.add_format(_look(form)) for form in FORMS}

    @cached_property
    def wrapped(self) -> dict[str, Any]:
        """Return the cell formats of rows that are to be printed: long texts and words run over several lines."""
        return {form: self.book.add_format(_look(form) | {"text_wrap": True}) for form in FORMS}


def _look(form: str) -> dict[str, Any]:
    """Return the look of a form; a text stands off the figure before it."""
    return {"num_format": FORMS[form], "valign": "top"} | ({"align": "left", "indent": 1} if form == "text" else {})
