"""How old the data of a run is and how much it covers: what stands on every first screen."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.record import RunRecord
from pilotage.config.scenario import Scenario
from pilotage.domain import deprivation
from pilotage.domain.chances import FEWEST_WEAK, Chances, chances_of, weak_judgements
from pilotage.domain.cover import Cover, part_words
from pilotage.domain.frameworks import REPORT_CARDS
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import DAYS_A_YEAR

OLD_RESULTS_YEARS = 1.5  # from this age on the first screen says of which year results are
SHORT_DAYS = 100  # an age below it is said in days
COMPARED = (
    "Two scales in one order, by an assumption. Ofsted says that report cards and the four grades are not directly "
    "comparable."
)
NOT_ENGLAND = (
    "Ranks, bands and averages are of these schools alone, not of England; areas without a school are not covered."
)


def caution_line(panel: SchoolPanel, scenario: Scenario) -> str | None:
    """Return what forbids reading a run as England now: a part of it, an old list, a new scale; null = none."""
    cautions = [*_part(panel, scenario.scope.phases), *_stale(panel), *_scale(panel, scenario.data.crosswalk)]
    return " ".join(cautions) or None


def _part(panel: SchoolPanel, phases: tuple[str, ...]) -> list[str]:
    if panel.cover is None or not panel.cover.is_part(phases):
        return []
    return [f"Part of England: the list of schools has {part_words(panel.cover, phases)}. {NOT_ENGLAND}"]


def _stale(panel: SchoolPanel) -> list[str]:
    """Return the warning that the list of schools is more than a year older than the date."""
    if panel.cover is None or panel.cover.listed_on is None or (panel.as_of - panel.cover.listed_on).days < DAYS_A_YEAR:
        return []
    return [f"Old data: {_list_words(panel.cover, panel)}. Inspections since are unknown: bring a newer list."]


def _scale(panel: SchoolPanel, crosswalk: str | None) -> list[str]:
    """Return the warning that a change of the scale was announced, or has come, of real schools."""
    starts = REPORT_CARDS.starts
    if panel.synthetic or panel.as_of < REPORT_CARDS.announced:
        return []
    if panel.as_of >= starts:
        return [_two_scales(panel, chances_of(panel, crosswalk))]
    return [
        f"A new scale: report cards replace the four grades on {starts.day} {starts:%B %Y}. The chances are of what "
        "the four grades would have found."
    ]


def data_line(panel: SchoolPanel, urns: NDArray[np.int64]) -> str:
    """Return of which day the list of schools is, and for how many of ``urns`` the main figures are known."""
    schools = pd.Series(urns)
    graded = _schools_with(panel, panel.inspections, "leadership_grade")
    poor = panel.results.query("pupil_group == 'disadvantaged'") if len(panel.results) else panel.results
    with_results = _schools_with(panel, poor, "progress_sd")
    with_shares = deprivation.shares(panel).dropna().index
    grade = "overall grade" if panel.grade_proxy else "leadership grade"
    shares = (
        f"{grade} of {known_share(schools, graded)}, share of disadvantaged pupils of "
        f"{known_share(schools, with_shares)}, results by disadvantage of {known_share(schools, with_results)}"
        f"{_of_year(poor, panel)}"
    )
    newest = _newest_year(panel)
    yearly = f"newest yearly table {school_year(newest)}" if newest else "no yearly table"
    return f"Data: {_list_words(panel.cover, panel)}. Known of the {len(urns):,} schools in scope: {shares}; {yearly}."


def _two_scales(panel: SchoolPanel, chances: Chances) -> str:
    """Return what is made of report cards beside the four grades, from their first day on."""
    if chances is Chances.NOTHING:
        return (
            "Two scales: report cards and the four grades are not compared, so need is not known. Schools to worry "
            "about are sorted by facts alone: the current judgement, its age, attainment, absence, deprivation."
        )
    if chances is Chances.KNOWN:
        return f"{COMPARED} The level of the chances is that of the report cards known by the date."
    return (
        f"{COMPARED} {_weak_words(weak_judgements(panel))} leadership to need attention or worse, under "
        f"{FEWEST_WEAK}: too few to say how likely that is. So schools have an order and bands, and no "
        "chance is printed."
    )


def _weak_words(count: int) -> str:
    """Return how many report cards find something, up to the verb."""
    if count == 0:
        return "No report card in the data finds"
    return "Only one report card finds" if count == 1 else f"Only {count:,} report cards find"


def _of_year(results: pd.DataFrame, panel: SchoolPanel) -> str:
    """Return of which year the newest results are, in brackets, where they are old."""
    known = results.loc[results["known_on"] <= pd.Timestamp(panel.as_of)] if len(results) else results
    if known.empty:
        return ""
    year = int(known["year"].max())
    age = (panel.as_of - date(year, 8, 31)).days / DAYS_A_YEAR
    return f" (the newest of {school_year(year)}, {age:.1f} years old)" if age > OLD_RESULTS_YEARS else ""


def _schools_with(panel: SchoolPanel, table: pd.DataFrame, column: str) -> pd.Series:
    """Return the URNs of rows known by the date that have a value in a column."""
    if table.empty:
        return pd.Series(dtype="int64")
    return table.loc[table[column].notna() & (table["known_on"] <= pd.Timestamp(panel.as_of)), "urn"]


def _newest_year(panel: SchoolPanel) -> int | None:
    years = panel.school_years
    if years.empty:
        return None
    known = years.loc[years["known_on"] <= pd.Timestamp(panel.as_of), "year"]
    return int(known.max()) if len(known) else None


def data_words(panel: SchoolPanel, urns: NDArray[np.int64], scenario: Scenario) -> tuple[str, ...]:
    """Return the warnings, where there are any, and the line of age and coverage."""
    warning = caution_line(panel, scenario)
    return (*((warning,) if warning else ()), data_line(panel, urns))


def data_facts(record: RunRecord) -> dict[str, Any]:
    """Return what ``plan.json`` says of the list of schools: its day, what it lacks of England, and both in words."""
    cover, phases = record.panel.cover, record.scenario.scope.phases
    return {
        "listed_on": cover.listed_on.isoformat() if cover and cover.listed_on else None,
        "part_of_england": cover is not None and cover.is_part(phases),
        "absent": list(cover.absent) if cover else [],
        "short": {phase: schools for phase, schools, _ in cover.short_of(phases)} if cover else {},
        "words": list(data_words(record.panel, record.urns, record.scenario)),
    }


def _list_words(cover: Cover | None, panel: SchoolPanel) -> str:
    if cover is None:
        return "an invented England, whole in small"
    if cover.listed_on is None:
        return "list of schools of no stated day"
    days = (panel.as_of - cover.listed_on).days
    age = f"{days} days" if days < SHORT_DAYS else f"{days / DAYS_A_YEAR:.1f} years"
    return f"list of schools of {cover.listed_on.day} {cover.listed_on:%B %Y}, {age} before the date"


def known_share(schools: pd.Series, known: pd.Series | pd.Index) -> str:
    """Return the share of schools among those known, rounded so that only all is 100% and only none is 0%."""
    share = float(schools.isin(known).mean()) if len(schools) else 0.0
    return "0%" if share == 0 else "100%" if share == 1 else f"{min(max(share, 0.01), 0.99):.0%}"


def school_year(year: int) -> str:
    """Return a school year as ``2015/16``, by the year in which it ends."""
    return f"{year - 1}/{year % 100:02d}"
