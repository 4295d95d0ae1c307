"""What people put in the place of a table: old workbooks, zips in zips, locked, huge and half files, folders and links.

``python benchmarks/fuzz/odd_files.py --examples 200 --seed 1`` draws that many and prints what is wrong.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import struct
import sys
import zipfile
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.official import CODES, as_text, as_workbook, damaged, mutated_rows, whole_rows
from fuzz.outcome import faults, outcome_of
from pilotage.sources.files.status import data_status
from pilotage.sources.files.tables import read_text_table
from pilotage.sources.opening.contents import LARGEST_BYTES

Draw = random.Random
REAL = Path(__file__).resolve().parents[2] / "tests" / "bad_inputs" / "files"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
NAMES = ("census_2019.csv", "census_2019.xlsx", "census_2019.xls", "census_2019.ods", "census_2019.xlsb", "mi_2019.zip")
BINARY_CELL = bytes((5, 12)) + (2).to_bytes(4, "little") + bytes(8)


def _zipped(name: str, content: bytes, *more: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, inside in ((name, content), *more):
            archive.writestr(each, inside)
    return packed.getvalue()


def _table(draw: Draw) -> bytes:
    rows = whole_rows(draw)
    rows = mutated_rows(draw, rows) if draw.random() < 0.3 else rows
    return as_text(draw, rows)


def _real(draw: Draw) -> bytes:
    """Return one of the odd files of the tests, as another program or a person left it."""
    return draw.choice(sorted(path for path in REAL.iterdir() if path.is_file())).read_bytes()


def _in_zips(draw: Draw) -> bytes:
    """Return a table in a zip, perhaps in another, perhaps beside others."""
    inner = _zipped("a.csv", _table(draw))
    if draw.random() < 0.3:
        return _zipped("a.csv", _table(draw), ("__MACOSX/._a.csv", b"x"), ("b.txt", b"read me"))
    return draw.choice((inner, _zipped("b.csv", inner), _zipped("b.xlsx", as_workbook(draw, whole_rows(draw)))))


def _stating_more(draw: Draw) -> bytes:
    """Return a zip that says of its file that it unpacks to another size, or is packed in another way."""
    content = bytearray(_zipped("a.csv", _table(draw)))
    entry = content.index(b"PK\x01\x02")
    size = draw.choice((LARGEST_BYTES + 1, 2**32 - 1, 0, 7))
    change = draw.choice(((24, "<I", size), (10, "<H", 99), (8, "<H", 1), (42, "<I", 2**31)))
    struct.pack_into(change[1], content, entry + change[0], change[2])
    return bytes(content)


def _locked(draw: Draw) -> bytes:
    """Return the beginning of a workbook with a password, as Office keeps it, or of another old document."""
    entry = "EncryptedPackage".encode("utf-16-le") * draw.choice((0, 1))
    return OLE + bytes(504) + entry + bytes(draw.choice((0, 2048)))


def _binary(draw: Draw) -> bytes:
    """Return a workbook of binary sheets, most of whose parts are lacking."""
    row = bytes((0, 4)) + draw.choice((0, 5, 2**20)).to_bytes(4, "little")
    long = bytes((0x80 | draw.randrange(128), 0x80, 0x80, 0x80, 4)) + bytes(4)
    other = bytes((40, 2, 1, 1))
    records = b"".join(draw.choice((row, BINARY_CELL, other, long)) for _ in range(draw.choice((1, 4, 9))))
    return _zipped("[Content_Types].xml", b"<Types/>", ("xl/worksheets/sheet1.bin", records), ("xl/workbook.bin", b""))


def _open_document(draw: Draw) -> bytes:
    """Return a sheet of an open document: rows, cells with a value or blank ones, some of them repeated."""
    cells = ('<table:table-cell office:value="1"/>', "<table:table-cell><text:p>URN</text:p></table:table-cell>")
    many = f'<table:table-cell table:number-columns-repeated="{draw.choice((2, 1024, 16384))}"/>'
    row = f"<table:table-row>{draw.choice(cells)}{draw.choice((many, ''))}{draw.choice(cells)}</table:table-row>"
    far = f'<table:table-row table:number-rows-repeated="{draw.choice((3, 1048576))}">{many}</table:table-row>'
    text = "".join(draw.choice((row, row, far)) for _ in range(3))
    return _zipped("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", ("content.xml", text.encode()))


def _unquoted(draw: Draw) -> bytes:
    """Return a table with quotes that a program did not double, or a quote that is never closed."""
    names = ('"The "Old" School, Derby"', '"a","b"', '"x, "y", z"', '"open', '""', '"' + "x" * 140_000, '"a"b,"c"')
    rows = [f"{110_000 + place},200,46.2,{draw.choice(names)},9" for place in range(3)]
    return "\n".join(["URN,TOTPUPSENDN,PNUMEAL,SCHNAME,PNUMFSMEVER", *rows, ""]).encode()


def _page(draw: Draw) -> bytes:
    page = draw.choice((b"<!DOCTYPE html><html>", b"<?xml version='1.0'?><html>", b"<?xml version='1.0'?><Workbook>"))
    return page + draw.choice((b"", b"<table><tr><td>URN</td></tr></table>"))


def _packed(draw: Draw) -> bytes:
    return gzip.compress(_table(draw))


KINDS = (_real, _real, _in_zips, _stating_more, _locked, _binary, _open_document, _unquoted, _page, _packed)


def _put(draw: Draw, path: Path) -> str:
    """Put something in the place of a file, and return what stands in it as text."""
    kind = draw.random()
    if kind < 0.03:
        path.mkdir()
        return ""
    if kind < 0.09:
        path.symlink_to(draw.choice((path.parent / "nowhere", path, path.parent.parent)))
        return ""
    if kind < 0.11:
        os.mkfifo(path)
        return ""
    if kind < 0.14:
        with path.open("wb") as file:
            file.truncate(LARGEST_BYTES + 1)  # takes no room on the disk
        return ""
    content = draw.choice(KINDS)(draw)
    content = damaged(draw, content) if draw.random() < 0.2 else content
    path.write_bytes(content)
    return content.decode("latin-1")


def answer(seed: int, folder: Path) -> Answer:
    """Return what `data status`, and the reader of planners' tables, come to of the file of a seed."""
    draw = random.Random(f"odd {seed}")
    files = folder / "files"
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir()
    path = files / draw.choice(NAMES)
    given = _put(draw, path)
    said: list[str] = []
    whole = outcome_of(lambda: said.extend(fact.said for fact in data_status(files, folder / "cache")))
    wrong = [fault for line in said for fault in faults(type(whole)(3, (line,)), given)]
    outcome = outcome_of(lambda: read_text_table(path, ("leaders",), ("leader_id", "urn")))
    wrong += [f"exit code {each.code}" for each in (whole, outcome) if each.code not in CODES]
    return outcome, wrong + faults(whole, given) + faults(outcome, given)


HARNESSES = (Harness("files of other kinds", answer, 60),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
