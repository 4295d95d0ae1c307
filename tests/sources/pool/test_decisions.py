"""Tables of decisions: read in every form, put together, told with file and row where they contradict."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain.answers import DECISION
from pilotage.domain.panel import Posts, SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.settled.tables import TableKind, kind_of
from pilotage.sources.pool.tables import load_pool

LEADERS = "leader_id,name,level,phases,easting,northing,max_travel_km,available_from\n" + "".join(
    f"L{number},Ada {number},head,primary,389700,399500,41,2016-09-01\n" for number in (1, 2, 3)
)
POSTS = (
    "post_id,urn,level,opens_on,consent\nP1,900001,head,2016-09-01,yes\nP2,900002,head,2016-09-01,unknown\n"
    "P3,900003,senior,2016-09-01,yes\nP4,900003,senior,2016-09-01,yes\n"
)
OUT_OF_SCOPE = 900011

Write = Callable[..., Path]
Load = Callable[..., Posts]


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    return load_panel(resolve("baseline").scenario, cache=assets.cache(), say=print)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, *rows: dict[str, Any]) -> Path:
        pd.DataFrame(list(rows)).to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return written


@pytest.fixture
def load(panel: SchoolPanel, tmp_path: Path) -> Load:
    """Return a loader of the pool with tables of decisions; other keys are settings of the scenario."""
    for name, text in {"leaders": LEADERS, "posts": POSTS}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def loaded(*decisions: Path, more: tuple[str, ...] = ()) -> Posts:
        own = [f"pool.{name}={(tmp_path / f'{name}.csv').as_posix()}" for name in ("leaders", "posts")]
        files = f"pool.decisions=[{', '.join(repr(path.as_posix()) for path in decisions)}]"
        scope = panel.schools.loc[panel.schools["urn"] != OUT_OF_SCOPE, "urn"].to_numpy(dtype="int64")
        scenario = resolve("baseline", [*own, *([files] if decisions else []), *more]).scenario
        return load_pool(scenario, panel, scope)[1]

    return loaded


def _said(posts: Posts) -> set[tuple[Any, ...]]:
    return {(each.asked.leader_id, each.asked.post_id, each.said) for each in posts.answers if each.party == DECISION}


def _told(load: Load, *paths: Path, **keys: Any) -> str:
    with pytest.raises(DataError) as caught:
        load(*paths, **keys)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_a_row_says_who_where_why_by_whom_and_when(load: Load, write: Write) -> None:
    row = {"leader_id": "L1", "post_id": "P1", "decision": "Agreed", "note": "governors", "owner": "chair"}
    (answer,) = load(write("d.csv", row | {"date": "01/10/2016"})).answers  # after as_of: the planners' own
    assert (answer.asked.urn, answer.asked.level, answer.said) == (900001, "head", "agreed")
    assert (answer.reason, answer.by, str(answer.on), answer.place) == (
        "governors",
        "chair",
        "2016-10-01",
        "d.csv, row 2",
    )


def test_ticks_and_days_stand_for_decisions_and_rows_without_one_are_passed_over(load: Load, write: Write) -> None:
    rows = (
        {"leader_id": "L1", "post_id": "P1", "asked": "yes", "agreed": "02/05/2016", "refused": None},
        {"leader_id": "L2", "post_id": "P2", "asked": "x", "agreed": "no", "refused": None},
        {"leader_id": "L3", "post_id": "P3", "asked": None, "agreed": None, "refused": "x"},
        {"leader_id": "L3", "post_id": "P4", "asked": None, "agreed": None, "refused": None},
    )
    posts = load(write("ticks.csv", *rows))
    assert _said(posts) == {("L1", "P1", "agreed"), ("L2", "P2", "asked"), ("L3", "P3", "refused")}
    assert [str(each.on) for each in posts.answers if each.said == "agreed"] == ["2016-05-02"]


def test_a_run_s_workbook_is_read_from_its_lists_with_their_headings(load: Load, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active["A1"] = "What this is"
    sheet = book.create_sheet("Placements")
    sheet.append(["Leader", "Post", "URN", "Level", "Asked", "Agreed", "Refused", "Owner", "Note", "Decide by"])
    sheet.append(["L1", "P1", 900001, "head", None, "yes", None, "Kim", "by telephone", None])
    sheet.append(["L2", "P2", 900002, "head", None, None, None, None, None, "2016-05-31"])
    book.save(tmp_path / "report.xlsx")
    answer, noted = load(tmp_path / "report.xlsx").answers
    assert (answer.asked.leader_id, answer.said, answer.by, answer.reason) == ("L1", "agreed", "Kim", "by telephone")
    assert answer.place == "report.xlsx, sheet 'Placements', row 2"
    assert (noted.asked.leader_id, noted.said, str(noted.decide_by)) == ("L2", "noted", "2016-05-31")


def test_the_school_s_only_post_is_meant_where_none_is_named(load: Load, write: Write) -> None:
    assert _said(load(write("d.csv", {"leader_id": "L1", "urn": 900002, "decision": "agreed"}))) == {
        ("L1", "P2", "agreed")
    }
    two = write("two.csv", {"leader_id": "L1", "urn": 900003, "decision": "agreed"})
    assert "urn = 900003, and 2 posts there: which is meant cannot be told" in _told(load, two)


def test_a_school_that_said_yes_to_anybody_consents(load: Load, write: Write) -> None:
    posts = load(write("d.csv", {"leader_id": None, "post_id": "P2", "decision": "agreed"}))
    assert _said(posts) == {(None, "P2", "agreed")}


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        ({}, {}, "refused"),  # the later file
        ({"on": "2016-05-01"}, {"on": "2016-06-01"}, "refused"),
        ({"on": "2016-06-01"}, {"on": "2016-05-01"}, "agreed"),  # the later day
    ],
)
def test_of_two_files_the_later_holds_and_the_other_has_ended(
    load: Load, write: Write, first: dict[str, str], second: dict[str, str], holds: str
) -> None:
    pair = {"leader_id": "L1", "post_id": "P1"}
    one = write("one.csv", pair | {"decision": "agreed"} | first)
    two = write("two.csv", pair | {"decision": "refused"} | second)
    posts = load(one, two)
    assert _said(posts) == {("L1", "P1", holds)}
    assert [each.said for each in posts.ended] == [{"agreed": "refused", "refused": "agreed"}[holds]]
    assert posts.notes[0].startswith("Of different decisions about one thing the later holds: ")


def test_a_ledger_gives_its_decisions_again_and_nothing_else(load: Load, write: Write) -> None:
    base = {"post_id": "P1", "decision": "agreed", "holds": "yes", "source": "may.csv, row 7"}
    rows = (
        {"what": "decision", "leader_id": "L1"} | base,
        {"what": "decision", "leader_id": "L2"} | base | {"holds": "no"},
        {"what": "pin", "leader_id": "L3"} | base,
        {"what": "answer", "leader_id": "L3", "party": "school"} | base,
    )
    posts = load(write("ledger.csv", *rows))
    assert _said(posts) == {("L1", "P1", "agreed")}
    assert [(each.asked.leader_id, each.source) for each in posts.ended] == [("L2", "may.csv, row 7")]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"decision": "agreed", "refused": "yes"}], "row 2 - says both agreed and refused"),
        ([{"decision": "agreed"}, {"decision": "refused"}], "row 3 - post P1 for L1: refused, but agreed in"),
        ([{"decision": "agreed"}, {"decision": "agreed", "post_id": "P2"}], "but leader L1 has post P1 already"),
        ([{"decision": "agreed"}, {"decision": "started", "leader_id": "L2"}], "but leader L1 has it already"),
        ([{"decision": "agreed"}, {"decision": "refused", "leader_id": None}], "but post P1 for L1: agreed"),
        ([{"decision": "started", "leader_id": None}], "leader_id is blank"),
        ([{"decision": "maybe"}], "decision = 'maybe'"),
        ([{"decision": "agreed", "leader_id": "L9"}], "leader_id = 'L9'"),
        ([{"decision": "agreed", "post_id": "P9"}], "no such post_id 'P9'"),
        ([{"decision": "agreed", "urn": 900002}], "post_id = 'P1' is at school 900001, not at 900002"),
        (
            [{"decision": "agreed", "post_id": None, "urn": OUT_OF_SCOPE, "level": "head"}],
            "is not in the scope of this",
        ),
        ([{"decision": "agreed", "post_id": None, "urn": 1}], "urn = 1"),
        ([{"decision": "agreed", "post_id": None}], "post_id and urn are both blank"),
        ([{"decision": "agreed", "post_id": None, "urn": 900010, "level": "head"}], "no known post there"),
        ([{"decison": "agreed"}], "did you mean 'decision'?"),
        ([{"other": "agreed"}], "no column says what was decided"),
    ],
)
def test_what_contradicts_or_names_nothing_is_refused_with_file_and_row(
    load: Load, write: Write, rows: list[dict[str, Any]], words: str
) -> None:
    told = _told(load, write("d.csv", *({"leader_id": "L1", "post_id": "P1"} | row for row in rows)))
    assert "d.csv" in told
    assert words in told


def test_a_decision_against_a_pin_or_a_ban_is_refused(load: Load, write: Write) -> None:
    path = write("d.csv", {"leader_id": "L1", "post_id": "P1", "decision": "refused"})
    pin = "pins.p={leader_id: L1, post_id: P1, reason: r, author: a}"
    assert "but pins.p sends L1 to P1" in _told(load, path, more=(pin,))
    path = write("e.csv", {"leader_id": "L1", "post_id": "P1", "decision": "agreed"})
    assert "but bans.b forbids it" in _told(load, path, more=("bans.b={leader_id: L1, reason: r, author: a}",))


def test_earlier_placements_that_decisions_end_do_not_count(load: Load, write: Write) -> None:
    pairs = (("L1", "P1", 900001), ("L2", "P2", 900002), ("L3", "P3", 900003))
    before = write("placements.csv", *({"leader_id": one, "post_id": post, "urn": urn} for one, post, urn in pairs))
    rule = f"rules.m={{rule: moves, earlier_plan: {before.as_posix()}, count: 1}}"

    def left(*rows: dict[str, Any]) -> list[str]:
        return load(write("d.csv", *rows), more=(rule,)).earlier["m"]["leader_id"].tolist()

    assert left({"leader_id": "L1", "post_id": "P1", "decision": "asked"}) == ["L1", "L2", "L3"]
    assert left({"leader_id": "L1", "post_id": "P1", "decision": "agreed"}) == ["L1", "L2", "L3"]
    assert left({"leader_id": "L1", "post_id": "P1", "decision": "refused"}) == ["L2", "L3"]
    assert left({"leader_id": None, "post_id": "P1", "decision": "withdrawn"}) == ["L2", "L3"]
    assert left({"leader_id": "L1", "post_id": "P2", "decision": "agreed"}) == ["L3"]  # L1 elsewhere, L2's post taken


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("leader_id,post_id,decision", TableKind.DECISIONS),
        ("leader_id,post_id,agreed", TableKind.DECISIONS),
        ("leader_id,post_id,state", TableKind.PAIRS),
        ("leader_id,post_id,school,body", TableKind.PAIRS),
        ("leader_id,urn,level,school,school_date,body", TableKind.ASKS),
        ("leader_id,post_id", TableKind.DECISIONS),
    ],
)
def test_the_columns_say_what_kind_of_answers_a_table_has(tmp_path: Path, columns: str, kind: TableKind) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f"{columns}\n" + ",".join("L1" for _ in columns.split(",")) + "\n", encoding="utf-8")
    assert kind_of(path) is kind


def test_posts_may_be_added_with_the_same_checks(load: Load, write: Write) -> None:
    new = {"post_id": "N1", "urn": 900010, "level": "head", "opens_on": "2016-09-01", "consent": "yes"}
    more = write("more.csv", new)
    posts = load(more=(f"pool.added_posts={more.as_posix()}",))
    assert posts.added == ("N1",)
    assert posts.posts["post_id"].tolist() == ["P1", "P2", "P3", "P4", "N1"]
    assert [each.key for each in posts.inputs if each.role == "posts"] == ["pool.posts", "pool.added_posts"]
    wrong = write("b.csv", new | {"level": "chief"})
    assert "level = 'chief'" in _told(load, more=(f"pool.added_posts={wrong.as_posix()}",))


def test_a_post_that_is_there_already_is_refused_with_both_places(load: Load, write: Write) -> None:
    again = {"post_id": "P2", "urn": 900010, "level": "head", "opens_on": "2016-09-01", "consent": "yes"}
    told = _told(load, more=(f"pool.added_posts={write('more.csv', again).as_posix()}",))
    assert "more.csv, row 2 - post_id = 'P2' is there already (" in told
    assert "posts.csv, row 3)" in told


def test_added_posts_equal_a_table_with_them(load: Load, write: Write, tmp_path: Path) -> None:
    new = {"post_id": "N1", "urn": 900001, "level": "middle", "opens_on": "2016-09-01", "consent": "yes"}
    added = load(more=(f"pool.added_posts={write('more.csv', new).as_posix()}",)).posts
    with (tmp_path / "posts.csv").open("a", encoding="utf-8") as posts:
        posts.write(",".join(str(cell) for cell in new.values()) + "\n")
    pd.testing.assert_frame_equal(added, load().posts)


def test_a_second_head_post_of_a_school_is_refused_with_both_places(load: Load, write: Write) -> None:
    second = {"post_id": "N1", "urn": 900001, "level": "head", "opens_on": "2016-10-01", "consent": "yes"}
    told = _told(load, more=(f"pool.added_posts={write('more.csv', second).as_posix()}",))
    assert "more.csv, row 2 - urn = 900001, a second head post" in told
    assert "posts.csv, row 2" in told
