"""The files of a pack by hand: words, hostile names, sheets for governors, workbooks."""

import csv
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.domain.findings.packs import Audience, AudienceKind, Offer, Pack
from pilotage.report.share import words
from pilotage.report.share.folder import default_name, write_pack
from pilotage.report.share.page import pack_page, school_page
from pilotage.report.share.school_rows import school_row
from tests.report.share.made import FORMULA, HOSTILE, body, forecast, school, stamp, trustees

IN_TWO_YEARS = "Below good, if inspected in the next two years: about 30 in 100 schools like this"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, f"{IN_TWO_YEARS} (the model's range: 22 to 48)"),
        ({"fall_low": None}, IN_TWO_YEARS),
        (
            {"fall_low": None, "horizon_months": 18},
            "Below good, if inspected in the next 18 months: about 30 in 100 schools like this",
        ),
        (
            {"stuck": 0.9, "fall": None},
            "How likely to stay below good at the next inspection: about 90 in 100 schools like this",
        ),
        ({"fall": None}, ""),
    ],
)
def test_what_is_likely_is_said_of_a_hundred_schools(given: dict[str, Any], said: str) -> None:
    assert words.outlook(forecast(**given)) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (8.4, "Disadvantaged pupils are about 8 months behind other pupils in England"),
        (-2.0, "Disadvantaged pupils are about 2 months ahead of other pupils in England"),
        (1.2, "Disadvantaged pupils are about 1 month behind other pupils in England"),
        (-0.4, "Disadvantaged pupils are about level with other pupils in England"),
        (None, ""),
    ],
)
def test_the_gap_in_words(months: float | None, said: str) -> None:
    assert words.gap(forecast(gap_months=months)) == said


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (
            Offer("place", "head", "senior", "2016-09-01", 47),
            "A primary senior leader for the head's post, from 1 September 2016; "
            "about 47 disadvantaged pupils would be reached.",
        ),
        (Offer("place", "head", "head", None, None, "Ann <b>"), "A primary head (Ann <b>) for the head's post."),
        (
            Offer("ask", "middle", "middle"),
            "To talk about, should such a post come open: a primary middle leader for the middle leader's post.",
        ),
        (Offer("support", None, None, "2016-09-01"), "Support for the head in post, from 1 September 2016."),
    ],
)
def test_what_is_offered_names_nobody_who_was_not_asked_for(offer: Offer, said: str) -> None:
    assert words.offered(school(), offer) == said


def test_that_a_school_is_likelier_to_struggle_is_said_where_something_is_offered_alone() -> None:
    assert words.struggles(school()) == words.STRUGGLES
    assert words.struggles(school(offers=())) == ""
    assert words.struggles(school(forecast=forecast(standing="typical"))) == ""
    assert words.struggles(school(forecast=None)) == ""


def test_a_judgement_says_its_scale_and_day_and_one_that_is_not_known_says_so() -> None:
    assert words.judged(school()) == "Good, 7 November 2015"
    card = school(grade="Needs attention", scale="report_card", judged_on=None)
    assert words.judged(card) == "Needs attention by report card"
    assert words.judged(school(grade=None)) == "Not known"


@pytest.mark.parametrize(
    ("band", "said"),
    [("top", "High: surely"), ("tie", "Perhaps high"), ("below", "Not among the highest"), (None, "Not known")],
)
def test_support_priority_is_in_words(band: str | None, said: str) -> None:
    assert words.priority(school(forecast=forecast(band=band))).startswith(said)
    assert words.priority(school(forecast=None)) == words.FACTS_ALONE


@pytest.mark.parametrize(
    ("kind", "named", "said"),
    [
        (AudienceKind.TRUST, False, "the schools of that trust and no other. It names no leader."),
        (AudienceKind.TRUST, True, "Leaders are named: pass it to nobody else."),
        (AudienceKind.AUTHORITY, False, "it has published facts alone: others answer for them. It names no leader."),
        (AudienceKind.TRUSTEES, False, "It has areas and totals, and no school."),
    ],
)
def test_a_pack_says_whom_it_is_for(kind: AudienceKind, named: bool, said: str) -> None:
    assert said in words.made_for(stamp(kind, "Oak", named=named))


def test_facts_of_real_schools_have_their_sources() -> None:
    assert "Ofsted" in words.sources(stamp())
    assert "invented" in words.sources(stamp(invented=True))


def test_a_school_of_which_facts_alone_are_shown_has_nothing_else_in_any_column() -> None:
    row = school_row(school(forecast=None, offers=()))
    assert [row[name] for name in ("outlook", "gap", "reasons", "why_here", "offered")] == [""] * 5


def test_a_governors_sheet_has_no_chance_no_priority_and_no_forecast_of_a_judgement() -> None:
    page = school_page(stamp(), school())
    text = re.sub(r"<[^>]*>", " ", page[page.index("<body") :])
    for shown in (
        "Alder School",
        "1,210",
        "Good, 7 November 2015",
        words.STRUGGLES,
        words.FREE,
        "Not signed off: draft",
    ):
        assert shown in text
    for absent in ("in 100", "priority", "range", "months behind", "Absence", "need"):
        assert absent not in text
    bare = school_page(stamp(), school(offers=(), pupils=None, trust="Oak"))
    assert "Nothing in this plan." in bare
    assert "Not published" in bare
    assert words.STRUGGLES not in bare
    assert "<dt>Trust</dt><dd>Oak</dd>" in bare


@pytest.mark.parametrize(
    "pack", [body(), trustees(), body(kind=AudienceKind.AUTHORITY)], ids=["trust", "trustees", "area"]
)
def test_hostile_names_are_text_and_the_page_refers_to_nothing_outside(pack: Pack) -> None:
    page = pack_page(pack)
    assert HOSTILE not in page
    assert "&lt;b&gt;&amp;" in page
    references = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert all(re.fullmatch(r"#main|schools/\d+\.html", reference) for reference in references)
    assert "@import" not in page
    assert "url(" not in page


def test_only_schools_that_the_body_answers_for_have_a_sheet(tmp_path: Path) -> None:
    folder = write_pack(body(), tmp_path / "pack", force=False)
    assert sorted(path.name for path in (folder / "schools").iterdir()) == ["101.html", "103.html"]
    page = (folder / "pack.html").read_text(encoding="utf-8")
    assert 'href="schools/101.html"' in page
    assert 'href="schools/102.html"' not in page


def test_without_any_such_school_there_is_no_folder_of_sheets(tmp_path: Path) -> None:
    pack = body()
    none = type(pack)(pack.stamp, pack.schools[1:2])
    folder = write_pack(none, tmp_path / "pack", force=False)
    assert not (folder / "schools").exists()


def test_banner_and_caution_stand_on_every_file_for_people(tmp_path: Path) -> None:
    folder = write_pack(body(banner="Invented.", caution="Part of England."), tmp_path / "pack", force=False)
    for path in (folder / "pack.html", folder / "README.txt", folder / "schools" / "101.html"):
        text = path.read_text(encoding="utf-8")
        assert "Invented." in text
        assert "Part of England." in text
    first = openpyxl.load_workbook(folder / "schools.xlsx")["Read me"]
    assert {"Invented.", "Part of England."} <= {cell.value for cell in first["B"]}


def test_a_list_runs_no_formula_and_the_workbook_holds_plain_texts(tmp_path: Path) -> None:
    folder = write_pack(body(signed_off_by="A. Person"), tmp_path / "pack", force=False)
    with (folder / "schools.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["name"] == f"'{FORMULA}"
    assert (rows[0]["pupils"], rows[1]["pupils"]) == ("1210", "")
    book = openpyxl.load_workbook(folder / "schools.xlsx")
    assert book.sheetnames == ["Read me", "Schools"]
    sheet = book["Schools"]
    assert (sheet["B3"].value, sheet["B3"].data_type) == (FORMULA, "s")
    assert (sheet["A2"].value, sheet["A2"].data_type) == (101, "n")
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:O4"
    assert "Signed off" in str(sheet.oddHeader.right.text)
    assert int(sheet.page_setup.fitToWidth) == 2
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", "$1:$1")
    areas = openpyxl.load_workbook(write_pack(trustees(), tmp_path / "two", force=False) / "areas.xlsx")
    assert areas["Areas"]["A2"].value == HOSTILE
    assert "Draft" in str(areas["Areas"].oddHeader.right.text)
    assert areas["Areas"].page_setup.fitToWidth in (None, 1, "1")


def test_a_row_of_the_workbook_is_as_high_as_its_longest_text_takes(tmp_path: Path) -> None:
    folder = write_pack(body(), tmp_path / "pack", force=False)
    sheet = openpyxl.load_workbook(folder / "schools.xlsx")["Schools"]
    lines = max(
        len(textwrap.wrap(str(cell.value or ""), int(sheet.column_dimensions[cell.column_letter].width)))
        for cell in sheet[2]
    )
    assert lines > 2
    assert sheet.row_dimensions[2].height >= 15 * lines


NAMES = ("../../etc", "CON", "nul.txt", "x" * 300, "🏫", "a/b\\c:d", "École Trust", "école trust", "  ", "-rf", "<b>")


def test_a_folders_name_is_plain_whatever_a_body_is_called_and_no_two_are_alike() -> None:
    made = [default_name(Audience(AudienceKind.TRUST, name)) for name in NAMES]
    assert len(set(made)) == len(NAMES)
    for name in made:
        assert re.fullmatch(r"trust-[a-z0-9][a-z0-9-]{0,60}", name)
    assert default_name(Audience(AudienceKind.TRUSTEES)) == "trustees"


@pytest.mark.parametrize("made", [body, trustees])
def test_the_same_pack_gives_the_same_bytes(tmp_path: Path, made: Callable[..., Pack]) -> None:
    first, second = (write_pack(made(), tmp_path / name, force=False) for name in ("one", "two"))
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
