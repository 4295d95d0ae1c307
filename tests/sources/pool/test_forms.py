"""A right table in any form reads the same; a broken cell is refused once, by row and column, in plain words."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.tables import load_pool

library_words = run_path(str(Path(__file__).parents[3] / "benchmarks" / "fuzz" / "outcome.py"))["library_words"]
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
DAYS = (
    lambda day: day,
    lambda day: pd.Timestamp(day).strftime("%d/%m/%Y"),
    lambda day: f"{pd.Timestamp(day).day} {pd.Timestamp(day):%B %Y}",
    lambda day: str((pd.Timestamp(day) - pd.Timestamp("1899-12-30")).days),
)
LEVELS = {"senior": "Deputy head", "head": "Headteacher", "executive": "Executive Head", "middle": "Middle leader"}
REGIONS = {"North West": "NW", "East of England": "east of england", "South East": "South-East"}


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    return load_panel(_baseline(), cache=assets.cache(), say=print)


def _leaders() -> pd.DataFrame:
    table = pd.read_csv(assets.sample() / "leaders.csv", dtype=str, keep_default_na=False).head(12)
    return table.assign(effect_mean=table["effect_mean"].replace("", "0.25"), effect_sd="0.1")


def _load(panel: SchoolPanel, **paths: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    leaders, posts = load_pool(_scenario(**paths), panel)
    return leaders.leaders, posts.posts


@cache
def _baseline() -> Scenario:
    return resolve("baseline").scenario


def _scenario(**paths: Path) -> Scenario:
    if "leaders" in paths and "posts" not in paths:
        few = paths["leaders"].with_name("few_posts.csv")
        if not few.exists():
            pd.read_csv(assets.sample() / "posts.csv").head(3).to_csv(few, index=False)
        paths |= {"posts": few}
    pool = _baseline().pool.model_copy(update=paths)
    return _baseline().model_copy(update={"pool": pool})


def _told(panel: SchoolPanel, **paths: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        _load(panel, **paths)
    told = [str(problem) for problem in caught.value.problems]
    for text in told:
        assert not library_words(text), text
    return told


@SHARED
@given(
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(DAYS),
    st.booleans(),
    st.booleans(),
)
def test_a_right_table_in_any_form_reads_the_same(
    panel: SchoolPanel,
    tmp_path: Path,
    separator: str,
    encoding: str,
    day: Callable[[str], str],
    comma: bool,
    words: bool,
) -> None:
    right = _leaders()
    right.to_csv(tmp_path / "right.csv", index=False)
    form = right.assign(available_from=right["available_from"].map(day))
    if comma:
        form = form.assign(**{name: form[name].str.replace(".", ",") for name in ("effect_mean", "effect_sd")})
    if words:
        form = form.assign(
            level=form["level"].replace(LEVELS), willing_regions=form["willing_regions"].replace(REGIONS)
        )
        form = form.assign(relocates=form["relocates"].map({"True": "Y", "False": "no"}))
        form = form.assign(cost_gbp="£" + form["cost_gbp"], max_travel_km=form["max_travel_km"] + " km")
        form = form.rename(columns=lambda name: name.replace("_", " ").title())
    (tmp_path / "form.csv").write_bytes(form.to_csv(index=False, sep=separator).encode(encoding))
    expected, _ = _load(panel, leaders=tmp_path / "right.csv")
    found, _ = _load(panel, leaders=tmp_path / "form.csv")
    pd.testing.assert_frame_equal(found, expected)


def test_a_workbook_with_cells_of_its_own_kinds_reads_the_same(panel: SchoolPanel, tmp_path: Path) -> None:
    right = pd.read_csv(assets.sample() / "leaders.csv").head(12)
    right.to_csv(tmp_path / "right.csv", index=False)
    held = right.assign(available_from=pd.to_datetime(right["available_from"]))
    with pd.ExcelWriter(tmp_path / "held.xlsx") as book:
        pd.DataFrame({"Our leaders": ["for 2016"]}).to_excel(book, sheet_name="Read me", index=False)
        held.to_excel(book, sheet_name="Leaders", index=False, startrow=3, startcol=1)
    expected, _ = _load(panel, leaders=tmp_path / "right.csv")
    found, _ = _load(panel, leaders=tmp_path / "held.xlsx")
    pd.testing.assert_frame_equal(found, expected)


LEADER_BREACHES = {
    "leader_id": [""],
    "level": ["boss", "", "hed", "1"],
    "phases": ["primary;middle", "", "prmary"],
    "easting": ["far", "1e999", "51.5", "-3", "999999", "nan"],
    "max_travel_km": ["1,50,0", "thirty", "-3", "inf", "12k", "30%", "20000", "", "0x1F"],
    "willing_regions": ["North Wst", "Wales", "East-Midlands;Nowhere"],
    "relocates": ["perhaps", "2"],
    "available_from": ["2016-13-01", "31/06/2016", "09/13/2016", "soon", "", "01/09/16", "2016-09-01garbage99"],
    "current_urn": ["123456", "school", "3.5", "12,34"],
    "effect_mean": ["lots", "7", "5%"],
    "effect_sd": ["0", "-1", "9", "nan"],
    "cost_gbp": ["free", "12k", "-1", "$5", "9999999", "8,5,0"],
    "span": ["9", "2.5", "three"],
}
POST_BREACHES = {
    "post_id": [""],
    "urn": ["none", "", "123456", "900,0", "1_000"],
    "level": ["heed", ""],
    "opens_on": ["31/02/2016", "", "when free"],
    "consent": ["maybe", "2"],
    "created": ["perhaps"],
}


@pytest.mark.parametrize(
    ("column", "text"), [(column, text) for column, texts in LEADER_BREACHES.items() for text in texts]
)
def test_each_broken_cell_of_leaders_is_refused_once_by_name(
    panel: SchoolPanel, tmp_path: Path, column: str, text: str
) -> None:
    table = _leaders()
    table.loc[4, column] = text
    table.to_csv(tmp_path / "leaders.csv", index=False)
    told = _told(panel, leaders=tmp_path / "leaders.csv")
    assert len(told) == 1, told
    assert told[0].startswith(f"{tmp_path / 'leaders.csv'}, row 6 - ")
    assert f"{column} = " in told[0]


@pytest.mark.parametrize(
    ("column", "text"), [(column, text) for column, texts in POST_BREACHES.items() for text in texts]
)
def test_each_broken_cell_of_posts_is_refused_once_by_name(
    panel: SchoolPanel, tmp_path: Path, column: str, text: str
) -> None:
    table = pd.read_csv(assets.sample() / "posts.csv", dtype=str, keep_default_na=False).head(12)
    table.loc[4, column] = text
    table.to_csv(tmp_path / "posts.csv", index=False)
    told = _told(panel, posts=tmp_path / "posts.csv")
    assert len(told) == 1, told
    assert told[0].startswith(f"{tmp_path / 'posts.csv'}, row 6 - {column} = ")


@settings(SHARED, max_examples=200)
@given(st.data())
def test_drawn_cells_are_read_or_refused_in_plain_words_without_other_cells(
    panel: SchoolPanel, tmp_path: Path, data: Any
) -> None:
    table = _leaders().assign(name="Jane Secret")
    column = data.draw(st.sampled_from(sorted(set(table.columns) - {"name"})))
    table.loc[2, column] = data.draw(st.text(st.characters(blacklist_categories=["Cs"]), max_size=15))
    (tmp_path / "leaders.csv").write_text(table.to_csv(index=False), encoding="utf-8")
    try:
        _load(panel, leaders=tmp_path / "leaders.csv")
    except DataError as error:
        for problem in error.problems:
            text = str(problem)
            assert "Secret" not in text
            assert "\x1b" not in text
            assert not library_words(text), text
            assert problem.allowed, text


def test_twenty_problems_are_told_and_the_rest_is_counted(panel: SchoolPanel, tmp_path: Path) -> None:
    pd.concat([_leaders()] * 3).assign(level="boss").to_csv(tmp_path / "leaders.csv", index=False)
    told = _told(panel, leaders=tmp_path / "leaders.csv")
    assert len(told) == 21
    assert told[20] == "the tables of the pool - and 40 more problems - correct those above first"  # 36 levels, 24 ids


def test_both_tables_are_told_of_at_once_where_one_can_not_be_opened(panel: SchoolPanel, tmp_path: Path) -> None:
    table = _leaders()
    table.loc[0, "level"] = "boss"
    table.to_csv(tmp_path / "leaders.csv", index=False)
    told = _told(panel, leaders=tmp_path / "leaders.csv", posts=tmp_path / "none.csv")
    assert [text.split(" - ")[1] for text in told] == ["level = 'boss'", "no such file"]


BASED = "leader_id,level,phases,base,max_travel_km,available_from\nA,head,primary,{},20,2016-09-01\n"


@pytest.mark.parametrize("base", ["FY1", "fy1 4ab", "FY14AB", " FY1  4AB ", "FY4 5"])
def test_a_base_of_the_sample_is_the_middle_of_its_postcode_area(panel: SchoolPanel, tmp_path: Path, base: str) -> None:
    (tmp_path / "l.csv").write_text(BASED.format(base), encoding="utf-8")
    found, _ = _load(panel, leaders=tmp_path / "l.csv")
    assert found[["easting", "northing"]].to_numpy().tolist() == [[332_000, 436_000]]  # Blackpool's place in the sample


@pytest.mark.parametrize("base", ["ZZ9 9ZZ", "Blackpool", "FY", "12345"])
def test_a_base_that_is_not_known_is_refused_once_by_name(panel: SchoolPanel, tmp_path: Path, base: str) -> None:
    (tmp_path / "l.csv").write_text(BASED.format(base), encoding="utf-8")
    told = _told(panel, leaders=tmp_path / "l.csv")
    assert [text.split(" - ")[1] for text in told] == [f"base = {base!r}"]


@pytest.mark.parametrize(
    ("east", "north", "told"),
    [
        ("0", "0", "correct them"),
        ("458.5", "306.6", "look like kilometres"),
        ("53.8", "-3.05", "look like latitude and longitude"),
        ("-1.13", "52.63", "look like latitude and longitude"),
        ("180000", "530000", "look turned round"),
        ("806600", "258500", "correct them"),
        ("458500", "", "northing = blank"),
    ],
)
def test_a_place_outside_england_is_refused_once_with_what_it_looks_like(
    panel: SchoolPanel, tmp_path: Path, east: str, north: str, told: str
) -> None:
    table = _leaders()
    table.loc[4, ["easting", "northing"]] = [east, north]
    table.to_csv(tmp_path / "l.csv", index=False)
    problems = _told(panel, leaders=tmp_path / "l.csv")
    assert len(problems) == 1
    assert "row 6" in problems[0]
    assert told in problems[0]


@pytest.mark.parametrize("place", [(530_000, 180_000), (652_000, 305_000), (150_000, 30_000), (398_000, 652_000)])
def test_places_at_englands_ends_are_read(panel: SchoolPanel, tmp_path: Path, place: tuple[int, int]) -> None:
    table = _leaders()
    table.loc[0, ["easting", "northing"]] = [str(metres) for metres in place]
    table.to_csv(tmp_path / "l.csv", index=False)
    assert tuple(_load(panel, leaders=tmp_path / "l.csv")[0].loc[0, ["easting", "northing"]]) == place


def test_a_former_urn_is_read_as_its_successor_and_said_so(panel: SchoolPanel, tmp_path: Path) -> None:
    linked = SchoolPanel(**{**panel.__dict__, "other_urns": {116667: 900001}, "merged_urns": {116668: 900002}})
    table = _leaders()
    table.loc[0, "current_urn"] = "116667"
    table.to_csv(tmp_path / "leaders.csv", index=False)
    leaders, _ = load_pool(_scenario(leaders=tmp_path / "leaders.csv"), linked)
    assert leaders.leaders["current_urn"][0] == 900001
    assert leaders.notes == (
        "In leaders.csv, current_urn reads 116667 as 900001 (row 2): by the official links these are the same schools.",
    )
    table.loc[0, "current_urn"] = "116668"
    table.to_csv(tmp_path / "leaders.csv", index=False)
    told = _told(linked, leaders=tmp_path / "leaders.csv")
    assert "merged or was split; the official links lead to 900002" in told[0]


def test_a_pair_in_two_rows_is_refused_once_with_both(panel: SchoolPanel, tmp_path: Path) -> None:
    leaders, posts = _load(panel)
    pair = f"{leaders['leader_id'][0]},{posts['post_id'][3]}"
    rows = f"leader_id,post_id,state,date\n{pair},refused,2016-05-01\n{pair},accepted,2016-06-01\n"
    (tmp_path / "pairs.csv").write_text(rows, encoding="utf-8")
    told = _told(panel, pairs=tmp_path / "pairs.csv")
    names = pair.replace(",", ", ")
    assert [text.split(" - ")[1] for text in told] == [
        f"the pair {names} stands twice, as refused in row 2 and as accepted"
    ]
