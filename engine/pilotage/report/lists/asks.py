"""Whom to ask next: the posts that may come open for which the plan has a leader, by who answers for the school."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.answers import ANSWERS, Answer, Asked
from pilotage.report.columns import AFTER_A_NO, DECIDE_BY, DECISION, FACT, MARKS, MODELLED, STARTS_ON, Column
from pilotage.report.lists.counted import counted_pairs
from pilotage.report.lists.known_schools import school_marks
from pilotage.report.lists.next_offers import after_a_no
from pilotage.report.lists.notice import answers_of, decide_by_days, notice_words
from pilotage.report.lists.ranked_schools import starting_days
from pilotage.report.words import absent

ANSWERING = {"school": "the school", "body": "the responsible body", "leader": "the leader"}


def _answer_columns(party: str, who: str) -> tuple[Column, ...]:
    """Return the columns that a planner fills in when a party answers."""
    title = party.capitalize() if party != "body" else "Responsible body"
    return (
        Column(
            *(party, f"{title}: answer", FACT, "text", 12),
            f"To fill in: what {who} answered ({', '.join(ANSWERS)}). Blank = not asked yet.",
        ),
        Column(f"{party}_date", f"{title}: when", FACT, "text", 12, f"To fill in: the day on which {who} answered."),
        Column(f"{party}_by", f"{title}: who", FACT, "text", 16, f"To fill in: who answered for {who}, by role."),
        Column(
            *(f"{party}_condition", f"{title}: condition", FACT, "text", 24),
            "To fill in: a condition in words. It is shown, and never acted on.",
        ),
    )


ASKS = (
    Column("leader_id", "Leader", DECISION, "text", 14, "The leader's identifier in the pool; not placed yet."),
    Column(
        *("ask_order", "Which ask", DECISION, "integer", 8),
        "1 = what is asked for this leader first, 2 = what is asked after a no, and so on: the highest benefit first, "
        "which already counts the chance.",
    ),
    Column("urn", "URN", FACT, "integer", 9, "The school's unique reference number."),
    Column("name", "School", FACT, "text", 38, "Name of the school to ask."),
    Column("level", "Level", DECISION, "text", 11, "Level of the post to ask about."),
    *(column for party, who in ANSWERING.items() for column in _answer_columns(party, who)),
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
    STARTS_ON,
    DECIDE_BY,
    replace(MARKS, meaning="Whether the last day for notice has passed, and what the table of schools says."),
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
        name=schools["name"].to_numpy(),
        level=record.posts.posts["level"].to_numpy(dtype=object)[post] if len(post) else np.zeros(0, dtype=object),
        responsible_body=body.to_numpy(dtype=object),
        **after_a_no(record, asked),
        starts_on=starting_days(record, problem.leader[asked], post),
    )
    named = _with_notice(record, _with_answers(record, named))
    keys = ["responsible_body", "benefit", "urn", "leader_id"]
    return named.sort_values(keys, ascending=[True, False, True, True], ignore_index=True)


def answered_words(ask: pd.Series) -> str:
    """Return what was answered to an ask (a row of the list) already, in words; empty where nothing was."""
    return ", ".join(f"{who} {ask[party]}" for party, who in ANSWERING.items() if not absent(ask[party]))


def _with_answers(record: RunRecord, named: pd.DataFrame) -> pd.DataFrame:
    """Return the asks with what was answered to each already."""
    rows = named[["urn", "level", "leader_id"]].itertuples(index=False, name=None)
    answers = answers_of(record, (Asked(int(urn), level, leader) for urn, level, leader in rows))
    made = {
        name: pd.Series([given.get(party, {}).get(name) for given in map(_cells, answers)], dtype=object)
        for party in ANSWERING
        for name in (party, f"{party}_date", f"{party}_by", f"{party}_condition")
    }
    return named.assign(**made)


def _cells(given: dict[str, Answer]) -> dict[str, dict[str, str | None]]:
    """Return the cells of each party's answer, by party and column."""
    return {
        party: {
            party: answer.said,
            f"{party}_date": None if answer.on is None else answer.on.isoformat(),
            f"{party}_by": answer.by,
            f"{party}_condition": answer.condition,
        }
        for party, answer in given.items()
        if not answer.standing  # what a body says for all posts of a school is a mark, and no cell to give back
    }


def _with_notice(record: RunRecord, named: pd.DataFrame) -> pd.DataFrame:
    days = decide_by_days(record, named["leader_id"], named["starts_on"])
    given = zip(days, school_marks(record, named["urn"]), strict=True)
    marks = ["; ".join(filter(None, (notice_words(day, record.scenario.as_of), known))) for day, known in given]
    return named.assign(decide_by=pd.Series(days, dtype=object), marks=pd.Series(marks, dtype=object))
