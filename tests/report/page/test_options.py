"""Who could go to a school: counted once each, the highest benefit first; support of a leader in post is nobody's."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.page.schools.options import asked_about, who_could_go


def test_leaders_are_named_by_benefit_and_counted(record: RunRecord) -> None:
    told = who_could_go(record)
    assert told[105] == "2 leaders may, by modelled benefit: L1, L3."
    assert told[104] == "2 leaders may, by modelled benefit: L2, L1."
    assert told[107] == "1 leader may: L3."
    assert 101 not in told.index  # no post


def test_only_the_first_three_of_many_are_named_and_support_is_not_a_leader(record: RunRecord) -> None:
    problem = replace(
        record.problem,
        leader_ids=("L1", "L2", "L3", "L4", "region"),
        leader=np.array([0, 1, 2, 3, 4, 0, 1], dtype=np.int32),
        post=np.zeros(7, dtype=np.int32),
    )
    pool = pd.concat([record.pool.leaders, record.pool.leaders.tail(1).assign(leader_id="L4")], ignore_index=True)
    told = who_could_go(replace(record, problem=problem, pool=replace(record.pool, leaders=pool)))
    assert told.to_dict() == {105: "4 leaders may, by modelled benefit: first L1, L3, L4."}


def test_a_school_is_told_by_its_best_place_on_the_list() -> None:
    rows = [(2, 105, "head", "L1", "asked before"), (1, 105, "senior", "L2", "new"), (3, 104, "head", "L3", "far")]
    frame = pd.DataFrame(rows, columns=["ask_rank", "urn", "level", "leader_id", "why"])
    assert asked_about(frame).to_dict() == {
        105: "Number 1 on the list: senior, L2; new",
        104: "Number 3 on the list: head, L3; far",
    }
