"""Leaders left out of a run: gone from pool, pairs and earlier plans, and said in the notes."""

import pandas as pd
import pytest

from pilotage.domain.panel import LeaderPool, Posts
from pilotage.errors import ScenarioError, Spot
from pilotage.sources.pool.left_out import BY_COLUMN, COLUMN, not_taking_part, notes, without


def _tables() -> tuple[LeaderPool, Posts]:
    leaders = pd.DataFrame({"leader_id": ["L1", "L2", "L3"]})
    pairs = pd.DataFrame({"leader_id": ["L1", "L2"], "post_id": ["P1", "P2"], "state": ["accepted", "refused"]})
    earlier = {"moves": pd.DataFrame({"leader_id": ["L2", "L3"], "post_id": ["P2", "P3"]})}
    return LeaderPool(leaders, True), Posts(pd.DataFrame({"post_id": ["P1"]}), True, (), pairs, earlier)


def test_a_leader_left_out_is_in_no_table() -> None:
    pool, posts = without(*_tables(), ("L2",))
    assert pool.leaders["leader_id"].tolist() == ["L1", "L3"]
    assert posts.pairs["leader_id"].tolist() == ["L1"]
    assert posts.earlier["moves"]["leader_id"].tolist() == ["L3"]


def test_nobody_left_out_changes_nothing() -> None:
    pool, posts = without(*_tables(), ())
    assert len(pool.leaders) == 3
    assert len(posts.pairs) == 2
    assert notes(()) == ()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("L22",), "pool.leave_out - no such leader_id 'L22'"),
        (("L22",), "did you mean 'L2'?"),
        (("L1", "L2", "L3"), "all 3 leaders are left out"),
    ],
)
def test_what_cannot_be_left_out_is_refused(names: tuple[str, ...], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        without(*_tables(), names)
    assert words in str(caught.value)


def test_the_notes_name_them() -> None:
    assert notes(("L3", "L1"))[0].startswith("Left out of this run by pool.leave_out: L1, L3.")


def test_leaders_who_do_not_take_part_are_those_whose_row_says_no() -> None:
    frame = pd.DataFrame({"leader_id": ["L2", "L1", "L3", None], COLUMN: [False, False, None, False]}, dtype=object)
    assert not_taking_part(frame, "leaders") == (("L1", "L2"), [])
    assert not_taking_part(frame.drop(columns=COLUMN), "leaders") == ((), [])
    assert not_taking_part(frame.drop(columns="leader_id"), "leaders") == ((), [])
    assert not_taking_part(frame.head(0), "leaders") == ((), [])


def test_a_table_in_which_nobody_takes_part_is_refused() -> None:
    frame = pd.DataFrame({"leader_id": ["L1", "L2"], COLUMN: [False, False]}, dtype=object)
    absent, (problem,) = not_taking_part(frame, "leaders")
    assert absent == ()
    assert (problem.spot, problem.do) == (Spot("leaders", 0, COLUMN), "write yes for one")
    assert notes(("L1",), BY_COLUMN)[0].startswith("Left out of this run by the column takes_part: L1.")
