"""What happened in the synthetic England, 2010 to 2016: the true weakness of leadership, and the inspections of it.

Latent weakness of school i in year t, in standard deviations, is ``w = INTAKE d + m(t) - l z(t) + a(t)``: d is its
deprivation, z the head's quality, a(t) the drift of the opportunity areas, and m what inspectors see in a school beside
its head, ``m = sqrt(1 - l^2 / s^2) (LASTING u + PASSING v(t))`` with u lasting, v first-order autoregressive and
``s^2 = LASTING^2 + PASSING^2``. An inspection finds ``w + e``, e of standard deviation INSPECTION_SD, and grades it by
three cuts, so that the true probability of a fall is known (``true_fall_probability``).

The loading is ``l = validity sqrt(s^2 + INSPECTION_SD^2)``. What inspections find then has the correlation -validity
with z among schools of one intake, and grades are as common at every validity. Where grades come from intake alone,
``w = INTAKE d + a(t)``, and e carries the rest of the variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from pilotage.sources.sample.heads import Heads, draw_heads
from pilotage.sources.sample.world import World

Floats = NDArray[np.float64]

YEARS = tuple(range(2010, 2017))
HISTORY = tuple(range(2007, 2017))  # academic years inspected; 2010 = September 2009 to July 2010
AREA_DRIFT = 0.03  # a year from 2011, calibrated: 18% of the areas' good schools of 2010 fall by 2016
INTAKE = 0.6  # calibrated: falls by fifth of intake stand to each other as in the inspections of 2024/25
LASTING, PASSING = 0.9, 0.6
PERSISTENCE = 0.75
INSPECTION_SD = 0.65
CUTS = (-1.25, 1.03, 2.5)  # below the first: outstanding; above the last: inadequate
PUBLICATION_LAG_DAYS = 30


@dataclass(frozen=True)
class Past:
    """What was true of each school in the years of ``HISTORY``, in standard deviations.

    Attributes
    ----------
    heads
        Quality and changes of the heads.
    matters
        What inspectors see beside the head and the intake (high = bad), shape (schools, len(HISTORY)).
    weakness
        Latent weakness of leadership as inspections measure it, same shape.
    inspection_sd
        Standard deviation of what an inspection finds about the weakness.
    """

    heads: Heads
    matters: Floats
    weakness: Floats
    inspection_sd: float


def draw_past(schools: pd.DataFrame, world: World, generator: np.random.Generator) -> Past:
    """Return what was true of each school: its heads, and the weakness that inspections measure.

    Heads have a stream of random numbers of their own, so that worlds of one seed differ in nothing but their settings.
    """
    heads = draw_heads(schools["phase"], len(HISTORY), world, generator.spawn(1)[0])
    seen_sd, spread = np.hypot(LASTING, PASSING), _found_sd()
    loading = world.validity * spread
    matters = np.sqrt(1 - loading**2 / seen_sd**2) * _matters(len(schools), generator)
    drift = AREA_DRIFT * np.clip(np.array(HISTORY) - 2010, 0, None)
    weakness = INTAKE * schools["deprivation"].to_numpy()[:, None] + schools["area"].notna().to_numpy()[:, None] * drift
    if world.intake_only:
        return Past(heads, np.zeros_like(matters), weakness, spread)
    return Past(heads, matters, weakness + matters - loading * heads.quality, INSPECTION_SD)


def _found_sd() -> float:
    """Return the standard deviation of what inspections find in schools of one intake."""
    return float(np.sqrt(LASTING**2 + PASSING**2 + INSPECTION_SD**2))


def _matters(size: int, generator: np.random.Generator) -> Floats:
    """Return lasting and passing matters together, shape (size, len(HISTORY))."""
    lasting = generator.normal(0, 1, size)
    passing = np.empty((size, len(HISTORY)))
    passing[:, 0] = generator.normal(0, 1, size)
    for column in range(1, len(HISTORY)):
        shock = generator.normal(0, np.sqrt(1 - PERSISTENCE**2), size)
        passing[:, column] = PERSISTENCE * passing[:, column - 1] + shock
    matters: Floats = LASTING * lasting[:, None] + PASSING * passing
    return matters


def true_fall_probability(weakness: Floats, inspection_sd: float) -> Floats:
    """Return the true probability that an inspection finds leadership below good."""
    chance: Floats = ndtr(-(CUTS[1] - weakness) / inspection_sd)
    return chance


def draw_inspections(schools: pd.DataFrame, past: Past, generator: np.random.Generator) -> pd.DataFrame:
    """Return one row per inspection, sorted by urn and date."""
    size = len(schools)
    grade = np.zeros(size, dtype=int)  # 0 = not inspected yet
    since = np.zeros(size)
    opened = schools["opened_on"].dt.year.fillna(0).to_numpy()
    rows = []
    for column, year in enumerate(HISTORY):
        renewed = opened + 1 == year
        grade[renewed], since[renewed] = 3, -1
        due = generator.random(size) < _chance(grade, since, year)
        graded = _grades(past.weakness[:, column] + generator.normal(0, past.inspection_sd, size))
        other_grades = {name: _near(graded, generator) for name in ("overall", "teaching", "behaviour", "achievement")}
        day = generator.integers(0, 320, size)
        rows.append(_inspections(schools, due, year, day, graded, other_grades))
        grade = np.where(due, graded, grade)
        since = np.where(due, 1, since + 1)
    return pd.concat(rows).sort_values(["urn", "inspected_on"], ignore_index=True)


def _chance(grade: NDArray[np.int_], since: Floats, year: int) -> Floats:
    """Return the probability of being inspected this year, given the last grade and the years since."""
    first = np.full(len(grade), {2007: 0.3, 2008: 0.45}.get(year, 0.9))
    outstanding = np.full(len(grade), 0.12 if year < 2013 else 0.05)
    good = np.select([since < 2, since < 3, since < 4], [0.03, 0.15, 0.35], 0.6)
    weak = np.where(since < 1, 0.0, np.where(since < 2, 0.45, 0.7))
    return np.select([grade == 0, grade == 1, grade == 2], [first, outstanding, good], weak)


def _grades(score: Floats) -> NDArray[np.int_]:
    grade: NDArray[np.int_] = 1 + np.searchsorted(np.array(CUTS), score)
    return grade


def _near(grade: NDArray[np.int_], generator: np.random.Generator) -> NDArray[np.int_]:
    """Return another judgement of the same inspection: the same in nine cases of ten, else one grade away."""
    step = generator.choice([0, 1, -1], len(grade), p=[0.91, 0.06, 0.03])
    near: NDArray[np.int_] = np.clip(grade + step, 1, 4)
    return near


def _inspections(
    schools: pd.DataFrame,
    due: NDArray[np.bool_],
    year: int,
    day: NDArray[np.int_],
    leadership: NDArray[np.int_],
    other_grades: dict[str, NDArray[np.int_]],
) -> pd.DataFrame:
    on = pd.Timestamp(year - 1, 9, 8) + pd.to_timedelta(day, unit="D")
    before = (schools["opened_on"] > on).to_numpy()
    urn = schools["urn"].to_numpy()
    frame = pd.DataFrame({"urn": urn, "urn_at_time": urn + 50_000 * before, "inspected_on": on})
    frame["known_on"] = on + pd.Timedelta(days=PUBLICATION_LAG_DAYS)
    frame["leadership_grade"] = leadership
    grades = {f"{name}_grade": values for name, values in other_grades.items()}
    return frame.assign(**grades)[due]


def draw_school_years(schools: pd.DataFrame, weakness: Floats, generator: np.random.Generator) -> pd.DataFrame:
    """Return one row per school and year: intake, absence and workforce, shares in percent, some years missing."""
    deprivation = schools["deprivation"].to_numpy()
    secondary = (schools["phase"] == "secondary").to_numpy()
    habit = generator.normal(0, 0.5, len(schools))
    rows = []
    for year in YEARS:
        strain = weakness[:, HISTORY.index(year)] + generator.normal(0, 0.8, len(schools))
        wobble = generator.normal(0, 0.08, len(schools))
        disadvantaged = _percent(-1.25 + 0.95 * deprivation + 0.3 * habit + wobble)
        persistent = generator.normal(0, 0.5, len(schools))
        salary = np.where(secondary, 37800, 35400) + generator.normal(0, 1300, len(schools))
        absence = 4.3 + 1.0 * secondary + 0.35 * deprivation + 0.45 * strain + 0.3 * habit
        rows.append(
            pd.DataFrame(
                {
                    "urn": schools["urn"],
                    "year": year,
                    "pupils": np.round(schools["pupils"] * np.exp(generator.normal(0, 0.03, len(schools)))).astype(int),
                    "fsm": 0.66 * disadvantaged,
                    "fsm6": disadvantaged,
                    "eal": _percent(-2.2 + 0.5 * deprivation + 0.9 * habit),
                    "sen": _percent(-1.7 + 0.25 * deprivation + 0.1 * strain),
                    "absence": np.clip(absence, 1.5, 15),
                    "persistent_absence": np.clip(1.2 * (absence - 2.2) + persistent, 0, 40),
                    "pupil_teacher_ratio": np.where(secondary, 15.2, 20.8) + generator.normal(0, 1.4, len(schools)),
                    "mean_salary": salary - 350 * strain,
                }
            )[generator.random(len(schools)) > 0.015]
        )
    return pd.concat(rows).sort_values(["urn", "year"], ignore_index=True)


def _percent(logit: Floats) -> Floats:
    return 100 / (1 + np.exp(-logit))
