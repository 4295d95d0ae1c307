"""pack.html and the sheet of each school for its governors: pages that work offline."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from markupsafe import Markup

from pilotage.domain.findings.packs import AudienceKind, BodyPack, Pack, PackSchool, Stamp, TrusteesPack
from pilotage.report.columns import Column
from pilotage.report.html import REPORT, rendered
from pilotage.report.share import area_rows, words
from pilotage.report.share.school_rows import SCHOOLS, school_row
from pilotage.report.words import number, phase_words, plural, text_of

FOLDER, SHEET = "share", "sheet.html.jinja"
SHEETS = "schools"  # folder of the sheets
SHOWN = ("name", "leadership", "support_priority", "outlook", "offered")  # columns of the page; the others are notes
NOTES = {"support_priority": "why_here", "outlook": "gap"}  # the column whose text stands below another's
CAPTION = "A name opens a sheet for the school's governors, which prints on one page. schools.xlsx has the whole list."

Cells = dict[str, Any]
Part = tuple[str, list[tuple[str, str]], list[str]]


def sheet_name(school: PackSchool) -> str:
    """Return the path of a school's sheet in the pack; a URN makes a name that every system takes."""
    return f"{SHEETS}/{school.urn}.html"


def pack_page(pack: Pack) -> str:
    """Return pack.html, without any reference to the outside."""
    made = _body(pack) if isinstance(pack, BodyPack) else _trustees(pack)
    stamp = pack.stamp
    lines = [words.made_for(stamp), words.sign_off(stamp), words.made_from(stamp)]
    common = _common(stamp) | {"reader": words.reader(stamp.audience), "stamp": lines}
    return rendered(FOLDER, common | made)


def title_of(stamp: Stamp) -> str:
    """Return the title of a pack."""
    if stamp.audience.kind is AudienceKind.TRUSTEES:
        return "The plan for trustees"
    place = "in the area of " if stamp.audience.kind is AudienceKind.AUTHORITY else "of "
    return f"Schools {place}{stamp.audience.name}"


def notes_of(stamp: Stamp) -> list[str]:
    """Return how to read a pack, line by line."""
    if stamp.audience.kind is AudienceKind.TRUSTEES:
        return [words.NOT_A_JUDGEMENT, area_rows.NOTE, words.sources(stamp)]
    return [words.NOT_A_JUDGEMENT, words.CHANCES, words.REASONS, words.FREE, words.sources(stamp), words.FORECAST_FROM]


def _common(stamp: Stamp) -> Cells:
    look = files(REPORT).joinpath(FOLDER, "pack.css").read_text(encoding="utf-8").rstrip("\n")
    banners = [line for line in (stamp.banner, stamp.caution) if line]
    return {"pack_style": Markup(look), "banners": banners, "sign_off": words.sign_off(stamp)}


def _body(pack: BodyPack) -> Cells:
    columns = [column for column in SCHOOLS if column.name in SHOWN]
    offers = sum(bool(school.offers) for school in pack.schools)
    return {
        "title": title_of(pack.stamp),
        "headline": f"{plural(len(pack.schools), 'school')}; this plan offers something to {offers:,} of them.",
        "totals": [],
        "list_title": "Schools",
        "caption": CAPTION,
        "columns": [{"heading": column.heading, "number": False} for column in columns],
        "rows": [_school_cells(school, columns) for school in pack.schools],
        "notes": notes_of(pack.stamp),
    }


def _school_cells(school: PackSchool, columns: list[Column]) -> list[Cells]:
    row = school_row(school)
    made = []
    for column in columns:
        first = column.name == "name"
        note = _about(school) if first else text_of(row[NOTES[column.name]]) if column.name in NOTES else ""
        text = text_of(row[column.name]) or ("" if first else "—")
        link = sheet_name(school) if first and school.forecast is not None else ""
        made.append({"label": column.heading, "text": text, "note": note, "link": link, "number": False})
    return made


def _about(school: PackSchool) -> str:
    pupils = "" if school.pupils is None else plural(school.pupils, "pupil")
    return " · ".join(part for part in (f"URN {school.urn}", phase_words(school.phase), pupils) if part)


def _trustees(pack: TrusteesPack) -> Cells:
    columns, rows = area_rows.shown_columns(pack), area_rows.area_list(pack)
    return {
        "title": title_of(pack.stamp),
        "headline": area_rows.headline(pack),
        "totals": area_rows.totals(pack),
        "list_title": "By area",
        "caption": area_rows.NOTE,
        "columns": [{"heading": column.heading, "number": column.name != "area"} for column in columns],
        "rows": [[_area_cell(column, row) for column in columns] for row in rows.to_dict("records")],
        "notes": [note for note in notes_of(pack.stamp) if note != area_rows.NOTE],
    }


def _area_cell(column: Column, row: dict[Any, Any]) -> Cells:
    text = str(row[column.name])
    return {"label": column.heading, "text": text, "note": "", "link": "", "number": column.name != "area"}


def school_page(stamp: Stamp, school: PackSchool) -> str:
    """Return the sheet of one school for its governors: facts, judgement, why leadership matters, what is offered.

    It has no forecast of a judgement, and nothing about a person.
    """
    lines = [words.sign_off(stamp), words.made_from(stamp), words.sources(stamp)]
    made = {"name": school.name, "parts": _parts(school), "stamp": lines}
    return rendered(FOLDER, _common(stamp) | made, SHEET)


def _parts(school: PackSchool) -> list[Cells]:
    """Return the parts of a sheet; one with nothing to say is not there."""
    offers = [words.offered(school, offer) for offer in school.offers]
    made: tuple[Part, ...] = (
        ("The school", _facts(school), []),
        ("Leadership, as last judged", [], [f"{words.judged(school)}."]),
        ("Why leadership matters here", [], [line for line in [words.struggles(school)] if line]),
        ("What this plan offers", [], [*offers, words.FREE] if offers else [f"{words.NOTHING_OFFERED}."]),
    )
    return [{"title": title, "facts": facts, "lines": lines} for title, facts, lines in made if facts or lines]


def _facts(school: PackSchool) -> list[tuple[str, str]]:
    pupils = {"Pupils": school.pupils, "Disadvantaged pupils": school.disadvantaged_pupils}
    facts = (
        ("URN", str(school.urn)),
        ("Phase", phase_words(school.phase).capitalize()),
        ("Type", text_of(school.school_type)),
        ("Local authority", school.authority),
        ("Trust", text_of(school.trust)),
        *((name, words.NOT_PUBLISHED if count is None else number(count)) for name, count in pupils.items()),
    )
    return [fact for fact in facts if fact[1]]
