"""Whom to ask next: the posts that may come open for which the plan has a leader, by who answers for the school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.columns import AFTER_A_NO, DECISION, FACT, MODELLED, Column
from pilotage.report.lists.counted import counted_pairs
from pilotage.report.lists.next_offers import after_a_no

ASKS = (
    Column("leader_id", "Leader", DECISION, "text", 14, "The leader's identifier in the pool; not placed yet."),
    Column(
        *("ask_order", "Which ask", DECISION, "integer", 8),
        "1 = what is asked for this leader first, 2 = what is asked after a no, and so on: the highest benefit first, "
        "which already counts the chance.",
    ),
    Column("urn", "URN", FACT, "integer", 9, "The school's unique reference number."),
    Column("school", "School", FACT, "text", 38, "Name of the school to ask."),
    Column("level", "Level", DECISION, "text", 11, "Level of the post to ask about."),
    Column(
        *("chance_open", "Chance that the post comes open", MODELLED, "chance", 13),
        "Chance that a post of this level comes open there within a year: the scenario's, or the yearly turnover.",
    ),
    Column(
        *("acceptance", "Chance of acceptance", MODELLED, "chance", 12),
        "Assumed chance that school and leader agree, should the post come open.",
    ),
    Column(
        *("chance", "Chance of both", MODELLED, "chance", 12),
        "Chance that the post comes open and both agree. The benefit is already multiplied by it.",
    ),
    Column(
        *("benefit", "Modelled benefit, pupil-months", MODELLED, "months", 13),
        "Months of progress of disadvantaged pupils, summed over pupils, that the ask is modelled to add, by the "
        "chance of both; pupils shared with other leaders of the plan are counted once.",
    ),
    Column("travel_km", "Distance, km", FACT, "km", 10, "Straight line from the leader's base to the school."),
    Column(
        *("responsible_body", "Responsible body", FACT, "text", 28),
        "Who to speak to: the school's trust, or its local authority where it has none.",
    ),
    *AFTER_A_NO,
)


def asks(record: RunRecord) -> pd.DataFrame:
    """Return the ``ASKS``: one row per ask, by responsible body, then highest benefit, URN and leader."""
    problem, chosen = record.problem, record.plan.chosen
    kept = record.impact.asks(chosen)
    pairs, asked = counted_pairs(record)[kept].reset_index(drop=True), chosen[kept]
    urn, post = problem.urns[problem.post[asked]], problem.post[asked]
    schools = record.panel.schools.set_index("urn").reindex(urn)
    body = schools["trust"].fillna(schools["authority"])
    named = pairs.reindex(columns=[column.name for column in ASKS]).assign(
        leader_id=[problem.leader_ids[leader] for leader in problem.leader[asked]],
        ask_order=pd.array([record.asking.ask_order.get(pair) for pair in asked.tolist()], dtype="Int64"),
        urn=urn,
        school=schools["name"].to_numpy(),
        level=record.posts.posts["level"].to_numpy(dtype=object)[post] if len(post) else np.zeros(0, dtype=object),
        responsible_body=body.to_numpy(dtype=object),
        **after_a_no(record, asked),
    )
    keys = ["responsible_body", "benefit", "urn", "leader_id"]
    return named.sort_values(keys, ascending=[True, False, True, True], ignore_index=True)
