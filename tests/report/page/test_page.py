"""report.html: one file, nothing from outside, honest words, hostile names harmless."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Audit, Check
from pilotage.domain.plan import PlacementPlan, Status
from pilotage.report.charts import baseline_bars, need_bars
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.page.need_map import need_map
from pilotage.report.page.page import page


class Reader(HTMLParser):
    """Collects what a page refers to, its headings of columns, its identifiers, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.tags: list[str] = []
        self.identifiers: list[str] = []
        self.scopes: list[str | None] = []
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.inside += [tag] if tag in ("script", "style") else []
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        self.identifiers += [found["id"] or ""] if "id" in found else []
        self.scopes += [found.get("scope")] if tag == "th" else []

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


def _page(record: RunRecord) -> str:
    return page(record, ranked_schools(record), placements(record))


def _data(record: RunRecord) -> dict[str, Any]:
    """Return what the page holds of every school."""
    html = _page(record)
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found is not None
    held: dict[str, Any] = json.loads(found.group(1))
    return held


def _read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def _text(record: RunRecord) -> str:
    return " ".join(" ".join(_read(_page(record)).words).split())


def test_nothing_comes_from_outside(record: RunRecord) -> None:
    html = _page(record)
    reader = _read(html)
    assert reader.references
    assert all(reference.startswith("#") for reference in reader.references)
    sheets = {f"school-{urn}" for urn in record.urns}
    assert {reference.removeprefix("#") for reference in reader.references} <= set(reader.identifiers) | sheets
    assert not {"link", "iframe", "img", "object"} & set(reader.tags)
    own = html[: html.index('<script type="module">')]  # the library has addresses in its comments
    assert not re.search(r"https?://|@import|url\((?!#)", own)
    assert "default-src 'none'" in own


def test_identifiers_are_unique_and_tables_have_captions_and_scopes(record: RunRecord) -> None:
    reader = _read(_page(record))
    assert len(reader.identifiers) == len(set(reader.identifiers))
    assert reader.tags.count("table") == reader.tags.count("caption") > 0
    assert set(reader.scopes) == {"col", "row"}


def test_a_hostile_name_is_text(record: RunRecord, worlds: ModuleType) -> None:
    html = _page(record)
    assert worlds.HOSTILE not in html
    assert worlds.HOSTILE in _text(record)
    assert "b" not in _read(html).tags


@pytest.mark.parametrize(
    ("school", "leader", "words"),
    [
        (True, True, "the schools and the leaders here are all invented"),
        (False, True, "Synthetic leaders: the schools are real, but the leaders and the posts are invented"),
    ],
)
def test_the_banner_says_what_is_invented(
    make: Callable[..., RunRecord], school: bool, leader: bool, words: str
) -> None:
    assert words in _text(make(school=school, leader=leader))


def test_posts_that_are_not_invented_are_not_called_so(make: Callable[..., RunRecord]) -> None:
    record = make(school=False, leader=True)
    text = _text(replace(record, posts=replace(record.posts, synthetic=False)))
    assert "the schools are real, but the leaders are invented. The plan below is a test" in text


def test_real_schools_and_leaders_bear_no_banner(make: Callable[..., RunRecord]) -> None:
    assert "ynthetic" not in _page(make(school=False, leader=False))


def test_invented_posts_alone_are_said_too(make: Callable[..., RunRecord]) -> None:
    record = make(school=False, leader=False)
    text = _text(replace(record, posts=replace(record.posts, synthetic=True)))
    assert "Synthetic posts: the schools and the leaders are real" in text


def test_it_says_what_each_figure_is(record: RunRecord) -> None:
    text = _text(record)
    assert "is modelled to add 20 pupil-months" in text
    assert "the range runs from 2 to 38" in text
    assert "A forecast is not an effect" in text
    assert "Proven best: under the rules of this scenario no plan scores higher, over all 7 possible pairs" in text
    assert "do not quote the difference as a gain" in text
    assert "Not available: no results by pupil group are published for 2016." in text
    assert "the school does not consent" in text
    assert "at most 2 placements in Derby" in text
    assert "Not known: gap: suppressed" in text


def test_an_unknown_school_shows_dashes(make: Callable[..., RunRecord]) -> None:
    text = _text(make())
    row = text[text.index("Cedar School") :]
    assert row.startswith("Cedar School 101 · Derby · primary Not known: every outcome: no inspection")
    cells = _data(make())["columns"]
    assert "need" in cells
    last = cells["urn"]["values"].index(101)
    assert [cells[name]["codes"][last] for name in ("need", "risk", "gap") if "codes" in cells[name]] == [-1] * sum(
        "codes" in cells[name] for name in ("need", "risk", "gap")
    )
    assert [cells[f"{name}_order"]["values"][last] for name in ("need", "risk", "gap")] == [None] * 3


def test_a_range_below_zero_is_said(make: Callable[..., RunRecord]) -> None:
    record = make()
    pairs = record.impact.pairs.assign(benefit_low=-50.0)
    assert "may do nothing, or harm" in _text(make(impact=replace(record.impact, pairs=pairs)))


def test_a_plan_out_of_time_says_how_far_it_may_be(make: Callable[..., RunRecord]) -> None:
    plan = PlacementPlan(Status.FEASIBLE, np.array([0]), 10_000, 11_000, 11_000.0)
    assert "it can score at most 10.0% higher" in _text(make(plan=plan))
    unknown = PlacementPlan(Status.FEASIBLE, np.array([0]), 10_000, None, None)
    assert "how far a better plan could go is not known" in _text(make(plan=unknown))


def test_a_failed_audit_shouts(make: Callable[..., RunRecord]) -> None:
    text = _text(make(audit=Audit((Check("budget", False, "overspent"),))))
    assert text.index("Not to be used: the audit failed. What does not hold: budget.") < text.index("Synthetic England")
    assert "a check FAILED, do not use this plan" in text
    assert "Proven best:" not in text


def test_a_run_without_rules_peers_or_reasons_still_reads(make: Callable[..., RunRecord]) -> None:
    record = make()
    bare = make(rule_states=(), baselines=(), impact=replace(record.impact, ineligible=record.impact.ineligible[:0]))
    assert "This scenario has no rules." in _text(bare)
    assert baseline_bars(bare) is None


def test_charts_are_described_and_repeatable(record: RunRecord) -> None:
    ranked = ranked_schools(record)
    drawn = [need_map(record, ranked), baseline_bars(record), need_bars(ranked)]
    for svg in drawn:
        assert svg is not None
        assert svg.startswith("<svg ")
        assert "<title " in svg
        assert "<desc " in svg
    assert drawn == [need_map(record, ranked), baseline_bars(record), need_bars(ranked)]


def test_no_place_no_map_and_no_need_no_bars(record: RunRecord) -> None:
    schools = record.panel.schools.assign(easting=np.nan)
    placeless = replace(record, panel=replace(record.panel, schools=schools))
    ranked = ranked_schools(placeless).assign(need=np.nan)
    assert need_map(placeless, ranked) is None
    assert need_bars(ranked) is None
    assert "No map: no school in scope has a known place" in page(placeless, ranked, placements(placeless))


def test_a_national_map_is_drawn_in_squares(record: RunRecord) -> None:
    many = 6000
    place = np.random.default_rng(1)
    frame = pd.DataFrame({"urn": np.arange(1, many + 1), "need": place.random(many), "region": "London"})
    where = {"easting": place.random(many) * 5e5, "northing": place.random(many) * 5e5}
    panel = replace(record.panel, schools=frame[["urn"]].assign(**where))
    svg = need_map(replace(record, panel=panel), frame.assign(status="not_chosen"))
    assert svg is not None
    assert "squares ten kilometres wide" in svg
    assert len(svg) < 1_000_000


def test_the_comparison_says_modelled_once(record: RunRecord) -> None:
    assert "The same leaders, posts and rules; modelled benefit in pupil-months." in _text(record)
    weights = record.scenario.objective.equity_weights.model_copy(update={"areas": {"Derby": 2.0}})
    objective = record.scenario.objective.model_copy(update={"equity_weights": weights})
    weighted = replace(record, scenario=record.scenario.model_copy(update={"objective": objective}))
    assert "posts and rules; modelled score in weighted pupil-months." in _text(weighted)


def test_it_says_how_many_leaders_have_no_post_that_they_may_take(record: RunRecord) -> None:
    idle = len(record.pool.leaders) - record.impact.pairs["leader_index"].nunique()
    pool = record.pool.leaders
    more = pd.concat([pool, pool.tail(1).assign(leader_id="zz")], ignore_index=True)
    assert f"{idle + 1} have no post that they may take" in _text(
        replace(record, pool=replace(record.pool, leaders=more))
    )


def test_it_says_what_the_model_can_tell_apart(make: Callable[..., RunRecord], record: RunRecord) -> None:
    table = record.forecast.table
    draws = np.full((len(table), 10), 0.1, dtype=np.float32)
    draws[table["urn"] == 106] = 0.9
    drawn = replace(record, forecast=replace(record.forecast, draws={"p_fall_if_inspected": draws}))
    assert "By need, 1 school is surely in the top tenth of the phase" in _text(drawn)
    assert "0 schools can't be told apart from the top tenth. 5 schools are below." in _text(drawn)
    without = replace(record, forecast=replace(record.forecast, draws={}))
    assert "What the model can tell apart" not in _text(without)


def test_special_schools_come_last_and_are_said_to(record: RunRecord) -> None:
    assert "Special schools and pupil referral units" not in _text(record)
    schools = record.panel.schools
    phase = schools["phase"].where(schools["urn"] != 105, "pru")
    special = replace(record, panel=replace(record.panel, schools=schools.assign(phase=phase)))
    text = _text(special)
    assert "Special schools and pupil referral units: 1, a list of their own at the end" in text
    assert _data(special)["columns"]["urn"]["values"][-1] == 105


def test_lists_for_people_have_words_and_whole_numbers(record: RunRecord) -> None:
    text = _text(record)
    lists = text[text.index("Schools to worry about: 8") : text.index("Leaders without a post:")]
    assert not re.search(r"\d\.\d(?!%| points)", lists)  # a reason gives a school's own figure
    assert "high reaches 20 disadvantaged pupils" in lists
    assert "pupil-months" not in lists
    assert "Head for a primary head's post, 10 km away; the school has agreed; reaches about 20" in lists


def test_a_sheet_says_chances_of_a_hundred_schools_and_levels_of_benefit(record: RunRecord) -> None:
    columns = _data(record)["columns"]
    row = columns["urn"]["values"].index(105)

    def text(name: str) -> str:
        column = columns[name]
        if "parts" in column:
            return column["joined"].join(column["parts"][part] for part in column["rows"][row])
        words: str = column["words"][column["codes"][row]] if "codes" in column else column["values"][row]
        return words

    assert text("leadership") == (
        "about 30 in 100 schools like this: leadership falls if inspected; the model's range: 25 to 35"
    )
    # the benefits at the six schools where somebody may go: 12.5, 7.25, 7, 7, -1; a third lies at or above 7.17
    assert text("benefit") == "high; reaches 20 disadvantaged pupils"
    assert "medium; reaches 20 disadvantaged pupils" in str(columns["benefit"])
    assert text("placement_reason").startswith("Head for a primary head's post, 10 km away; the school has agreed")
    assert text("gap_ahead") == "5 months behind other pupils in England"
    assert text("places") == "need 40%, number 3 of all schools, number 3 of its phase"
    assert text("could_go") == "2 leaders may, by modelled benefit: L1, L3."
    assert text("status") == "placed"


def test_supply_by_area_stands_beside_england_and_says_what_is_not_covered(record: RunRecord) -> None:
    text = _text(record)
    section = text[
        text.index("A school may lie in a region") : text.index("Method and assumptions The plan in figures")
    ]
    assert section.index("England all schools in scope 8") < section.index("East Midlands region 8")
    # no school of this small run lies in one of the six areas of the list: ten figures each
    assert section.count("not covered") == 6 * 10
    assert "Blackpool area of the list " + " ".join(["not covered"] * 10) in section
