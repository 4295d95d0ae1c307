"""Folders of official files drawn at random: lists of schools, yearly tables, places, links; then a panel is made.

``python benchmarks/fuzz/official_folders.py --examples 100 --seed 1`` draws that many and prints what is wrong.
"""

from __future__ import annotations

import io
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import xlsxwriter

from pilotage.config.overlay import resolve
from pilotage.config.scenario import Scenario
from pilotage.sources import assemble
from pilotage.sources.files import status
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.schools.coverage import coverage
from pilotage.sources.schools.decidable import expect_decidable
from pilotage.sources.schools.yearly import yearly_sources

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.official import as_text, damaged, mutated_rows
from fuzz.official_tables import table_of
from fuzz.outcome import Outcome, faults, outcome_of

Draw = random.Random
Files = dict[str, bytes]
ERAS = {  # days, and the list of schools of the time
    date(2014, 4, 30): "ofsted_mi",
    date(2017, 9, 1): "ofsted_mi_2017",
    date(2019, 8, 31): "ofsted_mi_csv",
    date(2023, 9, 30): "ofsted_mi_csv",
    date(2026, 5, 31): "ofsted_report_cards",
}
STANDING = ("gias_extract", "gias_links", "gias_group_links", "coords_2025", "gias_groups")
LIKELY = {"gias_extract": 0.8, "dfe_census": 0.85}
SHORT_NAMES = {"dfe_census": "census", "dfe_absence": "abs", "dfe_workforce": "swf", "dfe_ks2": "ks2final"}
SHORT_NAMES |= {"dfe_ks4": "ks4final", "dfe_spine": "spine"}
STRANGE = {
    "readme.pdf": b"%PDF",
    "notes.csv": b"a,b\n1,2\n",
    "ks4_meta.csv": b"Metafile heading\nURN\n",
    "empty.csv": b"",
}


@dataclass(frozen=True)
class Drawn:
    """A folder of files, and what a scenario says of it."""

    files: Files
    as_of: date
    grade_proxy: str | None
    crosswalk: str | None
    partial: str


def drawn_folder(seed: int) -> Drawn:
    """Return the folder of a seed."""
    draw = random.Random(seed)
    as_of = draw.choice(list(ERAS))
    proxied = draw.random() < 0.25
    urns = range(110_000, 110_000 + draw.choice((1, 4, 12)))
    files = dict(_files(draw, as_of, proxied, urns))
    for name in draw.sample(sorted(STRANGE), draw.choice((0, 0, 0, 1))):
        files[name] = STRANGE[name]
    crosswalk = draw.choice((None,) * 12 + ("cautious",) * 6 + ("cautios",))
    partial = draw.choice(("accept",) * 19 + ("refuse",))
    return Drawn(files, as_of, "overall_grade" if proxied else None, crosswalk, partial)


def _files(draw: Draw, as_of: date, proxied: bool, urns: range) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file, most of them whole and of the time."""
    year = as_of.year - 1
    sources = {f"{ERAS[as_of]}_{number}": ERAS[as_of] for number in range(draw.choice((1, 1, 1, 2)))}
    if draw.random() < 0.15:
        sources["another"] = draw.choice(sorted(column_maps()))
    if proxied:
        sources |= {f"{year}/spine": "dfe_spine", "history": "ofsted_overall_history"}
        sources |= {"overall": "ofsted_overall"} if draw.random() < 0.5 else {}
    sources |= {name: name for name in STANDING if draw.random() < LIKELY.get(name, 0.4)}
    likely = [name for name in ("dfe_census", "dfe_ks4", "dfe_ks2") if draw.random() < LIKELY.get(name, 0.4)]
    for name in sorted({*likely, *draw.sample(yearly_sources(), draw.choice((0, 1, 2)))}):
        short = SHORT_NAMES.get(name, name)
        sources |= {f"{year - back}/england_{short}": name for back in range(draw.choice((1, 1, 2)))}
        sources |= {f"{year}/england_spine": "dfe_spine"} if name == "dfe_ks4_2010" else {}
    for number in range(draw.choice((0, 0, 0, 0, 1))):
        sources.pop(draw.choice(sorted(sources)), number)
    for stem, source in sources.items():
        yield _file(draw, stem, source, table_of(draw, source, urns, as_of))


def _file(draw: Draw, stem: str, source: str, rows: list[list[str]]) -> tuple[str, bytes]:
    """Return a table as a file; one in some is changed, cut off or written as another program would."""
    broken = draw.random() < 0.06
    rows = mutated_rows(draw, rows) if broken else rows
    if source == "ofsted_mi" or draw.random() < 0.05:
        content, ending = _workbook(draw, rows, source), "xlsx"
    elif broken:
        content, ending = as_text(draw, rows), "csv"
    else:
        content, ending = "\n".join(",".join(_quoted(cell) for cell in row) for row in rows).encode() + b"\n", "csv"
    return f"{stem}.{ending}", damaged(draw, content) if broken and draw.random() < 0.3 else content


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell and '"' not in cell else cell


def _workbook(draw: Draw, rows: list[list[str]], source: str) -> bytes:
    """Return a workbook with a sheet of rows; of a month's list, with its day on another sheet."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    if source == "ofsted_mi" and draw.random() < 0.95:
        label, day = (
            draw.choice(("End date", "As at Date", "Period covered")),
            draw.choice(("30 April 2013", "31 March 2014")),
        )
        book.add_worksheet(draw.choice(("Dates", "Cover"))).write_row(0, 0, [label, draw.choice((day,) * 9 + ("",))])
    page = book.add_worksheet(draw.choice(("Provider level data",) * 19 + ("Sheet2",)))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row[:300]):
            page.write_string(number, place, "".join(sign for sign in cell if sign.isprintable())[:30_000])
    book.close()
    return content.getvalue()


@cache
def _scenario() -> Scenario:
    return resolve("england-2014").scenario


def scenario_of(drawn: Drawn, folder: Path) -> Scenario:
    """Return a scenario on the folder."""
    data = _scenario().data.model_copy(
        update={
            "folder": folder,
            "grade_proxy": drawn.grade_proxy,
            "crosswalk": drawn.crosswalk,
            "partial": drawn.partial,
        }
    )
    return _scenario().model_copy(update={"data": data, "as_of": drawn.as_of})


def use(drawn: Drawn, folder: Path) -> list[str]:
    """Make the panel of a folder, and all that is said of it and of its files; return what was said."""
    said: list[str] = []
    files, cache_folder = folder / "files", folder / "cache"
    scenario = scenario_of(drawn, files)
    panel = assemble.load_panel(scenario, cache=cache_folder, say=said.append)
    said += panel.notes
    scoped = scenario.scope.model_copy(update={"phases": (), "regions": (), "authorities": ()})
    urns = assemble.scope_urns(panel, scenario.model_copy(update={"scope": scoped}))
    said += [f"{each.figure} {each.sources}" for each in coverage(panel, urns)]
    expect_decidable(panel, urns)
    return said


def put(drawn: Drawn, folder: Path) -> Path:
    """Write the files of a folder, in the place of those of the seed before."""
    files = folder / "files"
    shutil.rmtree(files, ignore_errors=True)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    for name, content in drawn.files.items():
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_bytes(content)
    files.mkdir(exist_ok=True)
    return files


def answer(seed: int, folder: Path) -> Answer:
    """Return what the folder of a seed comes to, and what is wrong with that."""
    drawn = drawn_folder(seed)
    put(drawn, folder)
    said: list[str] = []
    outcome = outcome_of(lambda: said.extend(use(drawn, folder)))
    given = "\n".join([*drawn.files, *(content.decode("latin-1") for content in drawn.files.values())])
    wrong = faults(outcome, given)
    wrong += [f"exit code {outcome.code}"] if outcome.code not in (0, 2, 3) else []
    return outcome, wrong


def answer_again(seed: int, folder: Path) -> Answer:
    """Return what the import of a folder, and a second look through the cache, come to; they must say the same."""
    drawn = drawn_folder(seed)
    files = put(drawn, folder)
    first = [fact.said for fact in status.data_status(files, folder / "cache")]
    said = [
        text
        for fact in status.data_status(files, folder / "cache", {110_000})
        for text in status.cells(fact, drawn.as_of)
    ]
    again = [fact.said for fact in status.data_status(files, folder / "cache")]
    out = folder / "imported"
    if seed % 3:
        shutil.rmtree(out, ignore_errors=True)
    outcome = outcome_of(lambda: status.import_folder(files, out, said.append))
    given = "\n".join(content.decode("latin-1") for content in drawn.files.values())
    wrong = faults(Outcome(outcome.code, (*outcome.said, *said)), given)
    wrong += [f"said {line!r} first" for line, other in zip(first, again, strict=True) if line != other]
    return outcome, wrong


HARNESSES = (Harness("official folders", answer, 12), Harness("official folders, imported", answer_again, 8))

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
