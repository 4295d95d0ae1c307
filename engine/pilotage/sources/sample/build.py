"""The synthetic England, 2010 to 2016, with a known truth: written by ``pilotage sample``, shipped in data/sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage.case.writing.whole import whole_folder
from pilotage.domain.units import SD_PER_MONTH
from pilotage.errors import Problem, UsageError
from pilotage.sources.pool.invented import invent
from pilotage.sources.sample.history import (
    HISTORY,
    YEARS,
    Past,
    draw_inspections,
    draw_past,
    draw_school_years,
    true_fall_probability,
)
from pilotage.sources.sample.leaders import draw_leaders
from pilotage.sources.sample.map import draw_map
from pilotage.sources.sample.pool import completed, heads, later
from pilotage.sources.sample.results import draw_results
from pilotage.sources.sample.world import SHIPPED, World
from pilotage.sources.schools.areas import fill_area

AS_OF = date(2016, 8, 31)
AREA_LIST = "opportunity_areas_2016"
POSTS_PER_LEADER = 14.0
HEADS = 100  # of a programme that has no post for them yet
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


def build(schools: int = 2500, leaders: int = 120, seed: int = 2016, world: World = SHIPPED) -> dict[str, pd.DataFrame]:
    """Return the tables of a synthetic England by file stem; the ``truth_`` tables hold what no forecast may see.

    ``truth_schools`` has for each school the true chance that an inspection of each year finds it below good, its true
    gap in months in each year, ``z`` (quality of its head in the last year) and ``z_next`` (of the next appointment
    that it would make by itself). ``truth_leaders``: see ``leaders.draw_leaders``.
    """
    generator = np.random.default_rng([seed, schools])
    places = fill_area(draw_map(schools, generator).assign(postcode=None), AREA_LIST)
    past = draw_past(places, world, generator)
    inspections = draw_inspections(places, past, generator)
    years = draw_school_years(places, past.weakness, generator)
    results, gap = draw_results(places, past, world, years, generator)
    pool, posts = invent(places, leaders, POSTS_PER_LEADER, seed, AS_OF)
    true_pool, pool = draw_leaders(pool, world, generator)
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
        "leaders_heads": heads(places, HEADS, seed, pool),
        "posts_none": posts.head(0),
        "truth_schools": _true_schools(places, past, gap),
        "truth_leaders": true_pool,
    }


def write(out: Path, schools: int = 2500, leaders: int = 120, seed: int = 2016, world: World = SHIPPED) -> None:
    """Write the tables as CSV files into a new folder ``out``; the same arguments give the same bytes.

    Raises
    ------
    UsageError
        When ``out`` exists and holds something.
    """
    expect_empty(out)
    tables = build(schools, leaders, seed, world)
    if out.is_dir():  # it may be the current folder, which cannot be replaced
        _write_tables(tables, out)
    else:
        whole_folder(out, False, lambda folder: _write_tables(tables, folder))


def expect_empty(out: Path) -> None:
    """Refuse a folder that exists and holds something.

    Raises
    ------
    UsageError
        Saying so.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "exists and is not empty"
        raise UsageError(Problem(str(out), what, "a new or empty folder", "name another with --out"))


def _write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        text = table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8"))


def _as_published(years: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly table rounded as it is published: small numbers of eligible pupils suppressed."""
    shares = ["fsm", "fsm6", "eal", "sen", "absence", "persistent_absence", "pupil_teacher_ratio"]
    small = years["pupils"] * years["fsm"] / 100 <= 5
    rounded = years.assign(**{name: years[name].map("{:.1f}".format) for name in shares})
    rounded["mean_salary"] = years["mean_salary"].round(-2).astype(int)
    return rounded.assign(fsm=rounded["fsm"].where(~small, "SUPP"), fsm6=rounded["fsm6"].where(~small, "SUPP"))


def _true_schools(places: pd.DataFrame, past: Past, gap: np.ndarray) -> pd.DataFrame:
    """Return the truth of each school, as ``build`` says."""
    truth = pd.DataFrame({"urn": places["urn"]})
    for column, year in enumerate(YEARS):
        chance = true_fall_probability(past.weakness[:, HISTORY.index(year)], past.inspection_sd)
        truth[f"p_below_good_{year}"] = chance.round(3)
        truth[f"gap_months_{year}"] = (gap[:, column] / SD_PER_MONTH).round(1)
    return truth.assign(z=past.heads.quality[:, -1].round(2), z_next=past.heads.following.round(2))
