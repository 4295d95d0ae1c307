"""Official files as downloaded -> SchoolPanel: Ofsted's snapshots, DfE's yearly tables, GIAS places and links."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.areas import fill_area
from pilotage.sources.cache import cached_source
from pilotage.sources.column_maps import column_maps
from pilotage.sources.lineage import buildings, present_urns, successors
from pilotage.sources.places import placed, trusts
from pilotage.sources.read import Canonical, Recognised, recognise
from pilotage.sources.snapshots import Snapshot, chained, renamed, schools_of, sponsor_led_urns

Say = Callable[[str], None]
YEARLY = ("dfe_census", "dfe_absence", "dfe_workforce")
NAMED = {"census": "dfe_census", "abs": "dfe_absence", "swf": "dfe_workforce"}
STALE_YEARS = 1.0
NAMED_FILE = re.compile(r"(?:^|_)(census|abs|swf)\.csv$", re.IGNORECASE)


@dataclass
class Files:
    """The files of a folder that a panel of a day needs, by source, and what was read of them."""

    folder: Path
    found: list[Recognised]
    cache: Path
    say: Say
    inputs: dict[str, str] = field(default_factory=dict)

    def read(self, one: Recognised) -> Canonical:
        """Return a file's table, noting its checksum."""
        content, digest = cached_source(one.path, one.source or "", self.cache, self.say)
        self.inputs[one.path.relative_to(self.folder).as_posix()] = digest
        return content

    def only(self, source: str) -> pd.DataFrame | None:
        """Return the table of a source of which one file is wanted: the first by name; None where there is none."""
        named = sorted((one for one in self.found if one.source == source), key=lambda one: one.path.as_posix())
        return self.read(named[0]).table if named else None


def official_panel(folder: Path, as_of: date, area_list: str, *, cache: Path, say: Say) -> SchoolPanel:
    """Return all that the files of ``folder`` say of England's schools.

    Raises
    ------
    DataError
        When the folder or its Ofsted workbooks are missing, ``as_of`` is before the first of them, or a file is broken
        or is not what its name says.
    """
    files = Files(folder, _needed(folder, as_of), cache, say)
    snapshots = _snapshots(files, as_of)
    links = _links(files)
    schools = _schools(files, snapshots, as_of, area_list, links)
    present = set(schools["urn"].tolist())
    history = chained(snapshots)
    homes = present_urns(history["urn"], present, renamed(snapshots) | links.same, sponsor_led_urns(snapshots))
    inspections = _at_home(history, homes, ["urn", "inspected_on"], "inspected_on")
    years, absences = _years(files, as_of, links.same, present)
    known = tables.validated(tables.SCHOOLS, schools, "schools of the Ofsted workbooks")
    return SchoolPanel(
        as_of=as_of,
        schools=known,
        inspections=tables.validated(tables.INSPECTIONS, inspections, "inspections"),
        school_years=tables.validated(tables.SCHOOL_YEARS, years, "yearly tables"),
        results=tables.validated(tables.RESULTS, pd.DataFrame(columns=list(tables.RESULTS.columns)), "results"),
        absences=tables.validated(tables.ABSENCES, pd.concat([absences, _unplaced(known)]), "yearly tables"),
        synthetic=False,
        snapshots=tuple(snapshot.dated for snapshot in snapshots if not snapshot.publishes),
        notes=(*_stale(snapshots, as_of), *_notes(known, snapshots, history, homes)),
        inputs=files.inputs,
    )


def _needed(folder: Path, as_of: date) -> list[Recognised]:
    """Return the recognised files that a panel of the day uses; a file that is not what its name says is an error."""
    if not folder.is_dir():
        do = "name it in data.folder or PILOTAGE_REAL_DATA, or run `pilotage data import FOLDER`"
        raise DataError(Problem(str(folder), "no such folder", "a folder of official files", do))
    every = [recognise(path) for path in sorted(folder.rglob("*")) if path.is_file() and _may_be_used(path)]
    found = [one for one in every if one.year is None or one.year <= as_of.year]
    raise_all(DataError, (problem for one in found for problem in _misnamed(one)))
    return [one for one in found if one.source]


def _may_be_used(path: Path) -> bool:
    """Return False for files that no source of a panel can be: descriptions of columns, and other families."""
    return path.suffix.lower() in (".csv", ".xlsx", ".zip") and not path.stem.lower().endswith("_meta")


def _misnamed(one: Recognised) -> list[Problem]:
    named = NAMED_FILE.search(one.path.name)
    if not named or one.source == NAMED[named.group(1).lower()]:
        return []
    wanted = column_maps()[NAMED[named.group(1).lower()]]
    found = f"is not {wanted.label}: " + (f"it is {column_maps()[one.source].label}" if one.source else one.why_not)
    columns = ", ".join(column.headers[0] for column in wanted.columns if column.required)
    return [Problem(str(one.path), found, f"columns {columns}", "put the right file there, or rename it")]


def _snapshots(files: Files, as_of: date) -> list[Snapshot]:
    workbooks = [one for one in files.found if one.source in ("ofsted_mi", "ofsted_mi_csv")]
    if not workbooks:
        do = "download Ofsted's monthly management information"
        raise DataError(Problem(str(files.folder), "no Ofsted workbook in it", "at least one", do))
    every = sorted((_snapshot(one, files) for one in workbooks), key=lambda snapshot: snapshot.dated)
    snapshots = [one for one in every if not one.publishes or one.dated <= as_of]  # a later list holds survivors only
    if not snapshots:
        snapshots = every
    if snapshots[0].dated > as_of:
        found = f"as_of = {as_of}, before any data"
        raise DataError(Problem("as_of", found, f"{snapshots[0].dated} or later", "choose a later date"))
    return snapshots


def _snapshot(one: Recognised, files: Files) -> Snapshot:
    content = files.read(one)
    if one.source == "ofsted_mi_csv":
        return Snapshot(content.table["published_on"].max().date(), content.table)
    if content.dated is None:
        found = "its sheets Dates and Cover state no day"
        raise DataError(Problem(str(one.path), found, "an 'End date' or 'As at Date'", "download it again"))
    return Snapshot(content.dated, content.table)


@dataclass(frozen=True)
class Links:
    """Old URN -> new URN: ``same``, one school that goes on; ``building``, where to look for its place as well."""

    same: dict[int, int]
    building: dict[int, int]


def _links(files: Files) -> Links:
    table = files.only("gias_links")
    return Links({}, {}) if table is None else Links(successors(table), buildings(table))


def _schools(files: Files, snapshots: list[Snapshot], as_of: date, area_list: str, links: Links) -> pd.DataFrame:
    gias = files.only("gias_extract")
    schools = placed(schools_of(snapshots, as_of), gias, files.only("coords_2025"), links.building)
    schools["opened_on"] = schools["urn"].map(gias.set_index("urn")["opened_on"]) if gias is not None else pd.NaT
    schools["trust"] = trusts(schools, files.only("gias_group_links"), as_of)
    return fill_area(schools, area_list)


def _at_home(table: pd.DataFrame, homes: dict[int, int], key: list[str], order: str) -> pd.DataFrame:
    """Return rows under the URN of the school of the date, ``urn_at_time`` kept; own rows win over inherited ones."""
    moved = table.assign(urn_at_time=table["urn"], urn=table["urn"].map(homes))
    moved = moved[moved["urn"].notna()].astype({"urn": "int64"})
    moved = moved.assign(inherited=moved["urn"] != moved["urn_at_time"])
    moved = moved.sort_values(["urn", order, "inherited", "urn_at_time"], kind="stable")
    return moved.drop_duplicates(key).drop(columns=["inherited"])


def _years(files: Files, as_of: date, links: dict[int, int], present: set[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return intake, absence and workforce by school and year, and the reasons of what the latest tables lack."""
    named = [one for one in files.found if one.source in YEARLY]
    content = {(one.source, one.year): files.read(one) for one in sorted(named, key=lambda one: one.path.as_posix())}
    years = sorted({year for _, year in content if year is not None})
    if not years:
        empty = pd.DataFrame({"urn": [], "year": [], "known_on": []})
        return empty, pd.DataFrame({"urn": [], "field": [], "reason": []})
    parts = [_year(content, year) for year in years]
    rows = pd.concat(parts, ignore_index=True)
    homes = present_urns(rows["urn"], present, links, set())
    latest = [year for year in years if date(year + 1, 2, 1) <= as_of][-1:]
    reasons = [_reasons(content, year, homes) for year in latest]
    absences = (
        pd.concat(reasons, ignore_index=True) if reasons else pd.DataFrame({"urn": [], "field": [], "reason": []})
    )
    return _at_home(rows, homes, ["urn", "year"], "year").drop(columns=["urn_at_time"]), absences


def _year(content: dict[tuple[str | None, int | None], Canonical], year: int) -> pd.DataFrame:
    there = [content[source, year].table for source in YEARLY if (source, year) in content]
    joined = there[0]
    for table in there[1:]:
        joined = joined.merge(table, on="urn", how="outer")
    joined = joined.assign(year=year, known_on=pd.Timestamp(year + 1, 2, 1))
    statement, action = joined.get("sen_statement_share"), joined.get("sen_action_share")
    if statement is not None and action is not None:
        joined = joined.assign(sen_share=(statement + action).clip(upper=1))
    return joined


def _reasons(content: dict[tuple[str | None, int | None], Canonical], year: int, homes: dict[int, int]) -> pd.DataFrame:
    found = pd.concat([content[source, year].absent for source in YEARLY if (source, year) in content])
    found = found[found["field"].isin(tables.SCHOOL_YEARS.columns)]
    found = found.assign(urn=found["urn"].map(homes)).dropna()
    return found.astype({"urn": "int64"}).drop_duplicates(["urn", "field"]).reset_index(drop=True)


def _unplaced(schools: pd.DataFrame) -> pd.DataFrame:
    """Return the schools whose place is only their outcode's centre, or is not known, as absences."""
    words = {"outcode": "only the centre of its outcode is known", "none": "not known"}
    reason = schools["place_source"].map(words)
    return pd.DataFrame({"urn": schools["urn"], "field": "place", "reason": reason}).dropna()


def _stale(snapshots: list[Snapshot], as_of: date) -> tuple[str, ...]:
    """Return the warning that the list of schools is old, where it is."""
    latest = max(snapshot.dated for snapshot in snapshots if snapshot.dated <= as_of)
    years = (as_of - latest).days / 365.25
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
        "Attainment by disadvantage is not published in these files for this era, so gaps are not forecast.",
        "Trusts are those that a school's record says it had joined by the date; schools that left one are missed.",
    )
