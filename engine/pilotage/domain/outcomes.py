"""Outcomes: what is forecast of a school. The one table of their names, columns, titles, horizons and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HORIZON_MONTHS = 24
Kind = Literal["leadership", "gap"]


@dataclass(frozen=True)
class Figure:
    """One column of an outcome, in the forecast's table and in the ranked list.

    Attributes
    ----------
    name
        Its name in every table.
    heading, meaning
        What planners read: above the column, and what it says.
    form
        ``chance``: in [0, 1]; ``months``: months of progress.
    width
        Of its column in a workbook, in characters.
    """

    name: str
    heading: str
    meaning: str
    form: Literal["chance", "months"] = "chance"
    width: int = 14


@dataclass(frozen=True)
class Outcome:
    """One outcome, a folder of ``models/``.

    Attributes
    ----------
    name
        Its name in scenarios, of its folder and in every file.
    kind
        How it is forecast: the folder of ``risk`` and the form of its spec.
    title
        What happens, as a heading.
    about
        What it is about, as the words after the weight of it in need.
    happens
        What happens, as the words after a school or its gap.
    happened
        What happened, as the words after schools.
    use
        What its forecast is for, in one sentence of a model card.
    chance
        Its chance: in the forecast's table, among its draws, and a part of need.
    interval
        The ends of the interval of what the model knows of the chance; empty where none is published.
    own_chance
        The name of the draws of each school's own chance, which no model can know; None where none are made.
    chance_within_horizon
        The chance that it happens within the horizon; None where none is published.
    levels
        What it is measured in, besides the chance: the level itself first.
    beside
        Further chances, calculated from the same forecast.
    need_figures
        The figures that may count in need, the usual one first.
    limits
        What limits the forecast of this outcome alone, in sentences of its model card.
    horizon_months
        How far ahead it is forecast, unless a scenario says otherwise.
    sorts
        Whether a scenario may sort the ranked list by its chance.
    """

    name: str
    kind: Kind
    title: str
    about: str
    happens: str
    happened: str
    use: str
    chance: Figure
    interval: tuple[Figure, ...] = ()
    own_chance: str | None = None
    chance_within_horizon: Figure | None = None
    levels: tuple[Figure, ...] = ()
    beside: tuple[Figure, ...] = ()
    need_figures: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    horizon_months: int = HORIZON_MONTHS
    sorts: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return all its figures in the order of the tables."""
        within = (self.chance_within_horizon,) if self.chance_within_horizon else ()
        return (*self.levels, self.chance, *self.interval, *within, *self.beside)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all its columns, in the order of the tables."""
        return tuple(figure.name for figure in self.figures)

    @property
    def risk(self) -> str:
        """Return the column of its chance."""
        return self.chance.name


FALL = Outcome(
    name="leadership_fall",
    kind="leadership",
    title="Leadership falls below good",
    about="leadership of schools that are good now",
    happens="falls if inspected",
    happened="fell below good",
    use=(
        "To sort schools whose leadership was good or better by how likely the next inspection is to find it "
        "below good, and how likely that is to happen within a horizon; as one ground among others for "
        "offering a leader or support."
    ),
    chance=Figure(
        "p_fall_if_inspected",
        "Chance leadership falls, if inspected",
        "Chance that an inspection in the next two years would grade leadership below good, for a school that is good "
        "or better now. Blank = already below good, or unknown.",
    ),
    interval=(
        Figure(
            "p_fall_if_inspected_low",
            "… low",
            "Low end of the 90% interval of the model's knowledge: how far the chance of schools like this moves when "
            "the model learns from other past schools. Schools that look alike differ by more than this.",
            width=9,
        ),
        Figure(
            "p_fall_if_inspected_high",
            "… high",
            "High end of the 90% interval of the model's knowledge; it is not of the school's own chance.",
            width=9,
        ),
    ),
    own_chance="p_fall_if_inspected_own",
    chance_within_horizon=Figure(
        "p_fall_within_horizon",
        "Chance of being inspected and falling",
        "Chance of being inspected in the next two years and graded below good. Lower than the chance if inspected, "
        "because Ofsted does not visit every school.",
    ),
    need_figures=("p_below_good", "p_fall_within_horizon"),
    limits=(
        "The best known public claim, 65% of weak schools in the riskiest tenth and 85% in the riskiest fifth "
        "(Behavioural Insights Team, 2017), is of the overall grade and gives no base rate, split in time or interval. "
        "Where a fifth of schools fall, the top tenth can hold at most half of them: figures without a base rate "
        "cannot be compared.",
    ),
    sorts=True,
)
"""The outcome that a placement may avert: the evidence's ``fall_value_months`` says what that is worth."""

STUCK = Outcome(
    name="leadership_stuck",
    kind="leadership",
    title="Leadership stays below good",
    about="leadership of schools below good now",
    happens="stays below good",
    happened="stayed below good",
    use=(
        "To sort schools whose leadership was below good by how likely the next inspection is to find it "
        "still below good."
    ),
    chance=Figure(
        "p_stuck",
        "Chance leadership stays below good",
        "For a school already below good: chance that its next inspection says so again. Blank = good or better now.",
    ),
    own_chance="p_stuck_own",
    beside=(
        Figure(
            "p_below_good",
            "Chance leadership is below good",
            "For a school that is good or better: the chance that it falls, if inspected. For a school below good: "
            "half for being so now, and half the chance that its next inspection says so again.",
        ),
    ),
    need_figures=("p_below_good", "p_stuck"),
)

WIDENING = Outcome(
    name="gap_widening",
    kind="gap",
    title="The disadvantage gap widens",
    about="the gap of disadvantaged pupils",
    happens="widens",
    happened="had a gap that widened by over a month",
    use=(
        "To sort schools by how likely their disadvantaged pupils are to fall further behind other pupils "
        "nationally, after errors of measurement by cohort size are taken out."
    ),
    chance=Figure(
        "p_widens",
        "Chance the gap widens",
        "Chance that the gap widens by more than one month in the next two years.",
        width=12,
    ),
    levels=(
        Figure(
            "gap_months",
            "Disadvantage gap, months",
            "How far the school's disadvantaged pupils are behind other pupils nationally, in months of progress; "
            "positive = behind. Shrunk towards the average where cohorts are small.",
            "months",
            13,
        ),
        Figure(
            "gap_months_at_horizon",
            "Expected gap, months",
            "How far behind they are expected to be in two years, in months; positive = behind.",
            "months",
            13,
        ),
        Figure(
            "gap_change_months",
            "Expected change of gap, months",
            "Forecast change of that gap in the next two years; positive = widens.",
            "months",
            13,
        ),
    ),
    beside=(
        Figure(
            "p_gap_wide",
            "Chance the gap is wide",
            "Chance that the underlying gap in two years is wider than the gaps of four fifths of the "
            "phase's schools are now. Unlike the chance that it widens, it is high where pupils are far behind.",
            width=12,
        ),
    ),
    need_figures=("p_gap_wide", "p_widens"),
    limits=(
        "Schools whose results are suppressed or that closed are not tested.",
        "A change over few years is mostly noise and return to the mean; what is forecast is the underlying gap.",
    ),
)

OUTCOMES = {outcome.name: outcome for outcome in (FALL, STUCK, WIDENING)}
"""Every outcome by its name, in the order of the tables' columns."""

FIGURES = tuple(figure for outcome in OUTCOMES.values() for figure in outcome.figures)
"""Every figure of every outcome, in the order of the tables' columns."""

GAP_SD = "gap_sd_months_at_horizon"
"""The spread of a school's underlying gap at the horizon, in months: no figure of the lists, beside the forecast."""


def outcomes_of(kind: Kind) -> tuple[Outcome, ...]:
    """Return the outcomes of a kind, in the order of the table."""
    return tuple(outcome for outcome in OUTCOMES.values() if outcome.kind == kind)


def title_of(name: str) -> str:
    """Return the title of an outcome; its name where the table does not have it."""
    return OUTCOMES[name].title if name in OUTCOMES else name
