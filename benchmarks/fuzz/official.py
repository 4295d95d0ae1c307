"""Official files drawn at random: small whole ones, then cut, overwritten, blown up, or saved by another program.

``python benchmarks/fuzz/official.py --examples 500 --seed 1`` draws that many and prints what is wrong with the answer.
"""

from __future__ import annotations

import io
import random
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from pilotage.sources.files.status import data_status

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.outcome import Outcome, faults, written_in
from pilotage.errors import PilotageError, told

Draw = random.Random
Rows = list[list[str]]
CODES = (0, 3)
MI = (
    *("URN", "School name", "Region", "Local authority", "Type of education", "Ofsted phase", "Total number of pupils"),
    *("Inspection end date", "Publication date", "URN at time of latest graded inspection", "Overall effectiveness"),
    "Effectiveness of leadership and management",
)
GIAS = ("URN", "EstablishmentName", "LA (name)", "EstablishmentStatus (name)", "OpenDate", "CloseDate", "Easting")
GIAS = (*GIAS, "Northing", "DistrictAdministrative (name)")
CELLS = (
    *(
        "",
        " ",
        "NULL",
        "SUPP",
        "9",
        "0",
        "-1",
        "1e308",
        "1e999",
        "inf",
        "nan",
        "0x10",
        "1_000",
        "110,000",
        "31,2",
        "1.234",
    ),
    *(
        "110 000",
        "£5",
        "46%",
        "460%",
        "31/02/2019",
        "2019-02-30",
        "99999",
        "20191301",
        "01/01/0001",
        "31/12/9999",
        "#REF!",
    ),
    *(
        "=1+1",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
        "caf\u00e9",
        "\U0001f600",
        "\u0661\u0662",
        '"',
        "'",
        "a,b",
        "a;b",
    ),
    *("a\tb", "a\nb", "x" * 40_000, "9" * 400, "<html>", "../../etc/passwd", "True", "TRUE", "None"),
)
CHANGES = (  # of the text of a workbook's parts
    *((b"<", b"&"), (b'r="', b'r="XFD'), (b"<v>", b"<v>9e999"), (b"xml", b"lmx"), (b"</row>", b"")),
    *((b" r=", b" s="), (b"<c r=", b"<c s=")),
)
NAMES = ("census_2019.csv", "census_2019.xlsx", "mi_2019.zip", "mi_2019.txt", "mi_2019.xls", "mi_2019.ods", "mi_2019")


def whole_rows(draw: Draw) -> Rows:
    """Return a small official table: a list of inspections, a census, or a list of places."""
    urns = range(110_000, 110_000 + draw.choice((1, 3, 30)))
    if draw.random() < 0.4:
        said = ("North West", "Blackpool", "Community School", "Primary", "200", "10/05/2019", "20/06/2019")
        body = [[str(urn), f"School {urn}", *said, str(urn), "2", "2"] for urn in urns]
        return [list(MI), *body]
    if draw.random() < 0.6:
        return [
            ["URN", "TOTPUPSENDN", "PNUMEAL", "PNUMFSM", "PNUMFSMEVER"],
            *([str(u), "200", "46.2", "8.3", "9"] for u in urns),
        ]
    return [list(GIAS), *([str(u), "x", "B", "Open", "", "", "331000", "436000", "B"] for u in urns)]


def mutated_rows(draw: Draw, rows: Rows) -> Rows:
    """Return a table in which some cells, rows or columns are changed, dropped, repeated or made many."""
    for _ in range(draw.choice((0, 1, 1, 2, 5))):
        row = draw.choice(rows)
        place = draw.randrange(len(row)) if row else 0
        kind = draw.randrange(8)
        if kind <= 3 and row:
            row[place] = draw.choice(CELLS)
        elif kind == 4:
            rows.insert(draw.randrange(len(rows) + 1), list(row))
        elif kind == 5:
            del row[place : place + 1]
        elif kind == 6:
            row.extend(draw.choice(("", "x")) for _ in range(draw.choice((1, 3, 6_000))))
        else:
            rows[:] = [[*cells, cells[0] if cells else ""] for cells in rows]
    return rows


def as_text(draw: Draw, rows: Rows) -> bytes:
    """Return a table as a CSV that some program saved, perhaps without care for quotes."""
    separator = draw.choice((",",) * 6 + (";", "\t", "|"))
    quoted = draw.random() < 0.8
    cells = [[_quoted(cell, separator) if quoted else cell for cell in row] for row in rows]
    text = draw.choice(("\n", "\r\n", "\r")).join(separator.join(row) for row in cells)
    encoding = draw.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"))
    return text.encode(encoding, errors="replace")


def _quoted(cell: str, separator: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in (separator, '"', "\n")) else cell


def as_workbook(draw: Draw, rows: Rows) -> bytes:
    """Return a table as a workbook, perhaps with a cell far away."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(["".join(sign for sign in cell if sign.isprintable())[:30_000] for cell in row])
    if draw.random() < 0.2:
        sheet.cell(draw.choice((1, 40_000, 1_048_576)), draw.choice((1, 702, 16_384)), "far")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def damaged(draw: Draw, content: bytes) -> bytes:
    """Return bytes cut off, overwritten, doubled or put into a zip; mostly as they are."""
    kind, place = draw.randrange(10), draw.randrange(len(content) or 1)
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content[:place] + bytes(draw.randrange(256) for _ in range(20)) + content[place + 20 :]
    if kind == 2:
        return content + content
    if kind == 3:
        return _rewritten(draw, content)
    if kind == 4:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in draw.sample(("a.csv", "b.xlsx", "c.txt"), draw.choice((1, 2))):
                archive.writestr(name, content)
        return packed.getvalue()
    return content


def _other_workbook(draw: Draw) -> bytes:
    """Return a workbook of another form: an open document, or one of binary sheets; without most of its parts."""
    rows = b"".join(
        b'<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="%d"%s'
        b"</table:table-row>"
        % (draw.choice((1, 3, 1_048_576)), draw.choice((1, 16_384)), draw.choice((b"/>", b' office:value="1"/>')))
        for _ in range(3)
    )
    records = bytes((0, 4)) + bytes(draw.randrange(256) for _ in range(4)) + bytes((draw.randrange(12), 8)) + bytes(8)
    parts = draw.choice(({"content.xml": rows}, {"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": records * 3}))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _rewritten(draw: Draw, content: bytes) -> bytes:
    """Return a workbook of which one part is changed and the zip is whole again; other files as they are."""
    if draw.random() < 0.3:
        return _other_workbook(draw)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return content
    name = draw.choice(list(parts))
    old, new = draw.choice(CHANGES)
    parts[name] = draw.choice((parts[name].replace(old, new), parts[name][: len(parts[name]) // 2], b""))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return whole.getvalue()


def drawn_file(seed: int, write: Callable[[Draw, Rows], bytes]) -> tuple[str, bytes]:
    """Return the name and the bytes of the file of a seed."""
    draw = random.Random(seed)
    rows = mutated_rows(draw, whole_rows(draw))
    usual = "census_2019.xlsx" if write is as_workbook else "census_2019.csv"
    return usual if draw.random() < 0.8 else draw.choice(NAMES), damaged(draw, write(draw, rows))


def outcome_of_file(name: str, content: bytes, folder: Path) -> Outcome:
    """Return what `data status` comes to of a folder with one file; what it says of the file is said."""
    files = folder / "files"
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir()
    (files / name).write_bytes(content)
    try:
        facts = data_status(files, folder / "cache")
    except PilotageError as error:
        return Outcome(error.exit_code, tuple(told(error.problems)))
    return Outcome(0 if all(fact.said.startswith("yes") for fact in facts) else 3, tuple(fact.said for fact in facts))


def _answer(folder: Path, named: tuple[str, bytes]) -> Answer:
    name, content = named
    outcome = outcome_of_file(name, content, folder)
    wrong = [] if outcome.code in CODES else [f"exit code {outcome.code}"]
    wrong += [] if len(outcome.said) == 1 else [f"{len(outcome.said)} lines said of one file"]
    return outcome, wrong + faults(outcome, written_in(content))


def answer_to_text(seed: int, folder: Path) -> Answer:
    """Return what the text file of a seed comes to, and what is wrong with that."""
    return _answer(folder, drawn_file(seed, as_text))


def answer_to_workbook(seed: int, folder: Path) -> Answer:
    """Return what the workbook of a seed comes to, and what is wrong with that."""
    return _answer(folder, drawn_file(seed, as_workbook))


HARNESSES = (
    Harness("official files, CSV", answer_to_text, 90),
    Harness("official files, XLSX", answer_to_workbook, 50),
)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
