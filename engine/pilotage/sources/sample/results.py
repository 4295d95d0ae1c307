"""The true gap path of the synthetic England, and the results published of it.

Paths are in months behind non-disadvantaged pupils elsewhere in England, linear between 2010 and 2015 and on to 2016.
Those of the opportunity areas are the founding report's (2016): persistently disadvantaged pupils 20.1 months behind
non-disadvantaged pupils across England in 2015, 8.3 more than in 2010; pupils not disadvantaged almost 5, 3.6 more.
The other paths are invented. Key stage 2 follows the same paths at half the size.

A school's own part of its gap is what its heads do (``heads.months_in_results``) and other school matters, a straight
line over the years, part of whose slope comes from what inspectors see beside the head. The other matters fill the
spread of levels and slopes up to ``LEVEL_SD`` and ``SLOPE_SD``, which are the same in every world as far as heads leave
room for other matters (``LEAST_OTHER``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.units import SD_PER_MONTH
from pilotage.sources.sample.heads import months_in_results
from pilotage.sources.sample.history import HISTORY, YEARS, Past
from pilotage.sources.sample.world import World

Floats = NDArray[np.float64]

PUPIL_SD = 0.95
KS2_SIZE = 0.5
LEVEL_SD = 0.12  # of schools' own level in 2013, in pupil SD
SLOPE_SD = 0.028  # of schools' own trend, in pupil SD a year
SEEN_SHARE = 0.5  # of the variance of other matters' slopes: from what inspectors see beside the head
LEAST_OTHER = 0.5  # other matters have at least this share of each of the two, where heads alone nearly fill it
PERSISTENT_SHARE = 0.45  # of disadvantaged pupils
MIDDLE = np.array(YEARS) - 2013.0  # years from the middle of the sample
GROUPS = ("other", "disadvantaged", "persistently_disadvantaged")
SUPPRESSED_UP_TO = 5
#: (in the areas, group) -> months behind in 2010 and in 2015; ``occasional`` = disadvantaged, but not persistently
PATHS = {
    (True, "other"): (1.3, 4.9),
    (True, "occasional"): (8.0, 13.5),
    (True, "persistently_disadvantaged"): (11.8, 20.1),
    (False, "other"): (0.0, 0.0),
    (False, "occasional"): (6.5, 7.0),
    (False, "persistently_disadvantaged"): (11.0, 12.0),
}


def path_months(inside: bool, group: str) -> Floats:
    """Return the true path of a group, shape (len(YEARS),), in months behind."""
    first, last = PATHS[inside, group]
    path: Floats = first + (last - first) * (np.array(YEARS) - 2010) / 5
    return path


def draw_results(
    schools: pd.DataFrame, past: Past, world: World, years: pd.DataFrame, generator: np.random.Generator
) -> tuple[pd.DataFrame, Floats]:
    """Return the published results (one row per school and year) and the true gap of disadvantaged pupils.

    The true gap has shape (schools, len(YEARS)), in pupil SD behind non-disadvantaged pupils elsewhere.
    """
    counts = _counts(schools, years, generator)
    own = _own_paths(schools, past, world, counts["all"].mean(axis=1), generator)
    truth = _truth(schools, own, counts)
    noisy = {g: -truth[g] + generator.normal(0, PUPIL_SD, own.shape) / np.sqrt(np.maximum(counts[g], 1)) for g in truth}
    means = {
        "other": noisy["other"],
        "persistently_disadvantaged": noisy["persistently_disadvantaged"],
        "disadvantaged": _mean(noisy, counts, "occasional", "persistently_disadvantaged"),
    }
    whole = counts["other"] + counts["disadvantaged"]
    means["all"] = (means["other"] * counts["other"] + means["disadvantaged"] * counts["disadvantaged"]) / whole
    hidden = generator.random(own.shape) < 0.02
    gap = truth["occasional"] * (1 - PERSISTENT_SHARE) + truth["persistently_disadvantaged"] * PERSISTENT_SHARE
    return _published(schools, means, counts, hidden), gap


def _counts(schools: pd.DataFrame, years: pd.DataFrame, generator: np.random.Generator) -> dict[str, Floats]:
    """Return the pupils who finish, by group, each of shape (schools, len(YEARS))."""
    cohorts = schools["phase"].map({"primary": 7.0, "secondary": 5.0}).to_numpy()
    wobble = np.exp(generator.normal(0, 0.05, (len(schools), len(YEARS))))
    size = (schools["pupils"].to_numpy() / cohorts)[:, None] * wobble
    share = years.groupby("urn")["fsm6"].mean().reindex(schools["urn"]).fillna(25).to_numpy()[:, None] / 100
    disadvantaged = generator.binomial(np.round(size).astype(int), np.broadcast_to(share, size.shape))
    persistent = generator.binomial(disadvantaged, PERSISTENT_SHARE)
    whole = np.maximum(np.round(size), disadvantaged + 1)
    counts = {"all": whole, "other": whole - disadvantaged, "disadvantaged": disadvantaged}
    every = counts | {"persistently_disadvantaged": persistent, "occasional": disadvantaged - persistent}
    return {name: np.asarray(values, dtype=float) for name, values in every.items()}


def _own_paths(schools: pd.DataFrame, past: Past, world: World, size: Floats, generator: np.random.Generator) -> Floats:
    """Return each school's own part of its gap, shape (schools, len(YEARS)), mean zero inside and outside the areas."""
    of_heads = _of_heads(schools, past, world)
    seen = past.matters[:, [HISTORY.index(year) for year in YEARS]].mean(axis=1)
    level, own_slope = generator.normal(0, 1, (2, len(schools)))
    slope = own_slope if world.intake_only else _mixed(seen / seen.std(), own_slope)
    own = of_heads.copy()
    for phase in np.unique(schools["phase"]):
        rows = (schools["phase"] == phase).to_numpy()
        spread_level, spread_slope = _room_beside(of_heads[rows])
        own[rows] += spread_level * level[rows, None] + spread_slope * slope[rows, None] * MIDDLE
    groups = schools["area"].notna().astype(str) + schools["phase"]
    return np.column_stack([_centred(own[:, column], groups, size) for column in range(len(YEARS))])


def _of_heads(schools: pd.DataFrame, past: Past, world: World) -> Floats:
    """Return the part of each year's gap that heads make, in pupil SD behind, shape (schools, len(YEARS))."""
    if world.intake_only:
        return np.zeros((len(schools), len(YEARS)))
    months = months_in_results(past.heads, schools["phase"], world)
    return -SD_PER_MONTH * months[:, [HISTORY.index(year) for year in YEARS]]


def _mixed(seen: Floats, own: Floats) -> Floats:
    mixed: Floats = np.sqrt(SEEN_SHARE) * seen + np.sqrt(1 - SEEN_SHARE) * own
    return mixed


def _room_beside(of_heads: Floats) -> tuple[float, float]:
    """Return the standard deviations of level and slope of other matters that make up what heads leave."""
    slopes = of_heads @ MIDDLE / (MIDDLE @ MIDDLE)
    taken = ((LEVEL_SD, of_heads.mean(axis=1)), (SLOPE_SD, slopes))
    level, slope = (np.sqrt(max((LEAST_OTHER * sd) ** 2, sd**2 - float(part.var()))) for sd, part in taken)
    return float(level), float(slope)


def _centred(values: Floats, groups: pd.Series, size: Floats) -> Floats:
    table = pd.DataFrame({"group": groups, "weighted": values * size, "size": size})
    sums = table.groupby("group")[["weighted", "size"]].transform("sum")
    centred: Floats = values - (sums["weighted"] / sums["size"]).to_numpy()
    return centred


def _truth(schools: pd.DataFrame, own: Floats, counts: dict[str, Floats]) -> dict[str, Floats]:
    inside = schools["area"].notna().to_numpy()[:, None]
    scale = np.where(schools["phase"] == "secondary", 1.0, KS2_SIZE)[:, None] * SD_PER_MONTH
    truth = {g: own + scale * np.where(inside, path_months(True, g), path_months(False, g)) for _, g in PATHS}
    truth[GROUPS[2]] = truth[GROUPS[2]] + np.where(inside, _england_shift(schools, truth["other"], counts["other"]), 0)
    return truth


def _england_shift(schools: pd.DataFrame, truth: Floats, count: Floats) -> Floats:
    """Return how far all of England's other pupils are behind those elsewhere, shape as ``truth``."""
    shift = np.empty_like(truth)
    for phase in ("primary", "secondary"):
        rows = (schools["phase"] == phase).to_numpy()
        shift[rows] = (truth[rows] * count[rows]).sum(axis=0) / count[rows].sum(axis=0)
    return shift


def _mean(values: dict[str, Floats], counts: dict[str, Floats], first: str, second: str) -> Floats:
    total = np.maximum(counts[first] + counts[second], 1)
    mean: Floats = (values[first] * counts[first] + values[second] * counts[second]) / total
    return mean


def _published(
    schools: pd.DataFrame, means: dict[str, Floats], counts: dict[str, Floats], hidden: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the table as a department publishes it: small cells suppressed, some years not published."""
    urns = np.repeat(schools["urn"].to_numpy(), len(YEARS))
    frame = pd.DataFrame({"urn": urns, "year": np.tile(YEARS, len(schools))})
    for group in ("all", *GROUPS):
        small, away = (counts[group] <= SUPPRESSED_UP_TO).ravel(), hidden.ravel()
        code = np.select([away, small], ["NP", "SUPP"], "")
        number = pd.Series(counts[group].ravel().astype(int).astype(str))
        value = pd.Series([f"{v:.2f}" for v in means[group].ravel()])
        frame[f"pupils_{group}"] = np.where(code == "", number, code)
        frame[f"progress_{group}"] = np.where(code == "", value, code)
    return frame
