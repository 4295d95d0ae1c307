"""A problem of one's own, from a table of pairs and limits on what the chosen ones come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row, Sense
from pilotage.errors import DataError, Problem, raise_all
from pilotage.placement.candidates import SCALE
from pilotage.placement.formulation.magnitudes import BENEFIT_BITS, WEIGHT_BITS

IDS = ("leader_id", "post_id")
NEEDED = (*IDS, "benefit")
MOST_BENEFIT = 2**BENEFIT_BITS // SCALE  # pupil-months of one pair


@dataclass(frozen=True)
class Limit:
    """What the chosen pairs come to: at most, at least or exactly a whole number.

    Attributes
    ----------
    name
        What the limit is called in answers, such as the rules in conflict.
    at_most, at_least
        Whole numbers; at least one of them. Both together are a range, and the same number twice is exactly it.
    column
        The column of the table of pairs that is added up, whole numbers (pounds); None counts pairs.
    among
        A column of true and false: only pairs where it is true count. None: all count.
    """

    name: str
    at_most: int | None = None
    at_least: int | None = None
    column: str | None = None
    among: str | None = None


def own_problem(
    pairs: pd.DataFrame | Mapping[str, Any], capacity: Mapping[str, int], limits: Sequence[Limit]
) -> PlacementProblem:
    """Return the problem of a table of pairs: which are chosen, so that the sum of their benefits is greatest.

    Raises
    ------
    DataError
        With all that is wrong with the table, the capacities and the limits.
    """
    table = _table(pairs)
    raise_all(DataError, [*_faults(table), *_capacity_faults(table, capacity), *_limit_faults(table, limits)])
    table = table.assign(**{name: table[name].map(str) for name in IDS})
    table = table.sort_values(list(IDS), kind="stable", ignore_index=True)
    leaders, leader = np.unique(table["leader_id"].to_numpy(dtype=str), return_inverse=True)
    posts, first, post = np.unique(table["post_id"].to_numpy(dtype=str), return_index=True, return_inverse=True)
    urns = table["urn"].to_numpy(dtype=np.int64)[first] if "urn" in table else np.arange(1, len(posts) + 1)
    return PlacementProblem(
        leader_ids=tuple(leaders.tolist()),
        post_ids=tuple(posts.tolist()),
        urns=urns,
        leader=leader.astype(np.int32),
        post=post.astype(np.int32),
        benefit=np.rint(table["benefit"].to_numpy(dtype=np.float64) * SCALE).astype(np.int64),
        scale=SCALE,
        rows=tuple(row for limit in limits for row in _rows(table, limit)),
        capacity=np.array([capacity.get(name, 1) for name in leaders.tolist()], dtype=np.int64),
    )


def _table(pairs: pd.DataFrame | Mapping[str, Any]) -> pd.DataFrame:
    """Return the pairs as a table with the columns that every problem needs."""
    try:
        table = pd.DataFrame(pairs).reset_index(drop=True)
    except (ValueError, TypeError):
        what, do = "no table: its columns are not of one length", "give each column one value for each pair"
        raise DataError(Problem("pairs", what, "a DataFrame, or columns of one length", do)) from None
    missing = [name for name in NEEDED if name not in table]
    allowed = f"the columns {', '.join(NEEDED)}"
    raise_all(DataError, (Problem(f"pairs, {name}", "no such column", allowed, "add it") for name in missing))
    return table


def _faults(table: pd.DataFrame) -> Iterator[Problem]:
    for name in IDS:
        named = table[name].map(lambda value: isinstance(value, (str, int, np.integer)) and str(value).strip() != "")
        yield from _wrong(table, name, ~named.astype(bool), "a name or a whole number", "name it")
    benefit = _numbers(table["benefit"])
    allowed = f"pupil-months from -{MOST_BENEFIT:,} to {MOST_BENEFIT:,}"
    yield from _wrong(table, "benefit", ~(benefit.abs() < MOST_BENEFIT), allowed, "correct it, or leave the pair out")
    twice = table[list(IDS)].map(str).duplicated()
    yield from _wrong(table, "post_id", twice, "each pair of leader and post once", "leave one of them out")
    if "urn" in table:
        whole = _whole(table["urn"])
        yield from _wrong(table, "urn", ~whole, "a whole number", "correct it")
        if whole.all():
            several = table.groupby("post_id")["urn"].transform("nunique") > 1
            yield from _wrong(table, "urn", several, "one school for each post", "correct it")


def _capacity_faults(table: pd.DataFrame, capacity: Mapping[str, int]) -> Iterator[Problem]:
    known = set(table["leader_id"].map(str))
    for name, count in capacity.items():
        where = f"capacity, {name}"
        if name not in known:
            yield Problem(where, "no such leader in the pairs", "a leader_id of the pairs", "correct the name")
        elif not _is_whole(count) or not 0 <= count < 2**31:
            yield Problem(where, f"found {count!r}", "a whole number, at least 0", "correct it")


def _limit_faults(table: pd.DataFrame, limits: Sequence[Limit]) -> Iterator[Problem]:
    names = [limit.name for limit in limits]
    for number, limit in enumerate(limits):
        where = f"limit {limit.name!r}"
        if limit.name in names[:number]:
            yield Problem(where, "the name of another limit too", "a name of its own for each", "rename one")
        ends = [end for end in (limit.at_most, limit.at_least) if end is not None]
        if not ends:
            yield Problem(where, "no number", "at_most, at_least, or both", "add the number")
        for end in ends:
            if not _is_whole(end):
                yield Problem(where, f"found {end!r}", "a whole number", "use a smaller unit, as pence for pounds")
        for name in (limit.column, limit.among):
            if name is not None and name not in table:
                yield Problem(where, f"no column {name!r} in the pairs", "a column of the pairs", "correct the name")
        if limit.column in table:
            weights = table[limit.column]
            yield from _wrong(table, str(limit.column), ~_whole(weights), "whole numbers", "use a smaller unit")
        if limit.among in table:
            unclear = ~table[limit.among].map(lambda value: isinstance(value, (bool, np.bool_))).astype(bool)
            yield from _wrong(table, str(limit.among), unclear, "true or false", "say which it is")


def _wrong(table: pd.DataFrame, name: str, wrong: pd.Series, allowed: str, do: str) -> Iterator[Problem]:
    """Yield one problem for a column with wrong cells: the first of them, and how many there are."""
    rows = np.flatnonzero(wrong.to_numpy(dtype=bool))
    if len(rows):
        more = f", and {len(rows) - 1:,} more like it" if len(rows) > 1 else ""
        found = table[name].iloc[int(rows[0])]
        found = found.item() if isinstance(found, np.generic) else found
        yield Problem(f"pairs, row {rows[0] + 1}, {name}", f"found {found!r}{more}", allowed, do)


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _whole(values: pd.Series) -> pd.Series:
    """Return which values are whole numbers that solvers can count with."""
    numbers = _numbers(values)
    whole: pd.Series = (numbers % 1 == 0) & (numbers.abs() < 2**WEIGHT_BITS)
    return whole


def _numbers(values: pd.Series) -> pd.Series:
    """Return a column as numbers, missing where a value is none: texts are not read as numbers here."""
    number = values.map(lambda value: isinstance(value, (int, float, np.number)) and not isinstance(value, bool))
    return pd.to_numeric(values.where(number.astype(bool)), errors="coerce").astype(np.float64)


def _rows(table: pd.DataFrame, limit: Limit) -> Iterator[Row]:
    """Yield the constraint of each number of a limit."""
    counted = np.ones(len(table), dtype=bool) if limit.among is None else table[limit.among].to_numpy(dtype=bool)
    members = np.flatnonzero(counted)
    weights: NDArray[np.int64] = np.ones(len(members), dtype=np.int64)
    if limit.column is not None:
        weights = table[limit.column].to_numpy(dtype=np.int64)[members]
    ends: tuple[tuple[str, Sense, int | None], ...] = (
        ("at most", "<=", limit.at_most),
        ("at least", ">=", limit.at_least),
    )
    for words, sense, number in ends:
        if number is not None:
            label = f"{limit.name}: {words} {number:,}"
            name = limit.name if limit.at_most is None or limit.at_least is None else f"{limit.name}, {words}"
            yield Row(name, "limit", label, sense, int(number), members, weights, key=limit.name)
