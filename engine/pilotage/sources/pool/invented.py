"""Leaders and posts invented over a map of schools, from a seed; every output made from them says synthetic."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from pilotage.domain.tables import ENGLAND_EAST, ENGLAND_NORTH

LEVELS = ("middle", "senior", "head", "executive")
LEVEL_SHARES = (0.3, 0.3, 0.3, 0.1)
COST_GBP = {"middle": 6000, "senior": 8000, "head": 12000, "executive": 15000}
SUBJECTS = ("English", "mathematics", "science", "humanities", "languages")
TRAVEL_MEDIAN_KM = 32.0
AREA_WEIGHT = 4.0  # how much likelier a leader lives, and a post opens, in an area of the list than elsewhere


def term_starts(as_of: date) -> tuple[pd.Timestamp, ...]:
    """Return the next three terms' first days after ``as_of``, beginning with a September."""
    september = pd.Timestamp(as_of.year + (as_of > date(as_of.year, 9, 1)), 9, 1)
    return september, pd.Timestamp(september.year + 1, 1, 4), pd.Timestamp(september.year + 1, 4, 20)


def invent(
    schools: pd.DataFrame, size: int, posts_per_leader: float, seed: int, as_of: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``size`` leaders and ``size * posts_per_leader`` posts (at most one a school), in the files' columns."""
    generator = np.random.default_rng([seed, size])
    placed = schools[schools["easting"].notna()].sort_values("urn", ignore_index=True)
    return _leaders(placed, size, generator, as_of), _posts(placed, round(size * posts_per_leader), generator, as_of)


def _leaders(schools: pd.DataFrame, size: int, generator: np.random.Generator, as_of: date) -> pd.DataFrame:
    homes = schools[schools["phase"].isin(["primary", "secondary"])].reset_index(drop=True)
    homes = homes if len(homes) else schools
    home = homes.iloc[generator.choice(len(homes), size, p=_weights(homes))].reset_index(drop=True)
    level = generator.choice(LEVELS, size, p=LEVEL_SHARES)
    starts = np.array(term_starts(as_of), dtype="datetime64[ns]")
    offset = generator.normal(0, 4000, (size, 2))
    known = generator.random(size) < 0.3
    return pd.DataFrame(
        {
            "leader_id": [f"SYN-L{number:04d}" for number in range(1, size + 1)],
            "level": level,
            "phases": _phases(generator, size),
            "subjects": np.where(level == "middle", generator.choice(SUBJECTS, size), ""),
            "easting": (home["easting"] + offset[:, 0]).round(-2).clip(*ENGLAND_EAST).astype(int),
            "northing": (home["northing"] + offset[:, 1]).round(-2).clip(*ENGLAND_NORTH).astype(int),
            "max_travel_km": np.round(TRAVEL_MEDIAN_KM * np.exp(generator.normal(0, 0.4, size))).astype(int),
            "willing_regions": home["region"].where(generator.random(size) < 0.6),
            "relocates": generator.random(size) < 0.15,
            "available_from": starts[(generator.random(size) >= 0.75).astype(int)],
            "current_urn": home["urn"].where(generator.random(size) < 0.5).astype("Int64"),
            "effect_mean": pd.Series(np.round(generator.normal(0.08, 0.1, size), 2)).where(known),
            "effect_sd": pd.Series(np.full(size, 0.1)).where(known),
            "cost_gbp": [COST_GBP[name] for name in level],
        }
    )


def _weights(schools: pd.DataFrame) -> np.ndarray:
    weight = np.where(schools["area"].notna(), AREA_WEIGHT, 1.0)
    shares: np.ndarray = weight / weight.sum()
    return shares


def _phases(generator: np.random.Generator, size: int) -> np.ndarray:
    choices = [
        "primary",
        "secondary;all_through",
        "primary;secondary;all_through",
        "primary;special",
        "secondary;special",
    ]
    return generator.choice(choices, size, p=[0.48, 0.36, 0.06, 0.06, 0.04])


def _posts(schools: pd.DataFrame, size: int, generator: np.random.Generator, as_of: date) -> pd.DataFrame:
    chosen = np.sort(generator.choice(len(schools), min(size, len(schools)), replace=False, p=_weights(schools)))
    level = generator.choice(LEVELS, len(chosen), p=LEVEL_SHARES)
    opens = np.array(term_starts(as_of), dtype="datetime64[ns]")
    return pd.DataFrame(
        {
            "post_id": [f"SYN-P{number:05d}" for number in range(1, len(chosen) + 1)],
            "urn": schools["urn"].to_numpy()[chosen],
            "level": level,
            "subject": np.where(level == "middle", generator.choice(SUBJECTS, len(chosen)), ""),
            "opens_on": opens[generator.choice(3, len(chosen), p=[0.6, 0.25, 0.15])],
            "consent": generator.choice(["yes", "unknown", "no"], len(chosen), p=[0.6, 0.3, 0.1]),
            "created": generator.random(len(chosen)) < 0.05,
        }
    )
