"""compare.html: one file, nothing from outside, both runs side by side, hostile names harmless."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from pilotage.domain.findings.comparison import Comparison, Difference, Differing
from pilotage.report.compare.folder import write_comparison
from pilotage.report.compare.page import MOST_LEADERS, compare_page
from tests.report.compare.made import GAINED, HOSTILE


class Reader(HTMLParser):
    """Collects the tags of a page, what it refers to, and its text in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.identifiers: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        self.identifiers += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(found: Comparison) -> Reader:
    reader = Reader()
    reader.feed(compare_page(found))
    return reader


def _text(found: Comparison) -> str:
    return " ".join(" ".join(_read(found).words).split())


def test_nothing_comes_from_outside_and_every_link_leads_somewhere(found: Comparison) -> None:
    html, reader = compare_page(found), _read(found)
    assert {reference.removeprefix("#") for reference in reader.references} <= set(reader.identifiers)
    assert len(reader.identifiers) == len(set(reader.identifiers))
    assert not {"script", "link", "iframe", "img", "object"} & set(reader.tags)
    assert not re.search(r"https?://|@import|url\((?!#)", html)
    assert reader.tags.count("table") == reader.tags.count("caption") > 0


def test_a_hostile_name_is_text(found: Comparison) -> None:
    assert HOSTILE not in compare_page(found)
    assert f"{HOSTILE} (1), post P1" in _text(found)
    assert "b" not in _read(found).tags


def test_warnings_come_before_the_plans_and_a_failed_audit_before_them(found: Comparison) -> None:
    failed = Difference(Differing.AUDIT, "audit", "passed", "failed")
    text = _text(replace(found, differences=(failed, *found.differences)))
    order = ["The audit passed in the first run and failed in the second", "Invented schools.", "Another content of"]
    order += ["The forecasts differ", "Another version of pilotage: 1.0 -> 2.0", "Two plans compared"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count("Invented schools.") == 1


def test_both_runs_stand_side_by_side(found: Comparison) -> None:
    text = _text(found)
    assert "A, the first run: spring, as of 31 August 2016" in text
    assert "Modelled benefit, pupil-months 100.0 90.0 −10.0" in text
    assert "Cost expected £1,500 £900 −£600" in text
    assert "Leaders in post supported" not in text
    assert "Only in A : 1" in text.replace("A:", "A :")
    assert "The same schools in both." in text


def test_what_each_setting_makes_stands_beside_it_the_largest_first(found: Comparison) -> None:
    text = _text(found)
    text = text[text.index("Settings that differ, and what each makes") :]
    assert text.index("rules.cap.count") < text.index("scope.phases") < text.index("report.top")
    assert "Rule cap rules.cap.count at most 8 at most 1 alone −12.3 pupil-months; 1 leader loses the post" in text
    assert "alone, with a new forecast, +5.0 pupil-months; no leader moves; not exact" in text
    assert f"not there at least 1 placement in {HOSTILE} alone it leaves no plan that keeps the rules" in text
    assert "Planned again, the first run gives another plan" in text
    assert "no setting alone" in text


def test_without_attribution_the_reason_is_said(found: Comparison) -> None:
    text = _text(replace(found, attribution=None, why_not=("posts.csv (posts) - is gone",)))
    assert "What each setting makes alone can't be said: posts.csv (posts) - is gone" in text
    assert "Made by" not in text


def test_two_equal_runs_have_a_page(found: Comparison) -> None:
    equal = replace(found, settings=(), attribution=None, leaders=(), differences=(), figures=found.figures[:1])
    text = _text(equal)
    assert "No setting differs." in text
    assert "Every leader has the same posts in both plans." in text


def test_of_many_leaders_the_first_are_shown_and_how_many_there_are_is_said(found: Comparison) -> None:
    many = (GAINED,) * (MOST_LEADERS + 1)
    assert f"{MOST_LEADERS} of {MOST_LEADERS + 1} leaders are shown" in _text(replace(found, leaders=many))


def test_the_folder_holds_the_page_and_says_nothing_of_where_the_runs_lie(found: Comparison, tmp_path: Path) -> None:
    write_comparison(found, tmp_path / "out", force=False)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"changes.csv", "compare.html", "manifest.json"}
    for path in (tmp_path / "out").iterdir():
        assert "/home/me" not in path.read_text(encoding="utf-8-sig")
