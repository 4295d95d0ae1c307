"""Official files as downloaded -> SchoolPanel: Ofsted's snapshots, DfE's yearly tables, GIAS places and links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.sources.files.inventory import Files, Say, needed
from pilotage.sources.schools.areas import fill_area
from pilotage.sources.schools.cover import cover_of
from pilotage.sources.schools.events import marked
from pilotage.sources.schools.lineage import buildings, other_urns, present_urns, successors
from pilotage.sources.schools.lists.inspections import chained
from pilotage.sources.schools.lists.notes import list_notes, report_card_note, stale_note
from pilotage.sources.schools.lists.reading import read_lists
from pilotage.sources.schools.lists.visits import visits_of
from pilotage.sources.schools.national_figures import national_notes
from pilotage.sources.schools.places import placed, places_notes, trusts
from pilotage.sources.schools.regimes import crosswalk
from pilotage.sources.schools.snapshots import Snapshot, graded, renamed, schools_of, sponsor_led_urns
from pilotage.sources.schools.yearly import (
    YearTable,
    by_urn,
    reasons_of,
    reasons_of_the_year,
    results_of,
    school_years,
    yearly_sources,
)


def official_panel(
    folder: Path, as_of: date, area_list: str, *, crosswalk_name: str | None = None, cache: Path, say: Say
) -> SchoolPanel:
    """Return all that the files of ``folder`` say of England's schools.

    Report cards are graded by the crosswalk named; without one, leadership judged by them is unknown.

    Raises
    ------
    DataError
        When the folder or its Ofsted workbooks are missing, ``as_of`` is before the first of them, or a file is broken
        or is not what its name says.
    """
    points = crosswalk(crosswalk_name)
    files = Files(folder, needed(folder, as_of, cache), cache, say)
    snapshots = [graded(snapshot, points) for snapshot in read_lists(files, as_of)]
    links = links_of(files)
    schools = _schools(files, snapshots, as_of, area_list, links)
    present = set(schools["urn"].tolist())
    history = chained(snapshots)
    visits = visits_of(snapshots)
    every = pd.concat([history["urn"], visits["urn"]])
    homes = present_urns(every, present, renamed(snapshots) | links.same, sponsor_led_urns(snapshots))
    inspections = at_home(history, homes, ["urn", "inspected_on"], "inspected_on")
    years, results, absences = years_of(files, as_of, links.same, schools)
    known = tables.validated(tables.SCHOOLS, schools, "schools of the Ofsted workbooks")
    notes = (
        *stale_note(snapshots, as_of),
        *list_notes(snapshots, history, homes, by_list=bool(known["trust_id"].notna().any())),
        *places_notes(known),
        *report_card_note(snapshots, as_of, crosswalk_name),
        *result_notes(years, results, as_of),
    )
    yearly = (years, results, pd.concat([absences, unplaced(known)]))
    panel = panel_of(files, as_of, known, inspections, yearly, notes)
    return replace(
        panel,
        visits=tables.validated(
            tables.VISITS, at_home(visits, homes, ["urn", "visited_on"], "visited_on"), "ungraded visits"
        ),
        snapshots=tuple(snapshot.dated for snapshot in snapshots if not snapshot.publishes),
        cover=cover_of(known, max(snapshot.dated for snapshot in snapshots if snapshot.dated <= as_of), as_of),
        other_urns=other_urns(renamed(snapshots) | links.same, present),
        merged_urns=other_urns(links.building, present),
    )


def panel_of(
    files: Files,
    as_of: date,
    schools: pd.DataFrame,
    inspections: pd.DataFrame,
    yearly: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    notes: tuple[str, ...],
) -> SchoolPanel:
    """Return the panel of tables made from official files, each held to its schema.

    Parameters
    ----------
    schools
        Held to its schema already.
    yearly
        School years, results, and what is absent from both.
    """
    years, results, absences = yearly
    return SchoolPanel(
        as_of=as_of,
        schools=schools,
        inspections=tables.validated(tables.INSPECTIONS, inspections, "inspections"),
        school_years=tables.validated(tables.SCHOOL_YEARS, years, "yearly tables"),
        results=tables.validated(tables.RESULTS, results, "results"),
        absences=tables.validated(tables.ABSENCES, absences, "yearly tables"),
        synthetic=False,
        notes=(*notes, *(f"Left out, since it is broken: {name}." for name in files.left_out)),
        inputs=files.inputs,
        not_recognised=files.not_recognised(),
    )


@dataclass(frozen=True)
class Links:
    """Old URN -> new URN: ``same``, one school that goes on; ``building``, where to look for its place as well."""

    same: dict[int, int]
    building: dict[int, int]
    table: pd.DataFrame | None


def links_of(files: Files) -> Links:
    """Return the links between URNs of the folder's file of links; none without one."""
    table = files.only("gias_links")
    return Links({}, {}, None) if table is None else Links(successors(table), buildings(table), table)


def _schools(files: Files, snapshots: list[Snapshot], as_of: date, area_list: str, links: Links) -> pd.DataFrame:
    gias = files.only("gias_extract")
    schools = placed(schools_of(snapshots, as_of), gias, files.only("coords_2025"), links.building)
    schools["opened_on"] = schools["list_opened_on"].astype("datetime64[ns]")
    if gias is not None:
        schools["opened_on"] = schools["opened_on"].fillna(schools["urn"].map(gias.set_index("urn")["opened_on"]))
    groups = files.only("gias_group_links")
    by_list = schools["trust_name"].notna().any()
    schools["trust"] = schools["trust_name"] if by_list else trusts(schools, groups, as_of)
    schools["marks"] = marked(schools, as_of, links.table, groups, gias)
    return fill_area(schools, area_list)


def at_home(table: pd.DataFrame, homes: dict[int, int], key: list[str], order: str) -> pd.DataFrame:
    """Return rows under the URN of the school of the date, ``urn_at_time`` as it was; own rows come first."""
    moved = table.assign(urn_at_time=table["urn"], urn=table["urn"].map(homes))
    moved = moved[moved["urn"].notna()].astype({"urn": "int64"})
    moved = moved.assign(inherited=moved["urn"] != moved["urn_at_time"])
    moved = moved.sort_values(["urn", order, "inherited", "urn_at_time"], kind="stable")
    return moved.drop_duplicates(key).drop(columns=["inherited"])


def years_of(
    files: Files, as_of: date, links: dict[int, int], schools: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return yearly figures and results of the schools of the date, and the reasons of what the latest tables lack."""
    year_tables = _year_tables(files)
    present = set(schools["urn"].tolist())
    rows = school_years(year_tables)
    homes = present_urns(rows["urn"], present, links, set())
    home = at_home(rows, homes, ["urn", "year"], "year").drop(columns=["urn_at_time"])
    absent = pd.concat([reasons_of(year_tables, as_of, homes), reasons_of_the_year(schools, as_of)], ignore_index=True)
    return home, results_of(home), absent.drop_duplicates(["urn", "field"])


def _year_tables(files: Files) -> list[YearTable]:
    """Return every yearly table that can be read; rows known by LAESTAB get URNs from the lists of schools."""
    year_tables = []
    for file in files.named(*yearly_sources()):
        content = files.read_if_whole(file)
        if content is not None and file.year is not None:
            if "laestab_number" in content.table:
                content = by_urn(content, _laestabs(files))
            year_tables.append(YearTable(file.source or "", file.year, content))
    return year_tables


def _laestabs(files: Files) -> dict[int, int]:
    """Return LAESTAB -> URN, from the earliest list of schools that has it; a number used by several URNs is none."""
    lists = [content.table for file in files.named("dfe_spine") for content in [files.read_if_whole(file)] if content]
    urns: dict[int, int] = {}
    for table in lists:
        known = table[table["laestab"].notna()].drop_duplicates("laestab", keep=False)
        urns = dict(zip(known["laestab"].astype("int64").tolist(), known["urn"].tolist(), strict=True)) | urns
    return urns


def unplaced(schools: pd.DataFrame) -> pd.DataFrame:
    """Return the schools whose place is only their outcode's centre, or is not known, as absences."""
    words = {"outcode": "only the centre of its outcode is known", "none": "not known"}
    reason = schools["place_source"].map(words)
    return pd.DataFrame({"urn": schools["urn"], "field": "place", "reason": reason}).dropna()


def result_notes(years: pd.DataFrame, results: pd.DataFrame, as_of: date) -> tuple[str, ...]:
    """Return what is to be said of results by disadvantage."""
    known = results[(results["known_on"] <= pd.Timestamp(as_of)) & (results["pupil_group"] == "disadvantaged")]
    if known.empty:
        return ("Attainment by disadvantage is not published in these files for this era, so gaps are not forecast.",)
    named = ", ".join(str(year) for year in sorted(known["year"].unique().tolist()))
    return (
        f"Results by disadvantage are those of {named}, in pupil standard deviations "
        "taken from the tables' own confidence limits or, without them, from data/reference/regimes.yaml.",
        *national_notes(years, as_of),
    )
