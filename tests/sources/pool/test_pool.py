"""Planners' tables of leaders and posts: types, places, and every bad row at once."""

from pathlib import Path

import pandas as pd
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError, ScenarioError
from pilotage.sources.assemble import load_panel
from pilotage.sources.files.tables import read_text_table
from pilotage.sources.pool.tables import load_pool


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    return load_panel(resolve("baseline").scenario, cache=assets.cache(), say=print)


def _load(panel: SchoolPanel, **paths: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    settings = [f"pool.{name}={path.as_posix()}" for name, path in paths.items()]
    leaders, posts = load_pool(resolve("baseline", settings).scenario, panel)
    return leaders.leaders, posts.posts


def _problems(panel: SchoolPanel, **paths: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        _load(panel, **paths)
    return [str(problem) for problem in caught.value.problems]


MINIMAL = "leader_id,level,phases,base,max_travel_km,available_from\n"


def test_the_samples_pool_loads_sorted_and_stamped(panel: SchoolPanel) -> None:
    leaders, posts = load_pool(resolve("baseline").scenario, panel)
    assert leaders.synthetic
    assert posts.synthetic
    assert leaders.leaders["leader_id"].is_monotonic_increasing
    assert posts.posts["urn"].is_monotonic_increasing
    assert [(each.role, each.name) for each in leaders.inputs] == [("leaders", "leaders.csv")]


def test_a_workbook_with_british_dates_and_words_is_read_as_the_csv(panel: SchoolPanel, tmp_path: Path) -> None:
    frame = pd.read_csv(assets.sample() / "leaders.csv")
    expected = load_pool(resolve("baseline").scenario, panel)[0].leaders
    frame["relocates"] = frame["relocates"].map({True: "Yes", False: "no"})
    frame["available_from"] = pd.to_datetime(frame["available_from"]).dt.strftime("%d/%m/%Y")
    frame.to_excel(tmp_path / "leaders.xlsx", index=False)
    found, _ = _load(panel, leaders=tmp_path / "leaders.xlsx")
    pd.testing.assert_frame_equal(found, expected)


def test_a_csv_from_excel_with_mark_and_semicolonless_cells_is_read(panel: SchoolPanel, tmp_path: Path) -> None:
    raw = (assets.sample() / "leaders.csv").read_bytes()
    (tmp_path / "leaders.csv").write_bytes(b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))
    assert len(_load(panel, leaders=tmp_path / "leaders.csv")[0]) == 120


def test_every_bad_cell_of_both_files_is_told_at_once(panel: SchoolPanel, tmp_path: Path) -> None:
    leaders = pd.read_csv(assets.sample() / "leaders.csv", dtype=str)
    leaders.loc[0, "relocates"] = "perhaps"
    leaders.loc[1, "available_from"] = "2016-13-01"
    leaders.loc[2, "phases"] = "primary;middle"
    leaders.loc[3, "current_urn"] = "123456"
    leaders.loc[4, "level"] = "boss"
    leaders.to_csv(tmp_path / "l.csv", index=False)
    posts = pd.read_csv(assets.sample() / "posts.csv", dtype=str)
    posts.loc[0, "urn"] = "none"
    posts.loc[1, "consent"] = "maybe"
    posts.to_csv(tmp_path / "p.csv", index=False)
    told = _problems(panel, leaders=tmp_path / "l.csv", posts=tmp_path / "p.csv")
    expected = [
        ("l.csv, row 2", "relocates = 'perhaps'", "yes or no"),
        ("l.csv, row 3", "available_from = '2016-13-01'", "a date as 2016-09-01"),
        ("l.csv, row 4", "phases = 'primary;middle'", "separated by ;"),
        ("l.csv, row 5", "current_urn = 123456", "a URN of the schools' data"),
        ("l.csv, row 6", "level = 'boss'", "middle"),
        ("p.csv, row 2", "urn = 'none'", "a whole number"),
        ("p.csv, row 3", "consent = 'maybe'", "unknown"),
    ]
    for words in expected:
        assert any(all(word in line for word in words) for line in told), (words, told)
    assert len(told) == len(expected)


def test_a_misspelt_column_is_told_with_the_nearest(panel: SchoolPanel, tmp_path: Path) -> None:
    frame = pd.read_csv(assets.sample() / "leaders.csv").rename(columns={"max_travel_km": "max_travel_kms"})
    frame.to_csv(tmp_path / "l.csv", index=False)
    told = _problems(panel, leaders=tmp_path / "l.csv")
    assert any("no such column 'max_travel_kms'" in line and "did you mean 'max_travel_km'?" in line for line in told)


def test_a_column_given_twice_is_told(panel: SchoolPanel, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("leader_id,level,Level\nA,head,head\n", encoding="utf-8")
    assert "column 'level' twice" in _problems(panel, leaders=tmp_path / "l.csv")[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "not a table"), (b"a,b\n1,2\n1,2,3\n", "not a table"), (b"PK\x03\x04broken", "not a readable workbook")],
)
def test_a_broken_file_is_told(panel: SchoolPanel, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / ("l.xlsx" if content.startswith(b"PK") else "l.csv")
    path.write_bytes(content)
    assert words in _problems(panel, leaders=path)[0]


def test_a_base_given_as_outcode_is_the_mean_of_its_schools(panel: SchoolPanel, tmp_path: Path) -> None:
    two = panel.schools.head(2)
    postcodes = ["AB1 2CD", "AB1 9ZZ"]
    schools = panel.schools.assign(postcode=[*postcodes, *[None] * (len(panel.schools) - 2)])
    placed = SchoolPanel(**{**panel.__dict__, "schools": schools})
    (tmp_path / "l.csv").write_text(MINIMAL + "A,head,primary,ab1 5xx,20,2016-09-01\n", encoding="utf-8")
    found, _ = _load(placed, leaders=tmp_path / "l.csv")
    assert found["easting"].tolist() == [pytest.approx(two["easting"].mean(), abs=51)]


def test_a_base_in_no_outcode_of_a_school_is_told(panel: SchoolPanel, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(MINIMAL + "A,head,primary,ZZ9,20,2016-09-01\n", encoding="utf-8")
    assert any("row 2" in line and "easting" in line for line in _problems(panel, leaders=tmp_path / "l.csv"))


def test_real_schools_without_files_have_no_leaders_and_no_posts(panel: SchoolPanel) -> None:
    settings = ["data.source=official", "pool.source=files"]
    pool, posts = load_pool(resolve("baseline", settings).scenario, panel)
    assert (len(pool.leaders), len(posts.posts)) == (0, 0)
    assert (pool.inputs, posts.inputs) == ((), ())
    assert list(pool.leaders) == list(tables.LEADERS.columns)


def test_leaders_may_come_without_posts(panel: SchoolPanel, tmp_path: Path) -> None:
    leaders = pd.read_csv(assets.sample() / "leaders.csv").head(1).drop(columns="current_urn", errors="ignore")
    leaders.to_csv(tmp_path / "l.csv", index=False)
    settings = ["data.source=official", "pool.source=files", f"pool.leaders={(tmp_path / 'l.csv').as_posix()}"]
    pool, posts = load_pool(resolve("baseline", settings).scenario, panel)
    assert (len(pool.leaders), len(posts.posts)) == (1, 0)


def test_posts_without_leaders_are_refused(panel: SchoolPanel) -> None:
    settings = ["data.source=official", "pool.source=files", "pool.posts=posts.csv"]
    with pytest.raises(ScenarioError, match=r"pool\.leaders - empty, and pool\.posts names a file"):
        load_pool(resolve("baseline", settings).scenario, panel)


def test_a_named_table_of_posts_without_rows_is_an_error(panel: SchoolPanel, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("post_id,urn,level,opens_on\n", encoding="utf-8")
    assert any("has no rows" in line for line in _problems(panel, posts=tmp_path / "p.csv"))


def test_a_synthetic_pool_is_the_same_for_the_same_seed(panel: SchoolPanel) -> None:
    drawn = [
        load_pool(resolve("baseline", ["pool.source=synthetic", f"pool.seed={seed}"]).scenario, panel)[0].leaders
        for seed in (5, 5, 6)
    ]
    pd.testing.assert_frame_equal(drawn[0], drawn[1])
    assert not drawn[0].equals(drawn[2])


def test_posts_are_invented_only_where_asked_and_the_leaders_stay_the_same_people(panel: SchoolPanel) -> None:
    (few, nothing), (people, posts) = (
        load_pool(resolve("baseline", ["pool.source=synthetic", *more]).scenario, panel)
        for more in ((), ("pool.posts_per_leader=3",))
    )
    assert len(nothing.posts) == 0
    assert len(posts.posts) == 3 * len(people.leaders) == 360
    pd.testing.assert_frame_equal(few.leaders, people.leaders)


def test_the_invented_leaders_of_a_seed_are_known(panel: SchoolPanel) -> None:
    scenario = resolve("baseline", ["pool.source=synthetic", "pool.size=3", "pool.seed=5"]).scenario
    leaders = load_pool(scenario, panel)[0].leaders
    assert leaders[["level", "phases", "easting", "northing", "max_travel_km"]].to_numpy().tolist() == [
        ["senior", "secondary;special", 433_600.0, 479_600.0, 13.0],
        ["middle", "primary;special", 487_900.0, 268_800.0, 34.0],
        ["middle", "primary", 512_300.0, 185_100.0, 29.0],
    ]  # as they were when posts were invented for them


def test_numbers_of_a_workbook_are_not_turned_into_decimals(tmp_path: Path) -> None:
    pd.DataFrame({"urn": [900001], "share": [0.5]}).to_excel(tmp_path / "t.xlsx", index=False)
    assert read_text_table(tmp_path / "t.xlsx").iloc[0].tolist() == ["900001", "0.5"]


def test_what_is_known_of_pairs_is_read_and_stamped(panel: SchoolPanel, tmp_path: Path) -> None:
    leaders, posts = load_pool(resolve("baseline").scenario, panel)
    leader, post = leaders.leaders["leader_id"][0], posts.posts["post_id"][3]
    path = tmp_path / "pairs.csv"
    path.write_text(f"leader_id,post_id,state,date\n{leader},{post},Refused,01/06/2016\n", encoding="utf-8")
    _, found = load_pool(resolve("baseline", [f"pool.pairs={path.as_posix()}"]).scenario, panel)
    assert found.pairs[["leader_id", "post_id", "state"]].to_numpy().tolist() == [[leader, post, "refused"]]
    assert found.pairs["date"].dt.date.astype(str).tolist() == ["2016-06-01"]
    assert ("pairs", "pairs.csv", "pool.pairs") in [(each.role, each.name, each.key) for each in found.inputs]


def test_every_bad_row_of_the_pairs_is_told_at_once(panel: SchoolPanel, tmp_path: Path) -> None:
    _, posts = load_pool(resolve("baseline").scenario, panel)
    post = posts.posts["post_id"][0]
    path = tmp_path / "pairs.csv"
    rows = [f"L0001x,{post},refused,", f"L0001,{post}0000,refused,", f"L0001,{post},reffused,", "L0002,,started,soon"]
    path.write_text("leader_id,post_id,state,date\n" + "\n".join(rows), encoding="utf-8")
    told = "\n".join(_problems(panel, pairs=path))
    assert "one of 'preferred', 'interviewed', 'refused', 'offered', 'accepted', 'started'" in told
    for row, words in ((2, "L0001x"), (3, f"{post}0000"), (4, "reffused"), (5, "soon")):
        assert any(f"row {row}" in line and words in line for line in told.splitlines()), told


@pytest.mark.parametrize("column", ["leader_id", "post_id"])
def test_a_table_of_pairs_without_a_name_column_is_refused(panel: SchoolPanel, tmp_path: Path, column: str) -> None:
    leaders, posts = load_pool(resolve("baseline").scenario, panel)
    names = {"leader_id": leaders.leaders["leader_id"][0], "post_id": posts.posts["post_id"][3]}
    row = {name: value for name, value in names.items() if name != column} | {"state": "refused"}
    pd.DataFrame([row]).to_csv(tmp_path / "pairs.csv", index=False)
    wanted = f"{tmp_path / 'pairs.csv'} - no column {column!r}"
    problems = _problems(panel, pairs=tmp_path / "pairs.csv")
    assert [text[: len(wanted)] for text in problems] == [wanted]


@pytest.mark.parametrize(("file", "column"), [("leaders", "phases"), ("leaders", "leader_id"), ("posts", "post_id")])
def test_a_table_without_a_needed_column_is_refused(panel: SchoolPanel, tmp_path: Path, file: str, column: str) -> None:
    path = tmp_path / f"{file}.csv"
    pd.read_csv(assets.sample() / f"{file}.csv", dtype=str).drop(columns=column).to_csv(path, index=False)
    wanted = f"{path} - no column {column!r}"
    assert [text[: len(wanted)] for text in _problems(panel, **{file: path})] == [wanted]
