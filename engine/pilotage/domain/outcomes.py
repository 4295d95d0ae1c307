"""Outcomes: what is forecast of a school. The one table of their names, columns, titles, horizons and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HORIZON_MONTHS = 24


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
    use
        What its forecast is for, in one sentence of a model card.
    risk
        Column of its chance, in [0, 1]: in the forecast's table, among its draws, and a part of need.
    interval
        Columns of the ends of the chance's interval; empty where none is published.
    within_horizon
        Column of the chance that it happens within the horizon; None where none is published.
    levels
        Columns of what it is measured in, besides the chance.
    horizon_months
        How far ahead it is forecast, unless a scenario says otherwise.
    """

    name: str
    kind: Literal["leadership", "gap"]
    title: str
    use: str
    risk: str
    interval: tuple[str, ...] = ()
    within_horizon: str | None = None
    levels: tuple[str, ...] = ()
    horizon_months: int = HORIZON_MONTHS

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all its columns of a forecast's table, in their order."""
        within = (self.within_horizon,) if self.within_horizon else ()
        return (*self.levels, self.risk, *self.interval, *within)


OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome(
            name="leadership_fall",
            kind="leadership",
            title="Leadership falls below good",
            use=(
                "To sort schools whose leadership was good or better by how likely the next inspection is to find it "
                "below good, and how likely that is to happen within a horizon; as one ground among others for "
                "offering a leader or support."
            ),
            risk="p_fall_if_inspected",
            interval=("p_fall_if_inspected_low", "p_fall_if_inspected_high"),
            within_horizon="p_fall_within_horizon",
        ),
        Outcome(
            name="leadership_stuck",
            kind="leadership",
            title="Leadership stays below good",
            use=(
                "To sort schools whose leadership was below good by how likely the next inspection is to find it "
                "still below good."
            ),
            risk="p_stuck",
        ),
        Outcome(
            name="gap_widening",
            kind="gap",
            title="The disadvantage gap widens",
            use=(
                "To sort schools by how likely their disadvantaged pupils are to fall further behind other pupils "
                "nationally, after errors of measurement by cohort size are taken out."
            ),
            risk="p_widens",
            levels=("gap_months", "gap_change_months"),
        ),
    )
}
