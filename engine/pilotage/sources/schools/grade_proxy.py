"""Official files -> SchoolPanel where a scenario names a grade that stands for leadership (``data.grade_proxy``).

The schools are the DfE's list of the year; the grades are overall grades from their dated history. Everything else,
yearly tables, results, places, trusts, is as ``official`` reads it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.tables import SHORT_VISIT, UNCLEAR
from pilotage.sources.files.inventory import Files, Say, needed
from pilotage.sources.schools.areas import fill_area
from pilotage.sources.schools.cover import cover_of
from pilotage.sources.schools.events import marked
from pilotage.sources.schools.lineage import other_urns, present_urns
from pilotage.sources.schools.lists.inspections import known_after
from pilotage.sources.schools.official import Links, at_home, links_of, panel_of, result_notes, unplaced, years_of
from pilotage.sources.schools.overall_history import overall_history, proxy, with_kinds
from pilotage.sources.schools.places import placed, places_notes, trusts
from pilotage.sources.schools.school_list import Listed, listed_schools


def proxied_panel(folder: Path, as_of: date, area_list: str, grade_proxy: str, *, cache: Path, say: Say) -> SchoolPanel:
    """Return all that the files of ``folder`` say of England's schools, overall grades standing for leadership.

    Raises
    ------
    DataError
        When the folder, its list of schools or its history of overall grades is missing, or a file is broken.
    """
    files = Files(folder, needed(folder, as_of, cache), cache, say)
    links = links_of(files)
    listed = listed_schools(files, as_of)
    history = _history(files)
    schools = _schools(files, listed, as_of, area_list, links)
    present = set(schools["urn"].tolist())
    sponsored = set(schools.loc[schools["sponsor_led"], "urn"].tolist())
    homes = present_urns(history["urn"], present, links.same, sponsored)
    inspections = with_kinds(at_home(history, homes, ["urn", "inspected_on"], "inspected_on"))
    years, results, absences = years_of(files, as_of, links.same, schools)
    known = tables.validated(tables.SCHOOLS, _with_pupils(schools, years, as_of), "schools of the DfE's list")
    absences = pd.concat([absences, unplaced(known), _no_leadership_grade(known)])
    notes = (
        *_notes(known, listed, inspections, grade_proxy, as_of),
        *result_notes(years, results, as_of),
        *_gap_notes(known, results, as_of),
    )
    panel = panel_of(files, as_of, known, inspections, (years, results, absences), notes)
    return replace(
        panel,
        grade_proxy=grade_proxy,
        cover=cover_of(known, min(listed.latest, as_of) if listed.latest else None, as_of),
        other_urns=other_urns(links.same, present),
        merged_urns=other_urns(links.building, present),
    )


def _history(files: Files) -> pd.DataFrame:
    history = files.only("ofsted_overall_history")
    if history is None:
        what = "no history of overall grades in it, which data.grade_proxy needs"
        raise files.missing(what, "columns URN, Rating, Inspection Date", "bring one")
    workbooks = [files.read(file).table for file in files.named("ofsted_mi")]
    return overall_history(history, files.only("ofsted_overall"), workbooks, known_after().days)


def _schools(files: Files, listed: Listed, as_of: date, area_list: str, links: Links) -> pd.DataFrame:
    gias, groups = files.only("gias_extract"), files.only("gias_group_links")
    schools = placed(listed.schools, gias, files.only("coords_2025"), links.building)
    if gias is not None:
        schools["opened_on"] = schools["opened_on"].fillna(schools["urn"].map(gias.set_index("urn")["opened_on"]))
    schools["trust"] = trusts(schools, groups, as_of)
    schools["marks"] = marked(schools, as_of, links.table, groups, gias)
    return fill_area(schools, area_list)


def _with_pupils(schools: pd.DataFrame, years: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return schools with the number of pupils of the last table known by the day that has it; null where none has."""
    if "pupils" not in years:
        return schools.assign(pupils=np.nan)
    known = years[(years["known_on"] <= pd.Timestamp(as_of)) & years["pupils"].notna()].sort_values("year")
    return schools.assign(pupils=schools["urn"].map(known.groupby("urn")["pupils"].last()))


def _no_leadership_grade(schools: pd.DataFrame) -> pd.DataFrame:
    words = "not in these files, the overall grade stands for it"
    return pd.DataFrame({"urn": schools["urn"], "field": "leadership_grade", "reason": words})


def _gap_notes(schools: pd.DataFrame, results: pd.DataFrame, as_of: date) -> tuple[str, ...]:
    """Return how many schools have a result of all pupils and none by disadvantage, and what that tells."""
    known = results[(results["known_on"] <= pd.Timestamp(as_of)) & results["urn"].isin(schools["urn"])]
    latest = known[known["year"] == known["year"].max()] if len(known) else known
    poor = latest.loc[latest["pupil_group"] == "disadvantaged", "urn"]
    without = latest.loc[(latest["pupil_group"] == "all") & ~latest["urn"].isin(poor), "urn"].nunique()
    if without == 0 or poor.empty:
        return ()
    return (
        f"{without:,} schools have a result of all pupils and none by disadvantage: files compiled later name schools "
        "as of then, so most of these were closed or replaced since. That a school has no gap tells in part what came; "
        "its need rests on its other outcomes alone.",
    )


def _notes(
    schools: pd.DataFrame, listed: Listed, inspections: pd.DataFrame, grade_proxy: str, as_of: date
) -> tuple[str, ...]:
    said = proxy(grade_proxy)
    later = listed.latest is not None and listed.latest > as_of
    as_downloaded = f" as downloaded after {listed.latest}, with the names of then" if later else ""
    return (
        f"Proxy: {said['label']} ({grade_proxy}); every forecast of leadership here is one of that grade. "
        f"{said['known']}",
        f"Assumption: an inspection whose publication date is not given counts as known {known_after().days} "
        "days after its first day.",
        f"{len(inspections):,} dated overall grades, from a history of the schools that were open in 2020 and from "
        "Ofsted's lists of 2013, 2014 and 2018: of schools that closed in between, which fell more often, part of the "
        "past is missing.",
        f"{(inspections['kind'] == SHORT_VISIT).sum():,} inspections of the list of July 2018 are short visits that "
        "confirmed the grade, told by the history, which has graded inspections alone; they count as no inspection. Of "
        f"{(inspections['kind'] == UNCLEAR).sum():,}, at schools that the history leaves out, the kind is not known: "
        "they give a grade, and nothing is learnt from or tested on them.",
        f"The schools are those of the DfE's list of {listed.year - 1}/{listed.year % 100:02d}{as_downloaded}, cut by "
        f"days of opening and closing to those open on {as_of}."
        + ("" if listed.public else " It was not public by then: schools that closed before its year are missing."),
        *places_notes(schools),
        "Trusts are those that a school's record says it had joined by the date; schools that left one are missed.",
    )
