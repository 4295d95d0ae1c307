"""The tables of a synthetic England (data/sample, or a folder that ``pilotage sample`` wrote) -> SchoolPanel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.inputs import SAMPLE, digests, input_of, unchanged_meanwhile
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.sample.reading import REASONS, SHARES, numbers_of, read_table
from pilotage.sources.schools.areas import fill_area

FILES = ("schools", "inspections", "school_years", "results")


def sample_panel(folder: Path, as_of: date, area_list: str) -> SchoolPanel:
    """Return the panel of a synthetic England.

    Raises
    ------
    DataError
        When a table is missing or broken, or ``as_of`` is before any data.
    """
    _expect_files(folder)
    with unchanged_meanwhile(digests(folder / f"{name}.csv" for name in FILES)):
        panel = _panel(folder, as_of, area_list)
    _expect_data_by(panel)
    return panel


def _panel(folder: Path, as_of: date, area_list: str) -> SchoolPanel:
    raw = {name: read_table(folder, name) for name in FILES}
    schools = fill_area(raw["schools"].assign(postcode=None, place_source="sample"), area_list)
    years = _school_years(raw["school_years"])
    return SchoolPanel(
        as_of=as_of,
        schools=tables.validated(tables.SCHOOLS, schools, str(folder / "schools.csv")),
        inspections=tables.validated(tables.INSPECTIONS, raw["inspections"], str(folder / "inspections.csv")),
        school_years=tables.validated(tables.SCHOOL_YEARS, years, str(folder / "school_years.csv")),
        results=tables.validated(tables.RESULTS, _results(raw), str(folder / "results.csv")),
        absences=_absences(raw["school_years"], as_of),
        synthetic=True,
        notes=("Synthetic England: every school, result, inspection and leader is invented, with a known truth.",),
        inputs=tuple(input_of(folder / f"{name}.csv", SAMPLE, name=f"sample/{name}.csv") for name in FILES),
    )


def _expect_files(folder: Path) -> None:
    if not folder.is_dir():
        raise DataError(Problem(str(folder), "no such folder", "a folder of tables", "check data.folder"))
    missing = [name for name in FILES if not (folder / f"{name}.csv").is_file()]
    do = "write one with `pilotage sample --out DIR`"
    raise_all(DataError, (Problem(str(folder), f"no {name}.csv", "the sample's tables", do) for name in missing))


def _expect_data_by(panel: SchoolPanel) -> None:
    first = panel.inspections["known_on"].min()
    if pd.Timestamp(panel.as_of) < first:
        what = f"as_of = {panel.as_of}, before any data"
        raise DataError(Problem("as_of", what, f"{first.date()} or later", "choose a later date"))


def _known_on(year: pd.Series) -> pd.Series:
    """Return the day on which a year's table is published: 1 February of the next."""
    return pd.to_datetime((year + 1).astype(str) + "-02-01")


def _school_years(raw: pd.DataFrame) -> pd.DataFrame:
    shares = {canonical: numbers_of(raw[name]) / 100 for name, canonical in SHARES.items()}
    frame = raw[["urn", "year", "pupils", "pupil_teacher_ratio"]].assign(known_on=_known_on(raw["year"]), **shares)
    teachers = (frame["pupils"] / frame["pupil_teacher_ratio"]).round(1)
    return frame.assign(mean_salary_gbp=raw["mean_salary"], teachers_fte=teachers)


def _results(raw: dict[str, pd.DataFrame]) -> pd.DataFrame:
    wide = raw["results"]
    phase = wide["urn"].map(raw["schools"].drop_duplicates("urn").set_index("urn")["phase"])
    keys = wide[["urn", "year"]].assign(
        known_on=_known_on(wide["year"]), key_stage=phase.map({"primary": "ks2", "secondary": "ks4"}).fillna("ks2")
    )
    return pd.concat([_group(wide, keys, group) for group in tables.PUPIL_GROUPS], ignore_index=True)


def _group(wide: pd.DataFrame, keys: pd.DataFrame, group: str) -> pd.DataFrame:
    value = wide[f"progress_{group}"]
    return keys.assign(
        pupil_group=group,
        pupils=numbers_of(wide[f"pupils_{group}"]),
        progress_sd=numbers_of(value),
        state=value.map(REASONS).fillna("published"),
    )


def _absences(raw: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the reason of each share that the latest yearly table known by ``as_of`` does not give."""
    known = raw[_known_on(raw["year"]) <= pd.Timestamp(as_of)].drop_duplicates("urn", keep="last")
    parts = [
        pd.DataFrame({"urn": known["urn"], "field": field, "reason": known[name].map(REASONS)}).dropna()
        for name, field in SHARES.items()
    ]
    return tables.validated(tables.ABSENCES, pd.concat(parts, ignore_index=True), "school_years.csv")
