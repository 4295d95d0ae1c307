"""A text file as a grid: where its rows end."""

from pathlib import Path

import pytest

from pilotage.sources.cells.text_file import text_grid
from pilotage.sources.opening.text_rows import text_rows

HEADER = ("leader_id", "level", "name")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_stray_carriage_return_in_a_cell_ends_no_row(end: str) -> None:
    text = end.join([",".join(HEADER), "L1,he\rad,Ann", "L2,\r,Bob", ""])
    rows = text_grid(Path("leaders.csv"), text, HEADER).rows
    assert rows[1:3] == [["L1", "he ad", "Ann"], ["L2", "", "Bob"]]
    assert text_rows(Path("leaders.csv"), text, HEADER)[0][1:] == [["L1", "he ad", "Ann"], ["L2", " ", "Bob"]]


def test_carriage_returns_alone_end_the_rows_of_a_file_without_line_feeds() -> None:
    rows = text_grid(Path("leaders.csv"), "leader_id,level\rL1,head\rL2,head\r", HEADER).rows
    assert rows[:3] == [["leader_id", "level"], ["L1", "head"], ["L2", "head"]]
