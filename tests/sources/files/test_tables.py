"""Planners' workbooks: an empty sheet, and cells that Excel holds as days."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from pilotage.errors import DataError
from pilotage.sources.files.tables import read_text_table


def test_a_workbook_without_a_row_is_refused(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "leaders.xlsx"))
    book.add_worksheet("leaders")
    book.close()
    with pytest.raises(DataError) as caught:
        read_text_table(tmp_path / "leaders.xlsx")
    wanted = f"{tmp_path / 'leaders.xlsx'} - its sheet is empty - a header row and data - move the table there"
    assert [str(problem) for problem in caught.value.problems] == [wanted]


def test_days_of_a_workbook_are_read_as_days_with_or_without_an_hour(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "posts.xlsx"))
    day, hour = (book.add_format({"num_format": text}) for text in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm"))
    page = book.add_worksheet("posts")
    page.write_row(0, 0, ["opens_on", "date"])
    page.write_datetime(1, 0, date(2016, 9, 1), day)
    page.write_datetime(1, 1, datetime(2016, 9, 2, 14, 30), hour)
    book.close()
    assert read_text_table(tmp_path / "posts.xlsx").to_numpy().tolist() == [["2016-09-01", "2016-09-02"]]
