"""The lists as people read them, in workbook and page: words and whole numbers where the CSV files keep figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from pilotage.report.columns import Column
from pilotage.report.words import absent, band_words, level_cuts, level_words

RANGES = ("benefit_low", "benefit_high", "low", "high")  # of one school or placement: left out
WORTHS = ("benefit", "value_if_asked")  # of one school or placement: in words
OF_100_WIDTH = 19  # characters of "more than 99 in 100"; a number does not wrap
LEVEL = (
    "high, medium or low: the highest, middle or lowest third of the modelled benefits at the schools where the plan "
    "could do something. For a school without a placement, of its best eligible one. Blank = none eligible."
)
VALUE = (
    "high, medium or low, as of benefits: by how much the best plan would rise, at most, if a post came open there and "
    "the school agreed. Blank = not known; the list of whom to ask next says why."
)
BAND = (
    "Whether the model can tell the school apart from the top tenth of its phase by need: surely in it (at least 90% "
    "of the simulations), tie band (it can't), below (at most 10%). Blank = need is not known, or has no simulations."
)


@dataclass(frozen=True)
class Levels:
    """What benefits are high, medium and low: the cuts between them, and at how many schools they were made."""

    cuts: tuple[float, float] | None
    schools: int

    def words(self, benefit: float | None) -> str:
        """Return the level of a benefit in pupil-months; a dash where missing."""
        return level_words(benefit, self.cuts)


def levels_of(ranked: pd.DataFrame) -> Levels:
    """Return the levels by the benefits of the ranked schools at which the plan does or could do something.

    Where there is none, as without posts, by the values if asked that are above zero.
    """
    values = ranked["value_if_asked"] if "value_if_asked" in ranked else ranked["benefit"]
    worth = ranked["benefit"] if ranked["benefit"].notna().any() else values[values > 0]
    return Levels(level_cuts(worth), int(worth.notna().sum()))


def list_for_people(
    frame: pd.DataFrame, columns: tuple[Column, ...], levels: Levels
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return a list and its columns with benefits as levels, bands in words, and without the ranges of benefits."""
    words = frame.copy()
    for name in (name for name in WORTHS if name in frame):
        worth = [None if absent(value) else levels.words(value) for value in frame[name]]
        words[name] = pd.Series(worth, index=frame.index, dtype=object)
    if "band" in words:
        words = words.assign(band=words["band"].map(band_words))
    return words, columns_for_people(columns)


def columns_for_people(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns as people read them."""
    return tuple(_shown(column) for column in columns if column.name not in RANGES)


def _shown(column: Column) -> Column:
    """Return a column as people read it."""
    if column.name == "benefit":
        return replace(column, heading="Modelled benefit", form="text", width=10, meaning=LEVEL)
    if column.name == "value_if_asked":
        return replace(column, heading="Value if asked", form="text", width=10, meaning=VALUE)
    if column.name == "band":
        return replace(column, width=44, meaning=BAND)
    return replace(column, width=max(column.width, OF_100_WIDTH)) if column.form == "chance" else column


def whole(value: float, form: str) -> float:
    """Return a number as a cell holds it: a chance as whole hundredths of 100, months, km and years without decimals.

    A chance under 1 in 100 is 0, and one over 99 in 100 is 100, whose format says so in words.
    """
    if form == "chance":
        return 0 if value < 0.01 else 100 if value > 0.99 else round(value * 100)
    return round(value) if form in ("months", "km", "years") else value
