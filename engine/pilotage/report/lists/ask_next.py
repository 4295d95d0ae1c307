"""Whom to ask next: every school that someone could be asked about, by who answers for it."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.config.rules.catalogue import BARS
from pilotage.domain.bars import Bar
from pilotage.domain.findings.ask_values import AskStep, AskValue, NoValue
from pilotage.domain.need import need_ranks
from pilotage.domain.panel import phases_of
from pilotage.domain.stuck import stuck_by_dfe
from pilotage.report.columns import DECISION, FACT, FORECAST, MODELLED, VALUE_IF_ASKED, Column
from pilotage.report.lists.known_schools import school_marks
from pilotage.report.run.rule_words import barred_words
from pilotage.report.words import STUCK_BY_DFE

STEPS = {
    AskStep.AGREE: "a post is known here; nobody has said yet whether the school agrees",
    AskStep.ASK: "the plan asks here, should a post come open",
    AskStep.KEEP_WARM: "keep in touch: nothing says that a post may come open",
}
ELSEWHERE = "keep in touch: a post may come open, and the plan asks elsewhere first"
NO_GAIN = "a post here would not raise the plan: its leaders do as much elsewhere"
NO_VALUES = {
    NoValue.WORST_DRAWS: "no value: the plan looks at the worst simulations, for which none is calculated",
    NoValue.NO_PRICES: "no value: the search ended before it had prices to calculate one from",
    NoValue.NOT_ALONE: "no value: only leaders of teams or of several schools may go there",
}
LONE = "; leaders of teams and of several schools are left out of the value"

ASK_NEXT = (
    Column(
        *("body", "Who to speak to", FACT, "text", 28),
        "The school's trust, or its local authority where it has none. The body of the best school comes first.",
    ),
    Column(
        *("ask_rank", "Rank", DECISION, "integer", 7),
        "Order of asking over all bodies, by chance of a yes times value if asked. Blank = nothing to gain, or nobody "
        "may go there.",
    ),
    Column("urn", "URN", FACT, "integer", 9, "The school's unique reference number."),
    Column("school", "School", FACT, "text", 38, "Name of the school."),
    Column("phase", "Phase", FACT, "text", 12, "Phase of education."),
    Column("area", "Area", FACT, "text", 18, "Area of the scenario's area list; blank = in none of them."),
    Column("authority", "Local authority", FACT, "text", 24, "Local authority."),
    Column("level", "Level", DECISION, "text", 11, "Level of the post to ask about."),
    Column(
        *("need_rank_in_phase", "Rank by need in phase", FORECAST, "integer", 9),
        "Rank by need among the schools of its phase in scope.",
    ),
    Column(
        *("step", "Step", DECISION, "text", 11),
        "agree = a post is known, and the school has not answered yet; ask = the plan asks here, should a post come "
        "open; keep_warm = nothing says that a post may come open, or the plan asks elsewhere first.",
    ),
    Column(
        *("leader_id", "Leader", DECISION, "text", 14),
        "Whom the plan would send; else the leader by whom a post here would add most. Blank = nobody may go there.",
    ),
    Column(
        *("acceptance", "Chance of a yes", MODELLED, "chance", 12),
        "Assumed chance that school and leader agree, as things stand, should the post be open.",
    ),
    Column(
        *("chance_open", "Chance that the post comes open", MODELLED, "chance", 13),
        "Chance that a post of this level comes open there within a year. Blank = the post is open, or the scenario "
        "has no prospects.",
    ),
    VALUE_IF_ASKED,
    Column(
        *("value_exact", "Exact", MODELLED, "text", 8),
        "true = the plan was made again with the post, and rises by so much; false = it rises by so much at most.",
    ),
    Column("why", "Why", DECISION, "text", 60, "What there is to ask, or why there is no value."),
    Column(
        *("marks", "Marks", FACT, "text", 30),
        "Whether the school is stuck by the DfE's rule, and what the table of schools says: who supports it, posts "
        "advertised again, what its responsible body answered.",
    ),
)


def ask_next(record: RunRecord) -> pd.DataFrame:
    """Return the ``ASK_NEXT``: one row per school and level; bodies by their best school, schools by ``ask_rank``."""
    values = record.ask_values
    urns = pd.Series([value.urn for value in values], dtype="int64")
    schools = record.panel.schools.set_index("urn").reindex(urns).reset_index()
    made: dict[str, Any] = {
        "body": schools["trust"].fillna(schools["authority"]),
        "ask_rank": pd.array(ask_ranks(record), dtype="Int64"),
        "urn": urns,
        "school": schools["name"],
        "need_rank_in_phase": urns.map(_need_ranks(record)).astype("Int64"),
        "level": [value.level for value in values],
        "step": [value.step.value for value in values],
        "leader_id": pd.Series([value.leader_id for value in values], dtype=object),
        "acceptance": pd.Series([value.acceptance for value in values], dtype=float),
        "chance_open": pd.Series([value.chance_open for value in values], dtype=float),
        "value_if_asked": pd.Series([value.value for value in values], dtype=float),
        "value_exact": [None if v.value is None else "true" if v.exact else "false" for v in values],
        "why": [_why(record, value) for value in values],
        "marks": _marks(record, urns),
    }
    frame = schools[["phase", "area", "authority"]].assign(**made)
    best = frame.groupby("body")["ask_rank"].transform("min")
    keys = ["best", "body", "ask_rank", "urn", "level"]
    ordered = frame.assign(best=best).sort_values(keys, na_position="last", ignore_index=True)
    return ordered[[column.name for column in ASK_NEXT]]


def _marks(record: RunRecord, urns: pd.Series) -> list[str]:
    """Return what is to know of each school before it is asked."""
    stuck = np.where(urns.isin(stuck_by_dfe(record.panel)), STUCK_BY_DFE, "")
    return ["; ".join(text for text in texts if text) for texts in zip(stuck, school_marks(record, urns), strict=True)]


def ask_ranks(record: RunRecord) -> list[int | None]:
    """Return the rank for asking of each of ``record.ask_values``; None where there is nothing to gain."""
    numbers = count(1)
    return [next(numbers) if value.value or value.step is AskStep.ASK else None for value in record.ask_values]


def _need_ranks(record: RunRecord) -> pd.Series:
    need = record.forecast.need.reindex(record.urns)
    _, within = need_ranks(need.reset_index(drop=True), phases_of(record.panel, pd.Series(record.urns)))
    return pd.Series(within.to_numpy(), index=record.urns)


def _why(record: RunRecord, value: AskValue) -> str:
    """Return what there is to ask, or why there is no value."""
    if value.no_value in BARS or value.no_value in list(Bar):
        return f"no value: nobody may go there ({barred_words(str(value.no_value))})"
    if value.no_value is not None:
        return NO_VALUES[NoValue(value.no_value)]
    may_open = value.step is AskStep.KEEP_WARM and value.chance_open is not None
    said = ELSEWHERE if may_open else STEPS[value.step]
    lone = LONE if any(not rule.one_post or rule.binds_teams for rule in record.scenario.rules.values()) else ""
    return f"{said}{'' if value.value else f'; {NO_GAIN}'}{lone}"
