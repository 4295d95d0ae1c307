"""The lists of a sweep: its scenarios, their placements, and the schools that they choose."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pilotage.domain.findings.sweep import Does, Sweep
from pilotage.report.columns import DECISION, FACT, MODELLED, Column
from pilotage.report.sweep import words

NUMBER = Column(
    "scenario", "Scenario", FACT, "integer", 9, "The number of the scenario, in the order of the grid file."
)
CAME = Column(
    "came", "Came to", DECISION, "text", 28, "optimal, feasible, infeasible, no_plan_in_time or audit_failed."
)
FIGURES = (
    Column("benefit", "Pupil-months", MODELLED, "months", 12, "What the plan is modelled to add. Blank = no plan."),
    Column("leaders_placed", "Leaders placed", DECISION, "integer", 9, "Leaders whom the plan places."),
    Column("asks", "Asks", DECISION, "integer", 9, "Schools that the plan asks, should a post come open."),
    Column("supported", "Supported", DECISION, "integer", 9, "Leaders in post whom the plan supports."),
    Column("accepted", "Acceptances", MODELLED, "months", 12, "Offers expected to be accepted."),
    Column("committed_gbp", "Cost if all accept", MODELLED, "integer", 12, "In pounds, if every offer is accepted."),
    Column("spent_gbp", "Expected spend", MODELLED, "years", 12, "In pounds."),
    Column(
        "gap", "Gap", MODELLED, "share", 9, "How far the plan may be from the best, as a share. 0 = none is better."
    ),
)
WHY = (
    Column(
        "conflict", "Rules in conflict", DECISION, "text", 30, "The keys of rules and pins that can't hold together."
    ),
    Column("why", "Why there is no plan", DECISION, "text", 60, "In words, with file and line."),
)
PLACEMENTS = (
    NUMBER,
    Column("leader_id", "Leader", DECISION, "text", 12, "Whom the plan places, or has ask."),
    Column("post_id", "Post", DECISION, "text", 16, "The post."),
    Column("urn", "URN", FACT, "integer", 9, "The school."),
    Column("school", "School", FACT, "text", 38, "Its name."),
    Column("intervention", "What", DECISION, "text", 9, "place, ask or support."),
)
SCHOOLS = (
    Column("urn", "URN", FACT, "integer", 9, "The school."),
    Column("name", "School", FACT, "text", 38, "Its name."),
    Column("authority", "Authority", FACT, "text", 20, "Its local authority."),
    Column("phase", "Phase", FACT, "text", 12, "Its phase."),
    Column("often", "Chosen", DECISION, "text", 12, "always, sometimes or never: in how many of the plans."),
    Column("chosen", "Plans that choose it", DECISION, "integer", 9, "Plans that place, ask or support there."),
    Column("placed", "Plans that place", DECISION, "integer", 9, "Plans that send a leader there."),
    Column("asked", "Plans that ask", DECISION, "integer", 9, "Plans that ask the school."),
    Column("supported", "Plans that support", DECISION, "integer", 9, "Plans that support the leader in post."),
    Column("eligible", "Plans that could", DECISION, "integer", 9, "Plans under whose rules it could be chosen."),
    Column("plans", "Plans", DECISION, "integer", 9, "Plans of the sweep in all."),
)


def sweep_columns(sweep: Sweep) -> tuple[Column, ...]:
    """Return the columns of sweep.csv: a column for each key, named as the grid file names it."""
    keys = (Column(key, key, FACT, "text", 16, "The value of the key in this scenario.") for key in _keys(sweep))
    return (NUMBER, *keys, CAME, *FIGURES, *WHY)


def sweep_list(sweep: Sweep) -> pd.DataFrame:
    """Return one row for each scenario."""
    rows = []
    for each in sweep.scenarios:
        plan = each.plan
        figures = (
            [None] * len(FIGURES)
            if plan is None
            else [
                *(plan.benefit, plan.placed, len(plan.of(Does.ASK)), len(plan.of(Does.SUPPORT))),
                *(plan.accepted, plan.committed_gbp, plan.spent_gbp, plan.gap),
            ]
        )
        values = [words.bare(each.settings[key]) for key in _keys(sweep)]
        why = " / ".join(reason.words for reason in each.reasons)
        rows.append([each.number, *values, each.came.value, *figures, words.conflict(each), why])
    return _table(rows, sweep_columns(sweep))


def placement_list(sweep: Sweep) -> pd.DataFrame:
    """Return one row for each pair of each plan."""
    names = {each.urn: each.name for each in sweep.schools}
    rows = [
        [each.number, pair.leader_id, pair.post_id, pair.urn, names.get(pair.urn), pair.does.value]
        for each, plan in sweep.plans
        for pair in plan.chosen
    ]
    return _table(rows, PLACEMENTS)


def school_list(sweep: Sweep) -> pd.DataFrame:
    """Return one row for each school that some plan could choose, those that most plans choose first."""
    plans = len(sweep.plans)
    rows = [
        [
            *(each.urn, each.name, each.authority, each.phase, each.often.value),
            *(each.chosen, each.placed, each.asked, each.supported, each.eligible, plans),
        ]
        for each in sweep.schools
    ]
    return _table(rows, SCHOOLS)


def _keys(sweep: Sweep) -> list[str]:
    return list(sweep.scenarios[0].settings)


def _table(rows: Sequence[Sequence[object]], columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return rows as a table, whole numbers as such also where some are missing."""
    table = pd.DataFrame(rows, columns=[column.name for column in columns])
    forms = {column.name: "Int64" if column.form == "integer" else "float64" for column in columns}
    return table.astype({column.name: forms[column.name] for column in columns if column.form != "text"})
