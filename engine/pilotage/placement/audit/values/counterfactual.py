"""The leadership that schools would have otherwise, counted anew, school by school: docs/method/counterfactual.md.

Quality is in standard deviations of heads, the median head at 0. A signal of it is a number for each school compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from statistics import NormalDist, fmean

import numpy as np

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import GAP_SD

EARLY_PHASES = ("primary", "nursery")  # phases valued as primary schools
FEWEST = 10  # schools of a phase that have a signal, or both
LEAST_VARIANCE = 0.1  # of a signal among schools of similar intake
MOST_CORRELATED = 0.9
ROUNDING = 1e-12  # a variance below it is of rounding only

STANDARD = NormalDist()
Signal = dict[int, float]
Value = Callable[[str], float]


@dataclass(frozen=True)
class School:
    """What signals are made of: chance below good, gap at the horizon and its spread in months; None where unknown."""

    urn: int
    share: float | None
    below_good: float | None
    gap: float | None
    gap_spread: float


@dataclass(frozen=True)
class Slopes:
    """Months of progress per standard deviation of heads' quality, below and above the median head."""

    below: float
    above: float

    def months(self, quality: float) -> float:
        """Return the months between the median head and one of this quality."""
        return quality * (self.below if quality < 0 else self.above)


@dataclass(frozen=True)
class Quality:
    """What is expected of the quality of a school's leadership, and the variance left; of a school of no signal."""

    mean: float = 0.0
    variance: float = 1.0


@dataclass(frozen=True)
class PhaseSignals:
    """The signals of a phase's schools against similar intake, their correlations with quality, and with each other."""

    signals: tuple[Signal, ...]
    validity: tuple[float, ...]
    correlation: float

    def quality(self, urn: int) -> Quality:
        """Return the best linear prediction from those signals that the school has."""
        mine = [number for number, signal in enumerate(self.signals) if urn in signal]
        known = np.array([self.signals[number][urn] for number in mine])
        with_quality = np.array([self.validity[number] for number in mine])
        together = np.array([[1.0 if a == b else self.correlation for b in mine] for a in mine])
        if not mine:
            return Quality()
        weights = np.linalg.solve(together, with_quality)
        return Quality(float(weights @ known), max(0.0, 1 - float(weights @ with_quality)))


def stage_of(phase: str) -> str:
    """Return the stage that a school of a phase is valued as."""
    return "primary" if phase in EARLY_PHASES else "secondary"


def slopes_of(phase: str, value: Value) -> Slopes:
    """Return the months per standard deviation at a phase; ``value``: a parameter of the evidence by its name."""
    below, above = (value(f"months_per_sd_{stage_of(phase)}_{side}") for side in ("below", "above"))
    return Slopes(below, above)


def phase_signals(
    forecast: RiskForecast, phase: Mapping[int, str], share: Mapping[int, float], value: Value
) -> dict[str, PhaseSignals]:
    """Return the signals of each phase's schools compared; ``phase`` and ``share`` (of the disadvantaged) by URN."""
    by_phase: dict[str, list[School]] = {}
    columns = ["urn", "p_below_good", "gap_months_at_horizon", GAP_SD]
    for urn, *figures in forecast.england[columns].itertuples(index=False, name=None):
        if urn in phase:
            below_good, gap, spread = (None if figure is None or math.isnan(figure) else figure for figure in figures)
            school = School(urn, share.get(urn), below_good, gap, 0.0 if spread is None else spread)
            by_phase.setdefault(phase[urn], []).append(school)
    return {name: _signals(schools, slopes_of(name, value), value) for name, schools in by_phase.items()}


def _signals(schools: list[School], slopes: Slopes, value: Value) -> PhaseSignals:
    signals, validity = list[Signal](), list[float]()
    if inspected := _from_inspection(schools):
        signals.append(_against_intake(inspected, schools))
        validity.append(value("inspection_validity"))
    sd = _gap_sd(schools)
    if sd > 0:
        signals.append(_against_intake(_from_results(schools, sd), schools))
        validity.append(min(1.0, (slopes.below + slopes.above) / 2 / sd))
    return PhaseSignals(tuple(signals), tuple(validity), _correlation(signals))


def _from_inspection(schools: list[School]) -> Signal:
    """Return what inspectors are expected to see of each school; empty where the signal does not count."""
    chance = {school.urn: school.below_good for school in schools if school.below_good is not None}
    base = fmean(chance.values()) if chance else 0.0
    if len(chance) < FEWEST or not 0 < base < 1:
        return {}
    density = STANDARD.pdf(STANDARD.inv_cdf(base))
    return {urn: (1 - own) * density / (1 - base) - own * density / base for urn, own in chance.items()}


def _gap_sd(schools: list[School]) -> float:
    """Return the spread of underlying gaps of a phase in months, 0 where the signal does not count."""
    known = [school for school in schools if school.gap is not None]
    if len(known) < FEWEST:
        return 0.0
    variance = _variance([school.gap for school in known if school.gap is not None])
    variance += fmean(school.gap_spread**2 for school in known)
    return math.sqrt(variance) if variance > ROUNDING else 0.0


def _from_results(schools: list[School], sd: float) -> Signal:
    """Return by how much each school's gap is narrower than the phase's mean, in spreads of underlying gaps."""
    gap = {school.urn: school.gap for school in schools if school.gap is not None}
    middle = fmean(gap.values())
    return {urn: (middle - own) / sd for urn, own in gap.items()}


def _against_intake(signal: Signal, schools: list[School]) -> Signal:
    """Return a signal against what schools of a similar share of disadvantaged pupils usually have."""
    known = [school.share for school in schools if school.share is not None]
    usual = fmean(known) if known else 0.0
    share = {school.urn: usual if school.share is None else school.share for school in schools if school.urn in signal}
    middle, level = fmean(share.values()), fmean(signal.values())
    spread = _variance(share.values())
    products = fmean((share[urn] - middle) * (own - level) for urn, own in signal.items())
    slope = products / spread if spread > ROUNDING else 0.0
    left = math.sqrt(max(LEAST_VARIANCE, 1 - slope**2 * spread))
    return {urn: (own - level - slope * (share[urn] - middle)) / left for urn, own in signal.items()}


def _correlation(signals: list[Signal]) -> float:
    """Return the correlation of two signals over the schools that have both, within bounds; 0 where too few have."""
    both = sorted(set.intersection(*(set(signal) for signal in signals))) if len(signals) == 2 else []
    if len(both) < FEWEST:
        return 0.0
    first, second = ([signal[urn] for urn in both] for signal in signals)
    spreads = _variance(first), _variance(second)
    if min(spreads) <= ROUNDING:
        return 0.0
    middles = fmean(first), fmean(second)
    products = fmean((a - middles[0]) * (b - middles[1]) for a, b in zip(first, second, strict=True))
    return min(MOST_CORRELATED, max(-MOST_CORRELATED, products / math.sqrt(spreads[0] * spreads[1])))


def _variance(numbers: Collection[float]) -> float:
    middle = fmean(numbers)
    return fmean((number - middle) ** 2 for number in numbers)


def missing_months(target: float, quality: Quality, slopes: Slopes) -> float:
    """Return the months expected to be missing up to a quality of at least 0: E[max(0, m(target) - m(z))].

    By the means of a normal z below 0 and between 0 and the target, each times its chance.
    """
    sd = math.sqrt(quality.variance)
    if sd == 0:
        return max(0.0, slopes.months(target) - slopes.months(quality.mean))
    normal = NormalDist(quality.mean, sd)
    below, short = normal.cdf(0.0), normal.cdf(target)
    densities = normal.pdf(0.0) * quality.variance, normal.pdf(target) * quality.variance
    weak = quality.mean * below - densities[0]
    fair = quality.mean * (short - below) + densities[0] - densities[1]
    return max(0.0, slopes.months(target) * short - slopes.below * weak - slopes.above * fair)
