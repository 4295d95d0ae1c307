"""A forecast of a charity's own: risk scores by URN, from CSV, Excel or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.forecast import COMPARED_COLUMNS, FORECAST_COLUMNS, OutcomeState, RiskForecast
from pilotage.domain.inputs import FORECAST, Inputs, digests, input_of, unchanged_meanwhile
from pilotage.domain.need import RISK_OF_OUTCOME, base_rates, below_good, figure_of, need
from pilotage.domain.outcomes import FALL, FIGURES, GAP_SD, OUTCOMES
from pilotage.domain.panel import SchoolPanel, phases_of
from pilotage.errors import MOST_TOLD, DataError, Problem, raise_all
from pilotage.sources.files.tables import CHANCE, NUMBER, WHOLE, at_most, each_once, read_text_table, typed, where_of
from pilotage.sources.forecast_contradictions import contradictions
from pilotage.sources.pool.school_urns import with_present_urns

Draws = dict[str, NDArray[np.float32]]

RISKS = (*RISK_OF_OUTCOME.values(), "p_below_good", "p_gap_wide", "need")
CHANCES = frozenset(figure.name for figure in FIGURES if figure.form == "chance") | {"need"}
OWN = frozenset(outcome.own_chance for outcome in OUTCOMES.values() if outcome.own_chance)
DRAWN = frozenset(figure.name for figure in FIGURES) | {"need"} | OWN  # what a file may hold draws of
IGNORED = ("phase", "in_scope")  # written by Pilotage beside a forecast; the scenario and its schools say them
TEXTS = ("reasons", "missing")
DRAWS = "_draws"
KINDS = {
    name: CHANCE if name in CHANCES else NUMBER for name in (*FORECAST_COLUMNS, GAP_SD) if name not in ("urn", *TEXTS)
} | {"urn": WHOLE}
STRANGE = "a URN of the scenario's schools"


@dataclass(frozen=True)
class ForecastFile:
    """A forecast as read: for the schools in scope, what the reports must say of it, and the file as an input."""

    forecast: RiskForecast
    notes: tuple[str, ...]
    inputs: Inputs


def read_forecast(path: Path, scenario: Scenario, panel: SchoolPanel, urns: NDArray[np.int64]) -> ForecastFile:
    """Return the forecast in a file, for the schools ``urns`` (ascending).

    The file needs ``urn`` and one of ``RISKS``; other columns are those of ``FORECAST_COLUMNS``, and in Parquet the
    draws of a chance as lists (``p_stuck_draws``). What is blank or absent stays null; need is calculated from the
    scenario's weights where it is not given.

    Raises
    ------
    DataError
        With every problem of the file: unknown, missing or repeated columns, bad cells, values outside [0, 1],
        schools twice or not among the scenario's schools, and figures of a school that contradict each other; or when
        the file changed while it was read.
    """
    with unchanged_meanwhile(digests([path])):
        return _read_forecast(path, scenario, panel, urns)


def _read_forecast(path: Path, scenario: Scenario, panel: SchoolPanel, urns: NDArray[np.int64]) -> ForecastFile:
    frame, draws, problems = _read(path)
    where = where_of(frame, path)
    urns_read = with_present_urns(frame, "urn", panel, path, STRANGE, "correct the URN, or remove the row")
    frame = urns_read.frame if not urns_read.problems else frame
    problems += [*_columns(frame, draws, where), *_twice(frame, where), *_strangers(urns_read.problems, where)]
    problems += contradictions(frame, where)
    given = _in_schema(frame, where, problems)
    inside = np.flatnonzero(np.isin(given["urn"], urns))
    inside = inside[np.argsort(given["urn"].to_numpy()[inside], kind="stable")]
    rows = given.iloc[inside].reset_index(drop=True)
    drawn = {name: _for_scope(values[inside], rows["urn"], urns) for name, values in draws.items()}
    notes = (
        *urns_read.notes,
        *_notes(path, rows, drawn, len(urns), len(given)),
        *_left_out_of_need(path, rows, scenario),
    )
    compared = _compared(given, panel)
    table = _completed(rows, scenario, (panel, urns), compared, path)
    forecast = RiskForecast(panel.as_of, table, _outcomes(rows, scenario, path), drawn, compared)
    return ForecastFile(forecast, notes, (input_of(path, FORECAST),))


def _read(path: Path) -> tuple[pd.DataFrame, Draws, list[Problem]]:
    """Return the table, the draws of a Parquet file, and the cells that could not be read."""
    if path.suffix.lower() != ".parquet":
        text = read_text_table(path, ("forecast", "forecasts"), [*FORECAST_COLUMNS, GAP_SD, *IGNORED])
        frame, problems = typed(text, KINDS, where_of(text, path))
        return frame, {}, problems
    if not path.is_file():
        raise DataError(Problem(str(path), "no such file", "a CSV, Excel or Parquet file", "check the path"))
    try:
        frame = pd.read_parquet(path)
    except (pa.ArrowInvalid, OSError):
        raise DataError(Problem(str(path), "not a readable Parquet file", "a Parquet file", "write it again")) from None
    frame.columns = pd.Index([str(name) for name in frame.columns])
    lists = [name for name in frame.columns if name.endswith(DRAWS) and name.removesuffix(DRAWS) in DRAWN]
    draws, problems = Draws(), list[Problem]()
    for name in lists:
        chance = name.removesuffix(DRAWS) in CHANCES
        values, wrong = _draws_of(frame[name], f"{path}, column {name}", chance=chance)
        draws |= {name.removesuffix(DRAWS): values} if values is not None else {}
        problems += wrong
    return frame.drop(columns=lists), draws, problems


def _draws_of(column: pd.Series, where: str, *, chance: bool) -> tuple[NDArray[np.float32] | None, list[Problem]]:
    """Return the lists of a column as (schools, draws), null where a row has none; None with a problem where wrong."""
    figures = "chances" if chance else "numbers"
    allowed, do = f"a list of as many {figures} in each row", "write the draws again, or leave the column out"
    try:
        lists = [None if row is None else np.asarray(row, dtype=np.float32) for row in column]
        width = next((len(row) for row in lists if row is not None), 0)
        values = np.stack([np.full(width, np.nan, dtype=np.float32) if row is None else row for row in lists])
    except (TypeError, ValueError):
        return None, [Problem(where, "not lists of numbers of one length", allowed, do)]
    if values.ndim != 2 or (chance and ((values < 0) | (values > 1)).any()):
        return None, [Problem(where, "draws outside 0 to 1", allowed, do)]
    return values, []


def _columns(frame: pd.DataFrame, draws: Draws, where: str) -> Iterator[Problem]:
    known = [*FORECAST_COLUMNS, GAP_SD, *IGNORED, *(f"{name}{DRAWS}" for name in draws)]
    for name in frame.columns.difference(known):
        near = get_close_matches(str(name), known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "remove it"
        yield Problem(where, f"no such column {str(name)!r}", ", ".join(FORECAST_COLUMNS), hint)
    if not len(frame):
        yield Problem(where, "has no rows", "one row per school", "fill it in, or name another file")
    if "urn" not in frame:
        yield Problem(where, "no column 'urn'", "one row per school, keyed by urn", "add it")
    if not set(RISKS) & set(frame.columns):
        yield Problem(where, "no risk", f"at least one of {', '.join(RISKS)}", "add one")


def _twice(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    if "urn" not in frame:
        return
    urn = frame["urn"]
    first = {value: row for row, value in reversed(list(urn.items()))}
    for row in urn.index[urn.duplicated() & urn.notna()]:
        what, allowed = f"urn = {urn[row]:.0f} again", f"each once (first in row {first[urn[row]] + 2})"
        cells = tuple((where, int(at), "urn") for at in (first[urn[row]], row))
        yield Problem(f"{where}, row {row + 2}", what, allowed, "remove one", cells)


def _strangers(unknown: list[Problem], where: str) -> Iterator[Problem]:
    """Yield the schools that the scenario does not have, many of them as a number."""
    yield from unknown[:MOST_TOLD]
    if len(unknown) > MOST_TOLD:
        what = f"{len(unknown) - MOST_TOLD:,} more rows are of schools that the scenario does not have"
        yield Problem(where, what, "URNs of the scenario's schools", "check that it is a file of the same country")


def _in_schema(frame: pd.DataFrame, where: str, problems: list[Problem]) -> pd.DataFrame:
    """Return the table in the schema's types, or raise all problems of the file."""
    try:
        table = tables.validated(tables.FORECAST, frame, where, most=None)
    except DataError as error:
        lacks_urn = "urn" not in frame
        problems += [] if lacks_urn else error.problems
        table = frame
    raise_all(DataError, at_most(each_once(problems), where))
    return table


def _for_scope(values: NDArray[np.float32], given: pd.Series, urns: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the draws in the order of ``urns``; NaN for a school that the file lacks."""
    whole = np.full((len(urns), values.shape[1]), np.nan, dtype=np.float32)
    whole[np.searchsorted(urns, given.to_numpy())] = values
    return whole


def _compared(given: pd.DataFrame, panel: SchoolPanel) -> pd.DataFrame:
    """Return all schools of the file, those outside the scope too: the ones in scope are compared with them."""
    rows = given.sort_values("urn", ignore_index=True)
    rows["p_below_good"] = rows["p_below_good"].fillna(pd.Series(below_good(rows)))
    return rows.assign(phase=phases_of(panel, rows["urn"]))[list(COMPARED_COLUMNS)]


def _completed(
    rows: pd.DataFrame,
    scenario: Scenario,
    scope: tuple[SchoolPanel, NDArray[np.int64]],
    compared: pd.DataFrame,
    path: Path,
) -> pd.DataFrame:
    """Return a row for every school in scope, need filled in where it is not given."""
    panel, urns = scope
    table = rows.set_index("urn").reindex(pd.Index(urns, name="urn")).reset_index()
    lacking = ~table["urn"].isin(rows["urn"])
    table["missing"] = table["missing"].fillna("").mask(lacking, f"every risk: not in {path.name}")
    table["reasons"] = table["reasons"].fillna("")
    table["p_below_good"] = table["p_below_good"].fillna(pd.Series(below_good(table)))
    rates = base_rates(compared, compared["phase"], scenario.outcomes)
    table["need"] = table["need"].fillna(need(table, phases_of(panel, table["urn"]), scenario.outcomes, rates))
    return table[list(FORECAST_COLUMNS)]


def _outcomes(rows: pd.DataFrame, scenario: Scenario, path: Path) -> dict[str, OutcomeState]:
    states = {}
    for name in scenario.outcomes:
        given = int(rows[RISK_OF_OUTCOME[name]].notna().sum())
        why = f"read from {path.name} for {given:,} schools" if given else f"{path.name} does not give it"
        states[str(name)] = OutcomeState(given > 0, why)
    return states


def _left_out_of_need(path: Path, rows: pd.DataFrame, scenario: Scenario) -> Iterator[str]:
    """Yield what counts in need by the scenario and is not in the file, where the file leaves need to be calculated."""
    if rows["need"].notna().all():
        return
    for name, outcome in scenario.outcomes.items():
        figure = figure_of(str(name), outcome)
        if figure in rows and rows[figure].isna().all() and figure != "p_below_good":
            yield f"{path.name} gives no {figure}, which counts in need: need leaves that part out."


def _notes(path: Path, rows: pd.DataFrame, draws: Draws, scope: int, rows_in_all: int) -> Iterator[str]:
    yield f"The risks are those of {path.name}; Pilotage did not forecast them and has not tested them."
    lacking, outside = scope - len(rows), rows_in_all - len(rows)
    if lacking:
        yield f"{lacking:,} of {scope:,} schools in scope are not in {path.name}: their risk is not known."
    if outside:
        yield f"{outside:,} schools of {path.name} are outside the scenario's scope: others are compared with them."
    if rows[FALL.risk].isna().all():
        yield f"{path.name} gives no chance that leadership falls, so no benefit counts a fall averted."
    elif not {FALL.risk, FALL.own_chance} & set(draws):
        yield f"{path.name} holds no draws of the risks: the ranges of benefits carry the doubt about effects alone."
