"""The synthetic England, 2010 to 2016, with a known truth: written by ``pilotage sample``, shipped in data/sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage.domain.units import SD_PER_MONTH
from pilotage.errors import Problem, UsageError
from pilotage.sources.pool.invented import invent
from pilotage.sources.sample.history import (
    HISTORY,
    YEARS,
    draw_inspections,
    draw_school_years,
    draw_weakness,
    true_fall_probability,
)
from pilotage.sources.sample.map import draw_map
from pilotage.sources.sample.pool import completed, later
from pilotage.sources.sample.results import draw_results
from pilotage.sources.schools.areas import fill_area

AS_OF = date(2016, 8, 31)
AREA_LIST = "opportunity_areas_2016"
POSTS_PER_LEADER = 14.0
TRUE_EFFECT_MONTHS = {"middle": 0.4, "senior": 0.75, "head": 1.5, "executive": 1.1}
SCHOOL_COLUMNS = [
    "urn",
    "name",
    "phase",
    "school_type",
    "authority",
    "region",
    "district",
    "trust",
    "easting",
    "northing",
    "opened_on",
    "pupils",
    "sponsor_led",
]


def build(schools: int = 2500, leaders: int = 120, seed: int = 2016) -> dict[str, pd.DataFrame]:
    """Return the tables of a synthetic England by file stem; the ``truth_`` tables hold what no forecast may see."""
    generator = np.random.default_rng([seed, schools])
    places = fill_area(draw_map(schools, generator).assign(postcode=None), AREA_LIST)
    weakness = draw_weakness(places, generator)
    inspections = draw_inspections(places, weakness, generator)
    years = draw_school_years(places, weakness, generator)
    results, gap = draw_results(places, weakness, years, generator)
    pool, posts = invent(places, leaders, POSTS_PER_LEADER, seed, AS_OF)
    true_pool, pool = _true_leaders(pool, generator)
    pool, posts = completed(pool, posts, places, seed)
    all_leaders, all_posts = later(pool, posts, places, seed)
    return {
        "schools": places[SCHOOL_COLUMNS],
        "inspections": inspections,
        "school_years": _as_published(years),
        "results": results,
        "leaders": pool,
        "posts": posts,
        "leaders_years": all_leaders,
        "posts_years": all_posts,
        "truth_schools": _true_schools(places, weakness, gap),
        "truth_leaders": true_pool,
    }


def write(out: Path, schools: int = 2500, leaders: int = 120, seed: int = 2016) -> None:
    """Write the tables as CSV files into a new folder ``out``; the same arguments give the same bytes.

    Raises
    ------
    UsageError
        When ``out`` exists and holds something.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "exists and is not empty"
        raise UsageError(Problem(str(out), what, "a new or empty folder", "name another with --out"))
    out.mkdir(parents=True, exist_ok=True)
    for name, table in build(schools, leaders, seed).items():
        text = table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
        (out / f"{name}.csv").write_bytes(text.encode("utf-8"))


def _as_published(years: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly table rounded as it is published: small numbers of eligible pupils suppressed."""
    shares = ["fsm", "fsm6", "eal", "sen", "absence", "persistent_absence", "pupil_teacher_ratio"]
    small = years["pupils"] * years["fsm"] / 100 <= 5
    rounded = years.assign(**{name: years[name].map("{:.1f}".format) for name in shares})
    rounded["mean_salary"] = years["mean_salary"].round(-2).astype(int)
    return rounded.assign(fsm=rounded["fsm"].where(~small, "SUPP"), fsm6=rounded["fsm6"].where(~small, "SUPP"))


def _true_schools(places: pd.DataFrame, weakness: np.ndarray, gap: np.ndarray) -> pd.DataFrame:
    """Return the truth of each school: probability of a fall if inspected in each year, gap in months in each year."""
    truth = pd.DataFrame({"urn": places["urn"]})
    for column, year in enumerate(YEARS):
        truth[f"p_below_good_{year}"] = true_fall_probability(weakness[:, HISTORY.index(year)]).round(3)
        truth[f"gap_months_{year}"] = (gap[:, column] / SD_PER_MONTH).round(1)
    return truth


def _true_leaders(pool: pd.DataFrame, generator: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the true effect of each leader, and the pool with the evidence (noisy) that planners have of some."""
    mean = pool["level"].map(TRUE_EFFECT_MONTHS).to_numpy()
    effect = mean * (1 + generator.normal(0, 1, len(pool)))
    seen = effect * SD_PER_MONTH + generator.normal(0, 1, len(pool)) * pool["effect_sd"].fillna(0).to_numpy()
    truth = pd.DataFrame({"leader_id": pool["leader_id"], "effect_months": effect.round(2)})
    return truth, pool.assign(effect_mean=pd.Series(seen.round(2)).where(pool["effect_sd"].notna()))
