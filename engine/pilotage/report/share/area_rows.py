"""Counts by area and totals of a plan for trustees, with small numbers hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pilotage.domain.findings.packs import AreaCounts, PlanTotals, TrusteesPack
from pilotage.report.columns import DECISION, FACT, FORECAST, MODELLED, Column
from pilotage.report.share.small_numbers import FEWEST_PUPILS, FEWEST_SCHOOLS, Hidden, hidden, too_few
from pilotage.report.words import number, plural

NOT_SHOWN = "not shown"
NOTE = (
    f"'{NOT_SHOWN.capitalize()}' stands for fewer than {FEWEST_SCHOOLS} schools, for fewer than {FEWEST_PUPILS} pupils "
    f"or pupils of fewer than {FEWEST_SCHOOLS} schools, and for a number that would give one of these away."
)
COUNTS = (
    Column("schools", "Schools in scope", FACT, "text", 12, "Schools that the run looks at."),
    Column(
        *("worry", "High support priority", FORECAST, "text", 14),
        "Schools in the tenth of their phase with the highest need, or that can't be told apart from it.",
    ),
    Column("placed", "Schools with a placement", DECISION, "text", 14, "Schools to which the plan sends a leader."),
    Column("supported", "Schools supported", DECISION, "text", 14, "Schools whose head in post the plan supports."),
    Column(
        *("asked", "Schools to ask", DECISION, "text", 14),
        "Schools that the plan asks, should a post come open; those whose head it supports are not counted again.",
    ),
    Column(
        *("pupils", "Disadvantaged pupils reached", MODELLED, "text", 14),
        "Disadvantaged pupils at schools with a placement or support, those of a school once.",
    ),
)
OF_THE_PLAN = ("placed", "supported", "asked")
TOGETHER = (("schools",), ("worry",), OF_THE_PLAN)  # hidden together in an area; pupils with what the plan does
AREAS = (Column("area", "Area", FACT, "text", 34, "The areas together are all schools in scope."), *COUNTS)


@dataclass(frozen=True)
class Total:
    """One total of the plan: what it is, how much, and how to read it."""

    name: str
    value: str
    note: str = ""


def area_list(pack: TrusteesPack) -> pd.DataFrame:
    """Return the ``AREAS`` as texts, the whole last; a column that is nought everywhere is left out."""
    rows = (*pack.areas, pack.whole)
    columns: dict[str, list[str]] = {"area": [row.area for row in rows]}
    for group in TOGETHER:
        hide = _hidden(pack, group)
        for name, total in zip(group, hide.totals, strict=True):
            columns[name] = _texts(rows, name, (*hide.areas, total))
        if group is OF_THE_PLAN:
            columns["pupils"] = _texts(rows, "pupils", (*hide.areas, any(hide.totals) or _few_pupils(pack.whole)))
    return pd.DataFrame({name: texts for name, texts in columns.items() if name in _named(pack)})


def _texts(rows: Sequence[AreaCounts], name: str, hide: Sequence[bool]) -> list[str]:
    return [NOT_SHOWN if not_shown else f"{getattr(row, name):,}" for not_shown, row in zip(hide, rows, strict=True)]


def _named(pack: TrusteesPack) -> list[str]:
    return [column.name for column in shown_columns(pack)]


def shown_columns(pack: TrusteesPack) -> tuple[Column, ...]:
    """Return the columns that ``area_list`` has."""
    return tuple(column for column in AREAS if column.name == "area" or getattr(pack.whole, column.name))


def _hidden(pack: TrusteesPack, group: Sequence[str]) -> Hidden:
    """Return what of a group's counts is hidden.

    What the plan does is hidden in an area together: its pupils would tell how many schools it has.
    """
    columns = [[getattr(area, name) for area in pack.areas] for name in group]
    few = [any(too_few(getattr(area, name)) for name in group) for area in pack.areas]
    if group is OF_THE_PLAN:
        few = [small or _few_pupils(area) for small, area in zip(few, pack.areas, strict=True)]
    return hidden(columns, few, [area.schools for area in pack.areas])


def _few_pupils(area: AreaCounts) -> bool:
    """Return whether an area's pupils are few, or those of few schools."""
    return area.pupils > 0 and (area.pupils < FEWEST_PUPILS or too_few(served(area)))


def served(counts: AreaCounts) -> int:
    """Return the schools that the plan places somebody at or supports; a school has one status."""
    return counts.placed + counts.supported


def totals(pack: TrusteesPack) -> list[Total]:
    """Return the plan in totals; what is not on record is left out, and months of few schools are not shown."""
    plan, few = pack.totals, served(pack.whole) + pack.whole.asked < FEWEST_SCHOOLS
    made = [
        Total("Leaders placed", f"{plan.leaders_placed:,} of {plan.leaders:,}"),
        Total("Modelled benefit", NOT_SHOWN if few else _months(plan), "" if few else _range(plan)),
        _whole("Acceptances expected", plan.expected_yes, "of the offers in this plan, as modelled"),
        _whole("In post after three years", plan.in_post_after_three_years, "as modelled"),
        _pounds("Cost if all accept", plan.cost_if_all_accept_gbp),
        _pounds("Cost expected", plan.cost_expected_gbp),
    ]
    return [total for total in made if total is not None]


def _months(plan: PlanTotals) -> str:
    return f"{number(plan.benefit)} pupil-months"


def _range(plan: PlanTotals) -> str:
    if plan.benefit_low is None or plan.benefit_high is None:
        return "the range is not on record for a plan that asks"
    return f"the range runs from {number(plan.benefit_low)} to {number(plan.benefit_high)}"


def _whole(name: str, value: float | None, note: str) -> Total | None:
    return None if value is None else Total(name, f"about {number(value)}", note)


def _pounds(name: str, value: float | None) -> Total | None:
    return None if value is None else Total(name, f"about £{number(round(value, -3))}")


def headline(pack: TrusteesPack) -> str:
    """Return the plan in one sentence."""
    return f"{pack.totals.leaders_placed:,} of {plural(pack.totals.leaders, 'leader')} could be placed by this plan."
