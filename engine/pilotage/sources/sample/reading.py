"""The tables of a synthetic England as its folder holds them: every column there, numbers where numbers belong."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pilotage.domain import tables
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.cells.grid import shown
from pilotage.sources.files.tables import at_most

REASONS = {"SUPP": "suppressed", "NP": "not_published"}
SHARES = {
    "fsm": "fsm_share",
    "fsm6": "fsm6_share",
    "eal": "eal_share",
    "sen": "sen_share",
    "absence": "absence_share",
    "persistent_absence": "persistent_absence_share",
}
KEYS = {"urn": (1, 999_999_999), "year": (2000, 2099)}
NUMBERS = {
    "schools": ("urn",),
    "inspections": ("urn",),
    "school_years": ("urn", "year", "pupils", "pupil_teacher_ratio", "mean_salary", *SHARES),
    "results": (
        "urn",
        "year",
        *(f"{what}_{group}" for group in tables.PUPIL_GROUPS for what in ("progress", "pupils")),
    ),
}
NEEDED = {**NUMBERS, "schools": ("urn", "phase", "authority", "district")}
WRITE = "write the folder again with `pilotage sample`"


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of the folder: ``schools``, ``inspections``, ``school_years`` or ``results``.

    Raises
    ------
    DataError
        When it is no table, lacks a column, or has something else than a number or a code where a number belongs.
    """
    path = folder / f"{name}.csv"
    frame = _read(path)
    lacking = [column for column in NEEDED[name] if column not in frame]
    allowed = f"columns {', '.join(NEEDED[name])}"
    raise_all(DataError, (Problem(str(path), f"no column {column!r}", allowed, WRITE) for column in lacking))
    numbers = {column: numbers_of(frame[column]) for column in NUMBERS[name]}
    wrong = [problem for column in NUMBERS[name] for problem in _wrong(path, frame[column], numbers[column])]
    raise_all(DataError, at_most(wrong, str(path)))
    return frame.astype({column: "int64" for column in KEYS if column in numbers})


def numbers_of(column: pd.Series) -> pd.Series:
    """Return the numbers of a column, null for the codes of what is absent."""
    return pd.to_numeric(column.where(~column.isin(list(REASONS))), errors="coerce")


def _read(path: Path) -> pd.DataFrame:
    """Return a table; a row with more cells than the header has would shift or be cut, so it is refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(path, low_memory=False, index_col=False)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, UnicodeDecodeError):
        raise DataError(Problem(str(path), "not a table", "a UTF-8 CSV", "write it again")) from None


def _wrong(path: Path, cells: pd.Series, numbers: pd.Series) -> Iterator[Problem]:
    """Yield a problem for each cell of numbers that is neither a number nor a code, and each key out of range."""
    name = str(cells.name)
    if name in KEYS:
        low, high = KEYS[name]
        bad, allowed = ~(numbers.between(low, high) & (numbers % 1 == 0)), f"a whole number from {low:,} to {high:,}"
    else:
        bad = numbers.isna() & cells.notna() & ~cells.isin(list(REASONS))
        bad, allowed = bad | (numbers.abs() == float("inf")), f"a number, {' or '.join(REASONS)}"
    for row in cells.index[bad]:
        what = f"{name} = {'blank' if pd.isna(cells[row]) else shown(str(cells[row]))}"
        yield Problem(f"{path}, row {row + 2}", what, allowed, "please correct this cell")
