"""Tables of answers: read, put together, and every contradiction told with its file and row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain.answers import WRITTEN_BESIDE, Answer
from pilotage.domain.panel import Posts, SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.tables import load_pool

LEADERS = "leader_id,level,phases,easting,northing,max_travel_km,available_from\n" + "".join(
    f"L{number},head,primary,389700,399500,41,2016-09-01\n" for number in (1, 2, 3)
)
POSTS = (
    "post_id,urn,level,opens_on,consent\nP1,900001,head,2016-09-01,yes\nP2,900002,head,2016-09-01,no\n"
    "P3,900003,senior,2016-09-01,yes\nP4,900003,senior,2016-09-01,yes\n"
)
FREE = 900010  # a school without a post in the table

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
    """Return a loader of the pool: ``asks`` and ``pairs`` are paths, other keys settings of the scenario."""
    for name, text in {"leaders": LEADERS, "posts": POSTS}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def loaded(asks: list[Path] | None = None, pairs: list[Path] | None = None, *more: str) -> Posts:
        files = {"asks": asks or [], "pairs": pairs or []}
        lists = [
            f"pool.{key}=[{', '.join(repr(p.as_posix()) for p in paths)}]" for key, paths in files.items() if paths
        ]
        own = [f"pool.{name}={(tmp_path / f'{name}.csv').as_posix()}" for name in ("leaders", "posts")]
        settings = ["pool.prospects={levels: [head]}", *own, *lists, *more]
        scope = panel.schools.loc[panel.schools["urn"] != 900011, "urn"].to_numpy(dtype="int64")
        return load_pool(resolve("baseline", settings).scenario, panel, scope)[1]

    return loaded


def _ask(urn: int = FREE, named: str | None = "L1", /, **cells: str) -> dict[str, Any]:
    return {"urn": urn, "level": "head", "leader_id": named} | cells


def _told(load: Load, *args: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        load(*args)
    return [str(problem) for problem in caught.value.problems]


def _said(posts: Posts) -> set[tuple[str, str]]:
    return {(answer.party, answer.said) for answer in posts.answers}


def test_a_run_s_asks_are_read_unchanged_and_blank_means_nothing(load: Load, write: Write) -> None:
    beside = dict.fromkeys(WRITTEN_BESIDE, "anything")
    path = write("asks.csv", _ask(school="", school_date="", leader="") | beside)
    posts = load([path])
    assert posts.answers == ()
    assert [(each.role, each.key) for each in posts.inputs if each.role == "asks"] == [("asks", "pool.asks")]


def test_the_answers_of_a_row_are_read_with_date_author_and_condition(load: Load, write: Write) -> None:
    cells = {"school": "Agreed", "school_date": "01/06/2016", "school_by": "governors", "body": "interested"}
    (school, body) = load([write("asks.csv", _ask(school_condition="from January", **cells))]).answers
    assert isinstance(school, Answer)
    assert (school.party, school.said, school.by, school.condition) == ("school", "agreed", "governors", "from January")
    assert (str(school.on), school.place) == ("2016-06-01", "asks.csv, row 2")
    assert (body.party, body.said, body.on) == ("body", "interested", None)


def test_tables_of_two_people_are_put_together(load: Load, write: Write) -> None:
    one = write("one.csv", _ask(school="agreed"), _ask(urn=900012, school="asked"))
    two = write("two.csv", _ask(school="agreed", school_by="governors", body="refused"), _ask(urn=900012, school=""))
    posts = load([one, two])
    assert _said(posts) == {("school", "agreed"), ("body", "refused"), ("school", "asked")}
    assert [answer.by for answer in posts.answers if answer.said == "agreed"] == ["governors"]
    assert posts.notes == ()
    assert len([each for each in posts.inputs if each.role == "asks"]) == 2


@pytest.mark.parametrize("swapped", [False, True])
def test_of_different_answers_with_different_dates_the_later_holds_with_a_note(
    load: Load, write: Write, swapped: bool
) -> None:
    one = write("one.csv", _ask(school="interested", school_date="2016-05-01"))
    two = write("two.csv", _ask(school="refused", school_date="2016-06-01"))
    posts = load([two, one] if swapped else [one, two])
    assert _said(posts) == {("school", "refused")}
    assert posts.notes == (
        "Of different answers to one ask the later holds: refused by the school on 01 Jun 2016 (two.csv, row 2) in "
        "the place of interested by the school on 01 May 2016 (one.csv, row 2), for head at school 900010 for L1.",
    )


@pytest.mark.parametrize(("first", "second"), [("", ""), ("2016-06-01", ""), ("2016-06-01", "2016-06-01")])
def test_different_answers_of_the_same_or_no_date_are_a_conflict(
    load: Load, write: Write, first: str, second: str
) -> None:
    one = write("one.csv", _ask(school="agreed", school_date=first))
    two = write("two.csv", _ask(urn=900012), _ask(school="refused", school_date=second))
    (told,) = _told(load, [one, two])
    assert told.startswith(f"{two}, row 3 - head at school 900010 for L1: refused by the school")
    assert f"but agreed by the school{' on 01 Jun 2016' if first else ''} in {one}, row 2" in told
    assert "give both their dates" in told


def test_two_conditions_of_one_answer_are_a_conflict(load: Load, write: Write) -> None:
    rows = (_ask(school="agreed", school_condition="from January"), _ask(school="agreed", school_condition="part time"))
    (told,) = _told(load, [write("asks.csv", *rows)])
    assert "on the condition 'part time', but agreed by the school, on the condition 'from January'" in told


WRONG: dict[str, tuple[list[dict[str, Any]], str]] = {
    "agreed before the ask": (
        [_ask(school="agreed", school_date="2016-05-01"), _ask(school="asked", school_date="2016-06-01")],
        "row 3 - head at school 900010 for L1: asked by the school on 01 Jun 2016, but agreed",
    ),
    "started before an agreement": (
        [_ask(leader="started", leader_date="2016-05-01", school="agreed", school_date="2016-06-01")],
        "row 2 - head at school 900010 for L1: started by the leader on 01 May 2016, but agreed by the school",
    ),
    "after the day of the run": (
        [_ask(school="agreed", school_date="2016-09-01")],
        "row 2 - head at school 900010 for L1: agreed by the school on 01 Sep 2016, which is after as_of (31 Aug 2016)",
    ),
    "refused and started": (
        [_ask(body="refused", leader="started")],
        "row 2 - head at school 900010 for L1: refused by the responsible body, but",
    ),
    "refused for all and agreed with one": (
        [_ask(FREE, None, school="refused"), _ask(school="agreed", body="agreed", leader="agreed")],
        "row 2 - head at school 900010: refused by the school, but head at school 900010 for L1",
    ),
    "a leader agreed twice": (
        [_ask(leader="agreed"), _ask(900012, leader="agreed")],
        "row 3 - head at school 900012 for L1: agreed by the leader, but leader L1 has a post as head at school",
    ),
    "a post held twice": (
        [_ask(leader="started"), _ask(leader_id="L2", leader="started")],
        "row 3 - head at school 900010 for L2: started by the leader, but leader L1 has it already",
    ),
    "an unknown leader": ([_ask(leader_id="L9")], "row 2 - leader_id = 'L9'"),
    "an unknown school": ([_ask(99)], "row 2 - urn = 99 - a URN of the schools' data"),
    "a school out of scope": ([_ask(900011)], "row 2 - urn = 900011, a school that is not in scope"),
    "an unknown level": ([_ask(level="caretaker")], "row 2 - level = 'caretaker' - "),
    "a level that is not asked for": (
        [_ask(level="senior", school="asked")],
        "row 2 - senior at school 900010 for L1: no known post there, and pool.prospects has no level senior",
    ),
    "an unknown answer": ([_ask(school="perhaps")], "row 2 - school = 'perhaps' - one of 'asked', 'interested'"),
    "a date without an answer": (
        [_ask(body_date="2016-06-01")],
        "row 2 - body_date is filled in, and body is blank",
    ),
    "a leader's answer without a leader": ([_ask(leader_id="", leader="agreed")], "row 2 - leader = 'agreed', and"),
    "a start without a leader": ([_ask(leader_id="", school="started")], "row 2 - school = 'started', and leader_id"),
    "a post whose table says no": (
        [_ask(900002, school="agreed", body="agreed")],
        "row 2 - head at school 900002 for L1: agreed by the school, and the table of posts has consent = no for P2",
    ),
    "one of two posts": (
        [_ask(900003, level="senior", school="agreed", body="agreed")],
        "row 2 - senior at school 900003 for L1: agreed by the school, and the school has 2 such posts: P3, P4",
    ),
    "no such column": ([_ask(scool="agreed")], "no such column 'scool'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_contradiction_is_told_with_its_row(load: Load, write: Write, name: str) -> None:
    rows, words = WRONG[name]
    path = write("asks.csv", *[_row(row) for row in rows])
    told = _told(load, [path])
    assert any(text.startswith(str(path)) and words in text for text in told), "\n".join(told)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with every party's column, so that rows of a table have the same."""
    names = ("school", "school_date", "body", "body_date", "leader", "leader_date")
    return dict.fromkeys(names, "") | row


def test_all_contradictions_of_all_tables_are_told_at_once(load: Load, write: Write) -> None:
    one = write(
        "one.csv", _ask(school="agreed", school_date="2016-09-01"), _ask(900012, body="refused", leader="started")
    )
    two = write("two.csv", {"leader_id": "L2", "post_id": "P1", "school": "refused", "leader": "started"})
    told = _told(load, [one], [two])
    assert [any(f"{path}, row {row}" in text for text in told) for path, row in ((one, 2), (one, 3), (two, 2))] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("row", "setting", "words"),
    [
        ({"school": "refused"}, "pins.mine={leader_id: L1, post_id: P1, reason: r, author: a}", "pins.mine sends L1"),
        ({"leader": "started"}, "bans.mine={leader_id: L1, reason: r, author: a}", "bans.mine forbids it"),
        ({"leader": "started"}, "bans.mine={urn: 900001, reason: r, author: a}", "bans.mine forbids it"),
        ({"leader": "started"}, "pins.mine={leader_id: L1, post_id: P3, reason: r, author: a}", "pins.mine sends L1"),
        ({"leader": "started"}, "pins.mine={leader_id: L2, post_id: P1, reason: r, author: a}", "pins.mine sends L2"),
    ],
)
def test_an_answer_against_a_pin_or_a_ban_is_told(
    load: Load, write: Write, row: dict[str, str], setting: str, words: str
) -> None:
    path = write("pairs.csv", {"leader_id": "L1", "post_id": "P1"} | row)
    told = _told(load, None, [path], setting)
    assert [words in text and text.startswith(f"{path}, row 2") for text in told] == [True]


def test_a_pin_that_says_what_the_answers_say_is_no_contradiction(load: Load, write: Write) -> None:
    path = write("pairs.csv", {"leader_id": "L1", "post_id": "P1", "leader": "started"})
    assert len(load(None, [path], "pins.mine={leader_id: L1, post_id: P1, reason: r, author: a}").answers) == 1


def test_asks_without_prospects_are_refused_unless_the_post_is_known(load: Load, write: Write) -> None:
    asks = write("asks.csv", _ask(900001, school="asked"), _ask(school="asked"))
    (told,) = _told(load, [asks], None, "pool.prospects=")
    assert told.startswith(
        f"{asks}, row 3 - head at school 900010 for L1: no known post there, and pool.prospects is empty"
    )


def test_states_and_answers_of_a_pair_contradict_each_other(load: Load, write: Write) -> None:
    base = {"leader_id": "L1", "post_id": "P1"}
    told = _told(load, None, [write("pairs.csv", base | {"state": "refused", "school": "started"})])
    assert len(told) == 1
    assert "refused, but post P1 for L1: started by the school" in told[0]
    both = [write("one.csv", base | {"state": "accepted"}), write("two.csv", base | {"state": "refused"})]
    assert "post P1 for L1: refused, but accepted in" in _told(load, None, both)[0]


def test_a_leader_left_out_takes_the_answers_along(load: Load, write: Write) -> None:
    path = write("asks.csv", _row(_ask(leader="started")), _row(_ask(900012, "L2", school="refused")))
    assert [answer.asked.leader_id for answer in load([path], None, "pool.leave_out=[L1]").answers] == ["L2"]


def test_earlier_asks_count_unless_an_answer_has_ended_them(load: Load, write: Write, tmp_path: Path) -> None:
    schools = (FREE, 900012, 900013, 900014)
    asks = write(
        "earlier.csv", *(_ask(urn, leader) for urn, leader in zip(schools, ("L1", "L1", "L2", "L3"), strict=True))
    )
    placed = write("placements.csv", {"leader_id": "L3", "post_id": "P1"})
    answers = write(
        "answers.csv",
        _row(_ask(school="agreed", body="agreed", leader="agreed")),  # L1 is placed: the ask at 900012 has ended
        _row(_ask(900013, None, body="refused")),
    )
    rule = (
        f"rules.moves={{rule: moves, earlier_plan: '{placed.as_posix()}', earlier_asks: '{asks.as_posix()}', count: 0}}"
    )
    earlier = load([answers], None, rule).earlier["moves"]
    assert earlier.to_numpy().tolist() == [["L3", "P1"], ["L1", "ask: 900010 head"], ["L3", "ask: 900014 head"]]


def test_an_earlier_placement_in_a_post_that_was_asked_for_is_known(load: Load, write: Write) -> None:
    row = {"leader_id": "L1", "post_id": "ask: 900010 head", "urn": FREE, "level": "head"}
    rule = f"rules.moves={{rule: moves, earlier_plan: '{write('placements.csv', row).as_posix()}', count: 0}}"
    assert load(None, None, rule).earlier["moves"]["post_id"].tolist() == ["ask: 900010 head"]
    other = write("placements.csv", row | {"urn": 900012})
    assert any(f"{other}, row 2" in text for text in _told(load, None, None, rule))


def test_earlier_asks_that_are_no_list_of_asks_are_told(load: Load, write: Write) -> None:
    placed = write("placements.csv", {"leader_id": "L3", "post_id": "P1"})
    path = placed.as_posix()
    rule = f"rules.moves={{rule: moves, earlier_plan: '{path}', earlier_asks: '{path}', count: 0}}"
    told = _told(load, None, None, rule)
    assert told[0].startswith(
        f"{placed} - no column 'urn' - columns leader_id, urn, level, as asks.csv of a run has them"
    )


def test_an_earlier_ask_that_names_nothing_says_which_cells_without_a_librarys_words(load: Load, write: Write) -> None:
    asks = write("earlier.csv", _ask(), _ask() | {"level": ""}, _ask(5, ""))
    placed = write("placements.csv", {"leader_id": "L3", "post_id": "P1"})
    plan = f"earlier_plan: '{placed.as_posix()}', earlier_asks: '{asks.as_posix()}'"
    told = _told(load, None, None, f"rules.moves={{rule: moves, {plan}, count: 0}}")
    assert [line.split(" - ")[0:2] for line in told] == [
        [f"{asks}, row 3", "level = blank"],
        [f"{asks}, row 4", "urn = 5, leader_id = blank"],
    ]


def _earlier(load: Load, path: Path) -> list[list[str]]:
    rule = f"rules.moves={{rule: moves, earlier_plan: '{path.as_posix()}', count: 0}}"
    found: list[list[str]] = load(None, None, rule).earlier["moves"].to_numpy().tolist()
    return found


def test_an_earlier_plan_saved_again_by_hand_is_read_as_the_run_wrote_it(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "placements.csv"
    path.write_text(
        "Our plan;;;;\n\nLeader ID;Post-ID;URN;Level;Intervention\nL3;P1;900.001;Head;Place\n"
        "L1;ask: 900010 head;900.010;head;place\nL9;P9;900003;head;Support\n",
        encoding="utf-8",
    )
    assert _earlier(load, path) == [["L3", "P1"], ["L1", "ask: 900010 head"]]


def test_a_placement_without_an_intervention_is_one_of_a_leader(load: Load, write: Write) -> None:
    rows = [
        {"leader_id": leader, "post_id": post, "intervention": word}
        for leader, post, word in (("L1", "P1", "place"), ("L2", "P3", ""))
    ]
    assert _earlier(load, write("placements.csv", *rows)) == [["L1", "P1"], ["L2", "P3"]]


def test_an_intervention_that_there_is_not_is_told(load: Load, write: Write) -> None:
    path = write("placements.csv", {"leader_id": "L3", "post_id": "P1", "intervention": "suport"})
    (told,) = _told(load, None, None, f"rules.moves={{rule: moves, earlier_plan: '{path.as_posix()}', count: 0}}")
    assert told.startswith(f"{path}, row 2 - intervention = 'suport' - 'place' or 'support'")
