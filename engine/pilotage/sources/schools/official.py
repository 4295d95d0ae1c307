"""Official files as downloaded -> SchoolPanel: Ofsted's snapshots, DfE's yearly tables, GIAS places and links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import DAYS_A_YEAR
from pilotage.errors import DataError, Problem
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.inventory import Files, Say, needed
from pilotage.sources.files.read import Canonical, Recognised
from pilotage.sources.schools.areas import fill_area
from pilotage.sources.schools.cover import cover_of
from pilotage.sources.schools.events import marked
from pilotage.sources.schools.lineage import buildings, other_urns, present_urns, successors
from pilotage.sources.schools.national_figures import national_notes
from pilotage.sources.schools.places import placed, trusts
from pilotage.sources.schools.regimes import crosswalk, crosswalk_label
from pilotage.sources.schools.snapshots import Snapshot, chained, graded, renamed, schools_of, sponsor_led_urns
from pilotage.sources.schools.yearly import (
    YearTable,
    by_urn,
    reasons_of,
    reasons_of_the_year,
    results_of,
    school_years,
    yearly_sources,
)

STALE_YEARS = 1.0
OFSTED = ("ofsted_mi", "ofsted_mi_2017", "ofsted_mi_csv", "ofsted_report_cards")


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
    snapshots = [graded(snapshot, points) for snapshot in _snapshots(files, as_of)]
    links = links_of(files)
    schools = _schools(files, snapshots, as_of, area_list, links)
    present = set(schools["urn"].tolist())
    history = chained(snapshots)
    homes = present_urns(history["urn"], present, renamed(snapshots) | links.same, sponsor_led_urns(snapshots))
    inspections = at_home(history, homes, ["urn", "inspected_on"], "inspected_on")
    years, results, absences = years_of(files, as_of, links.same, schools)
    known = tables.validated(tables.SCHOOLS, schools, "schools of the Ofsted workbooks")
    notes = (
        *_stale(snapshots, as_of),
        *_notes(known, snapshots, history, homes),
        *_regime_notes(snapshots, as_of, crosswalk_name),
        *result_notes(years, results, as_of),
    )
    yearly = (years, results, pd.concat([absences, unplaced(known)]))
    panel = panel_of(files, as_of, known, inspections, yearly, notes)
    return replace(
        panel,
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


def _snapshots(files: Files, as_of: date) -> list[Snapshot]:
    workbooks = files.named(*OFSTED)
    if not workbooks:
        what = "no list of Ofsted's with leadership grades in it"
        allowed = f"at least one: {'; '.join(column_maps()[name].label for name in OFSTED)}"
        raise files.missing(what, allowed, "download Ofsted's management information of state-funded schools")
    every = sorted((_snapshot(file, files) for file in workbooks), key=lambda snapshot: snapshot.dated)
    snapshots = [
        shot for shot in every if not shot.publishes or shot.dated <= as_of
    ]  # a later list holds survivors only
    if not snapshots:
        snapshots = every
    if snapshots[0].dated > as_of:
        what = f"as_of = {as_of}, before any data"
        raise DataError(Problem("as_of", what, f"{snapshots[0].dated} or later", "choose a later date"))
    return snapshots


def _snapshot(file: Recognised, files: Files) -> Snapshot:
    content = files.read(file)
    if file.source != "ofsted_mi":
        return Snapshot(_latest_publication(file, content), content.table)
    if content.dated is None:
        what = "its sheets Dates and Cover state no day"
        raise DataError(Problem(str(file.path), what, "an 'End date' or 'As at Date'", "download it again"))
    return Snapshot(content.dated, content.table)


def _latest_publication(file: Recognised, content: Canonical) -> date:
    """Return the day as at which a list speaks that states none: that of the latest publication in it."""
    days = [content.table[name].max() for name in ("published_on", "previous_published_on") if name in content.table]
    known = [day for day in days if pd.notna(day)]
    if not known:
        what = "no inspection in it has a publication date"
        raise DataError(Problem(str(file.path), what, "days such as 31/08/2016", "download it again"))
    return pd.Timestamp(max(known)).date()


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
    schools["opened_on"] = schools["urn"].map(gias.set_index("urn")["opened_on"]) if gias is not None else pd.NaT
    groups = files.only("gias_group_links")
    schools["trust"] = trusts(schools, groups, as_of)
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


def _stale(snapshots: list[Snapshot], as_of: date) -> tuple[str, ...]:
    """Return the warning that the list of schools is old, where it is."""
    latest = max(snapshot.dated for snapshot in snapshots if snapshot.dated <= as_of)
    years = (as_of - latest).days / DAYS_A_YEAR
    if years < STALE_YEARS:
        return ()
    return (
        f"The latest list of schools known by the date is of {latest}, {years:.1f} years before it: bring a newer one.",
    )


def _notes(
    schools: pd.DataFrame, snapshots: list[Snapshot], history: pd.DataFrame, homes: dict[int, int]
) -> tuple[str, ...]:
    sources = schools["place_source"].value_counts()
    words = {"gias": "the GIAS extract", "coords_2025": "the 2025 coordinates", "outcode": "their outcode's centroid"}
    places = ", ".join(f"{sources.get(key, 0):,} from {name}" for key, name in words.items())
    away = int((~history["urn"].isin(list(homes))).sum())
    return (
        f"Grades come from {len(snapshots)} Ofsted files, {snapshots[0].dated} to {snapshots[-1].dated}; "
        "an inspection is known from its publication or, where that is not given, from the first file that shows it.",
        f"Places of schools: {places}, {sources.get('none', 0):,} unknown.",
        f"{away:,} of {len(history):,} inspections belong to schools that are none of this date's, and are left out.",
        "Trusts are those that a school's record says it had joined by the date; schools that left one are missed.",
    )


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


def _regime_notes(snapshots: list[Snapshot], as_of: date, crosswalk_name: str | None) -> tuple[str, ...]:
    cards = [snapshot for snapshot in snapshots if "leadership_judgement" in snapshot.table and snapshot.dated <= as_of]
    if not cards:
        return ()
    if crosswalk_name is None:
        return (
            "Report cards (from November 2025) are not compared with the four grades: leadership judged by one counts "
            "as unknown. A scenario may name a crosswalk in data.crosswalk.",
        )
    return (f"Assumption: {crosswalk_label(crosswalk_name)}. Ofsted says that the two cannot be compared.",)
