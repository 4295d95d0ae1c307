"""How far a workbook's cells reach, from the parts of the file: text, binary and open documents."""

import pytest

from pilotage.sources.opening.far_cells import NEAR, reach_of

SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        (b'<row r="1"><c r="A1"><v>1</v></c></row>', NEAR),
        (b'<row r="1"><c r="XFD1"><v>1</v></c></row>', (1, 16_384)),
        (b"<row r='1048576'><c t='n' r='A1048576'><v>1</v></c></row>", (1_048_576, 1)),
        (b'<x:row r="2"><x:c r="ZZ30000"><x:v>1</x:v></x:c></x:row>', (30_000, 702)),
        (b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="5"/></row>', NEAR),
        (b"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", (2, 2)),
    ],
)
def test_the_cells_of_a_sheet_reach_as_far_as_the_last_that_is_filled(text: bytes, reach: tuple[int, int]) -> None:
    assert reach_of(SHEET, text) == reach


def test_a_binary_sheet_reaches_to_its_last_row_and_column() -> None:
    row = bytes([0, 4]) + (1_048_575).to_bytes(4, "little")
    cell = bytes([5, 8]) + (16_383).to_bytes(4, "little") + bytes(4)
    assert reach_of("xl/worksheets/sheet1.bin", row + cell) == (1_048_576, 16_384)


def test_an_open_document_repeats_rows_and_cells() -> None:
    cell = b'<table:table-cell table:number-columns-repeated="16384" office:value="1"/>'
    row = b'<table:table-row table:number-rows-repeated="1048576">'
    blank = b'<table:table-cell table:number-columns-repeated="1024"/>'
    assert reach_of("content.xml", row + cell) == (1_048_576, 16_384)
    assert reach_of("content.xml", b"<table:table-row>" + cell.replace(b"16384", b"3") + blank + row + blank) == (1, 3)


def test_parts_that_are_no_sheets_have_no_cells() -> None:
    assert reach_of("xl/media/image1.jpeg", b"<c r='XFD1048576'>x</c>") == (0, 0)
