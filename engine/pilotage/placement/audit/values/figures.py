"""What the audit knows of schools before it looks at pairs: pupils, chances of a fall, quality, and answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from pilotage.domain.answers import Asked
from pilotage.domain.outcomes import FALL
from pilotage.placement.audit.answers import certain
from pilotage.placement.audit.case import AuditCase, Bools, Capacities
from pilotage.placement.audit.values.counterfactual import Quality, Slopes, phase_signals, slopes_of

NOBODY_FINISHES = ("nursery", "sixteen_plus")


@dataclass(frozen=True)
class Figures:
    """What is known of schools, by URN, and how many posts leaders take, as values are calculated from them."""

    case: AuditCase
    capacities: Capacities

    @cached_property
    def share(self) -> dict[int, float]:
        """Return the share of disadvantaged pupils as last known, where it is: of the last six years, else now."""
        return last_known(self.case, "fsm_share") | last_known(self.case, "fsm6_share")

    @cached_property
    def finishers(self) -> dict[int, float]:
        """Return disadvantaged pupils finishing each year, NaN where unknown."""
        value, phase = self.case.evidence.value, self.case.schools["phase"]
        groups = {"primary": value("year_groups_primary"), "secondary": value("year_groups_secondary")}
        counted, share = last_known(self.case, "pupils"), self.share
        finishing = {}
        schools = (phase.index.tolist(), phase.tolist(), self.case.schools["pupils"].tolist())
        for urn, kind, listed in zip(*schools, strict=True):
            pupils = counted.get(urn, listed) * share.get(urn, math.nan)
            years = groups.get(kind, value("year_groups_other"))
            finishing[urn] = 0.0 if kind in NOBODY_FINISHES else pupils / years
        return finishing

    @cached_property
    def certain(self) -> tuple[Asked, ...]:
        """Return the asks to which all have said yes."""
        return certain(self.case.posts.answers)

    @cached_property
    def typical(self) -> dict[str, float]:
        """Return the mean finishers of the schools of each phase."""
        finishing = pd.Series(self.finishers)
        means = finishing.groupby(self.case.schools["phase"].reindex(finishing.index)).mean()
        return dict(zip(means.index.tolist(), means.tolist(), strict=True))

    @cached_property
    def phase(self) -> dict[int, str]:
        """Return the phase of each school."""
        phase = self.case.schools["phase"]
        return dict(zip(phase.index.tolist(), phase.tolist(), strict=True))

    @cached_property
    def fall(self) -> dict[int, tuple[float, float]]:
        """Return the chance of a fall if inspected, and the standard deviation of draws of the own chance."""
        table, draws = self.case.forecast.table, self.case.forecast.own_chances(FALL)
        spread = np.zeros(len(table)) if draws is None else np.std(draws, axis=1, dtype=np.float64)
        chance = table[FALL.risk].astype(float)
        return dict(zip(table["urn"].tolist(), zip(chance.tolist(), spread.tolist(), strict=True), strict=True))

    @cached_property
    def quality(self) -> Callable[[int], Quality]:
        """Return what tells the quality expected of a school's leadership; signals are made once, of each phase."""
        signals = phase_signals(self.case.forecast, self.phase, self.share, self.case.evidence.value)

        def expected(urn: int) -> Quality:
            mine = signals.get(self.phase[urn])
            return Quality() if mine is None else mine.quality(urn)

        return cache(expected)

    def slopes(self, urn: int) -> Slopes:
        """Return the months per standard deviation of heads' quality at a school."""
        return slopes_of(self.phase[urn], self.case.evidence.value)

    @cached_property
    def valued(self) -> Bools:
        """Return which posts are in schools in scope whose finishers are known, shape (posts,)."""
        known = {urn for urn, finishing in self.finishers.items() if not math.isnan(finishing)}
        mine = known & set(self.case.urns.tolist())
        return self.case.posts.posts["urn"].isin(mine).to_numpy(dtype=bool)


def last_known(case: AuditCase, column: str) -> dict[int, float]:
    """Return the last value of a yearly column known by the date, by URN, where there is one."""
    years = case.panel.school_years
    known = years[(years["known_on"] <= pd.Timestamp(case.panel.as_of)) & years[column].notna()]
    latest = known.sort_values("year", kind="stable").drop_duplicates("urn", keep="last")
    return dict(zip(latest["urn"].tolist(), latest[column].astype(float).tolist(), strict=True))
