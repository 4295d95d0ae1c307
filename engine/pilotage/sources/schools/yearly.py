"""Yearly tables -> one row per school and year, results by pupil group, and why the latest figures are absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.domain import tables
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.read import Canonical
from pilotage.sources.schools.regimes import regimes, why_no_result, without_missing_years

LIMIT_WIDTH = 2 * 1.96  # of a 95% interval, in standard errors
GROUPS = {"all": "", "disadvantaged": "_disadvantaged", "other": "_other"}
MEASURES = {  # of progress: key stage, name; a later one fills what an earlier one lacks
    "ks4": ("progress8", "value_added"),
    "ks2": ("ks2_reading_progress", "ks2_maths_progress"),
}
GAP_FIELDS = tuple(f"{name}_disadvantaged" for names in MEASURES.values() for name in names)
PUPILS = {"ks4": "ks4_pupils", "ks2": "ks2_pupils"}


@dataclass(frozen=True)
class YearTable:
    """One yearly table: its source, year and content, with ``urn`` the URN of the time."""

    source: str
    year: int
    content: Canonical


@cache
def sources() -> dict[str, dict[str, Any]]:
    """Return what data/reference/sources.yaml says of each source."""
    text = (assets.reference() / "sources.yaml").read_text(encoding="utf-8")
    known: dict[str, dict[str, Any]] = YAML(typ="safe").load(text)
    return known


def by_urn(content: Canonical, urns: dict[int, int]) -> Canonical:
    """Return a table whose rows are known by authority and establishment number with their URN; the rest left out."""
    number = content.table["laestab_authority"] * 10_000 + content.table["laestab_number"]
    urn = number.map(urns)
    table = content.table.assign(urn=urn)[urn.notna()].astype({"urn": "int64"}).drop_duplicates("urn")
    lost = {**content.left_out, "without a URN": int(urn.isna().sum())}
    return Canonical(table, content.absent.iloc[:0], content.dated, lost)


def yearly_sources() -> list[str]:
    """Return the sources of yearly tables, in the order in which they win over each other."""
    maps = column_maps()
    return [name for name in sources() if name in maps and maps[name].yearly]


def unused(source: str) -> str | None:
    """Return why a source that is recognised is used for nothing; None where it is used."""
    why: str | None = sources().get(source, {}).get("unused")
    return why


def known_on(source: str, year: int) -> date:
    """Return the day on which a source's table of a year counts as known."""
    month, day = (int(part) for part in str(sources()[source]["published"]).split("-"))
    return date(year + 1, month, day)


def school_years(year_tables: list[YearTable]) -> pd.DataFrame:
    """Return one row per URN of the time and year: every column of the tables, and ``known_on``, the latest of them."""
    order = yearly_sources()
    parts: dict[int, pd.DataFrame] = {}
    for table in sorted(year_tables, key=lambda table: (order.index(table.source), table.year)):
        for year, frame in _by_year(table):
            rows = frame.set_index("urn")
            parts[year] = parts[year].combine_first(rows) if year in parts else rows
    if not parts:
        return pd.DataFrame({"urn": [], "year": [], "known_on": []})
    rows = pd.concat([part.assign(year=year).reset_index() for year, part in sorted(parts.items())], ignore_index=True)
    return _derived(without_missing_years(rows))


def _by_year(year_table: YearTable) -> list[tuple[int, pd.DataFrame]]:
    """Return a table's columns under their canonical names, by the year that each is of."""
    columns = [column for column in column_maps()[year_table.source].columns if column.kind not in ("text", "whole")]
    years = sorted({column.year or year_table.year for column in columns})
    day = {year: pd.Timestamp(known_on(year_table.source, year)) for year in years}
    parts = []
    for year in years:
        names = {column.name: column.of for column in columns if (column.year or year_table.year) == year}
        frame = year_table.content.table[["urn", *names]].rename(columns=names)
        frame = frame[frame[list(names.values())].notna().any(axis=1)]
        whole = frame.select_dtypes("int64").columns.difference(["urn"])  # another table may lack a school
        parts.append((year, frame.astype(dict.fromkeys(whole, "float64")).assign(known_on=day[year])))
    return parts


def _derived(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the columns that are calculated from other columns, where those are there."""
    there = rows.reindex(columns=[*rows.columns, *({*NEEDED} - {*rows.columns})])
    sen = (there["sen_statement_share"] + there["sen_action_share"]).clip(upper=1)
    per_pupil = there["income_gbp"] / there["pupils"].where(there["pupils"] > 0)
    spent = there["expenditure_gbp"] / there["pupils"].where(there["pupils"] > 0)
    return there.assign(
        sen_share=sen,
        balance_share=(there["balance_gbp"] / there["income_gbp"].where(there["income_gbp"] > 0)),
        ks2_progress=there[list(KS2_PROGRESS)].mean(axis=1),
        income_per_pupil_gbp=there["income_per_pupil_gbp"].fillna(per_pupil),
        expenditure_per_pupil_gbp=there["expenditure_per_pupil_gbp"].fillna(spent),
    )


KS2_PROGRESS = ("ks2_reading_progress", "ks2_writing_progress", "ks2_maths_progress")
NEEDED = (
    *KS2_PROGRESS,
    *("sen_statement_share", "sen_action_share", "pupils", "income_gbp", "expenditure_gbp", "balance_gbp"),
    *("income_per_pupil_gbp", "expenditure_per_pupil_gbp"),
)


def results_of(years: pd.DataFrame) -> pd.DataFrame:
    """Return progress by school, year, key stage and pupil group in pupil SD (``domain.tables.RESULTS``).

    Value added of 1000 is the national mean. Scores of several subjects are averaged, each in its own SD.
    """
    parts = [
        part
        for key_stage, measures in MEASURES.items()
        for group, suffix in GROUPS.items()
        for part in [_progress(years, key_stage, measures, group, suffix)]
        if part is not None
    ]
    if not parts:
        return pd.DataFrame(columns=list(tables.RESULTS.columns))
    return pd.concat(parts, ignore_index=True).assign(state="published")


def _progress(
    years: pd.DataFrame, key_stage: str, measures: tuple[str, ...], group: str, suffix: str
) -> pd.DataFrame | None:
    scores = [_in_sd(years, measure, suffix) for measure in measures if measure + suffix in years]
    if not scores:
        return None
    both = pd.concat(scores, axis=1)
    progress = both.mean(axis=1) if key_stage == "ks2" else both.bfill(axis=1).iloc[:, 0]
    rows = years[["urn", "year", "known_on"]].assign(
        key_stage=key_stage, pupil_group=group, pupils=_pupils(years, key_stage, group), progress_sd=progress
    )
    return rows[progress.notna() & rows["pupils"].notna()]


def _in_sd(years: pd.DataFrame, measure: str, suffix: str) -> pd.Series:
    """Return a measure of a group in pupil SD: by the year's own limits for all pupils, else the reference's spread."""
    centre = 1000.0 if measure == "value_added" else 0.0
    return (years[measure + suffix] - centre) / years["year"].map(pupil_sd(years, measure))


def pupil_sd(years: pd.DataFrame, measure: str) -> dict[int, float]:
    """Return the SD of one pupil's score by year: from 95% limits where the tables give them, else the reference's."""
    reference = regimes()["pupil_sd"].get(measure, np.nan)
    low, high = years.get(f"{measure}_low"), years.get(f"{measure}_high")
    if low is None or high is None:
        return dict.fromkeys(years["year"].unique().tolist(), reference)
    stage = "ks4" if measure in MEASURES["ks4"] else "ks2"
    pupils = years[f"{measure}_pupils"] if f"{measure}_pupils" in years else years[PUPILS[stage]]
    each = (high - low) / LIMIT_WIDTH * np.sqrt(pupils.where(pupils > 0))
    return {int(year): value for year, value in each.groupby(years["year"]).median().fillna(reference).items()}


def _pupils(years: pd.DataFrame, key_stage: str, group: str) -> pd.Series:
    """Return how many pupils of a group a result is of, from the best count there is."""
    empty = pd.Series(np.nan, index=years.index)
    every = years.get("progress8_pupils", empty).fillna(years.get(PUPILS[key_stage], empty))
    poor = years.get("progress8_disadvantaged_pupils", empty) if key_stage == "ks4" else empty
    poor = poor.fillna(years.get(f"{key_stage}_disadvantaged_pupils", empty))
    if key_stage == "ks2":
        every = years.get("ks2_pupils", empty)
    return {"all": every, "disadvantaged": poor, "other": (every - poor).clip(lower=0)}[group]


def national_mean(years: pd.DataFrame, measure: str, group: str) -> float | None:
    """Return the mean of a measure of progress over a group's pupils, in its own unit; None where none is known."""
    column = measure + GROUPS[group]
    if column not in years:
        return None
    key_stage = next(stage for stage, measures in MEASURES.items() if measure in measures)
    pupils = _pupils(years, key_stage, group).where(years[column].notna(), 0).fillna(0)
    return float((years[column].fillna(0) * pupils).sum() / pupils.sum()) if pupils.sum() > 0 else None


def reasons_of(year_tables: list[YearTable], as_of: date, homes: dict[int, int]) -> pd.DataFrame:
    """Return why figures of each source's latest table known by the day are absent: urn of the date, field, reason."""
    fields = set(tables.SCHOOL_YEARS.columns)
    parts = []
    for source in yearly_sources():
        known = [table for table in year_tables if table.source == source and known_on(source, table.year) <= as_of]
        if known:
            absent = max(known, key=lambda table: table.year).content.absent
            gap = absent[absent["field"].isin(GAP_FIELDS)].assign(field="gap")
            parts += [absent[absent["field"].isin(fields)], gap]
    if not parts:
        return pd.DataFrame({"urn": [], "field": [], "reason": []})
    every = pd.concat(parts, ignore_index=True)
    every = every.assign(urn=every["urn"].map(homes)).dropna().astype({"urn": "int64"})
    return every.drop_duplicates(["urn", "field"], ignore_index=True)


def reasons_of_the_year(schools: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return why no school has the figures that the last year known by the day would have, where there was none."""
    year = as_of.year - 1 if date(as_of.year, 2, 1) <= as_of else as_of.year - 2
    phases = {"ks2_": ("primary", "all_through"), "": ("secondary", "all_through")}
    parts = []
    for entry in regimes()["no_results"]:
        for field in entry["fields"]:
            why = why_no_result(field, year)
            inside = schools["phase"].isin(phases["ks2_" if field.startswith("ks2_") else ""])
            if why is not None and field in tables.SCHOOL_YEARS.columns:
                parts.append(pd.DataFrame({"urn": schools.loc[inside, "urn"], "field": field, "reason": why}))
    return (
        pd.concat(parts).drop_duplicates(["urn", "field"])
        if parts
        else pd.DataFrame(columns=["urn", "field", "reason"])
    )
