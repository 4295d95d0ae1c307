"""The leadership that a school would have otherwise, in months of progress: docs/method/counterfactual.md derives it.

z ~ N(0, 1) is the quality of leadership in standard deviations of heads. Two signals say something of it, each against
schools of the same phase and a similar share of disadvantaged pupils: s1 from the chance that leadership is below good,
s2 from the underlying gap. q is the best linear prediction of z from the signals that are known. Nothing here is
written into any file: of a school with one head, q would be a statement about a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from pilotage.domain.evidence import Evidence
from pilotage.domain.forecast import Standing
from pilotage.domain.outcomes import GAP_SD

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIMARY_LIKE = ("primary", "nursery")
FEWEST_COMPARED = 10  # schools of a phase that have a signal, for it to count there
LEAST_VARIANCE = 0.1  # of a signal among schools of similar intake
MOST_CORRELATED = 0.9
APART_SHARE = 0.2  # of a phase's schools, at either end
ROUNDING = 1e-12  # a variance below it is of rounding only


@dataclass(frozen=True)
class Slopes:
    """Months of progress per standard deviation of heads' quality, below and above the median head."""

    below: float
    above: float

    @property
    def mean(self) -> float:
        """Return the months per standard deviation over heads of all qualities."""
        return (self.below + self.above) / 2


@dataclass(frozen=True)
class Signal:
    """A signal of the quality of leadership by school, null where it does not count, shape (schools,).

    ``slope``: by how much it moves with one unit of the figure that it is made of, shape (schools,).
    """

    value: Floats
    slope: Floats


@dataclass(frozen=True)
class Quality:
    """What the signals say of the quality of leadership of each school, sorted by ``urn``.

    Attributes
    ----------
    risk, gap
        The signals against schools of similar intake, null where one does not count.
    correlation
        Of the two signals in the school's phase (rho).
    validity
        Of the inspection (v).
    reliability
        The correlation of the underlying gap with quality in the school's phase (r).
    """

    urn: Ints
    risk: Signal
    gap: Signal
    correlation: Floats
    validity: float
    reliability: Floats

    def mean(self) -> Floats:
        """Return q, the best linear prediction, 0 where nothing is known, shape (schools,)."""
        return predicted(self.risk.value, self.gap.value, self.correlation, self.validity, self.reliability)

    def variance(self) -> Floats:
        """Return what is left of the variance of quality, shape (schools,)."""
        v, r, rho = self.validity, self.reliability, self.correlation
        risk, gap = np.isfinite(self.risk.value), np.isfinite(self.gap.value)
        both = (v**2 + r**2 - 2 * rho * v * r) / (1 - rho**2)
        explained = np.where(risk & gap, both, np.where(risk, v**2, np.where(gap, r**2, 0.0)))
        left: Floats = np.maximum(0.0, 1 - explained)
        return left

    def rows_of(self, urns: Ints) -> Ints:
        """Return the row of each school, -1 for one that is not among those compared."""
        rows: Ints = pd.Index(self.urn).get_indexer(pd.Index(urns)).astype(np.int64)
        return rows


def slopes(evidence: Evidence, stage: str) -> Slopes:
    """Return the months per standard deviation of a stage, ``primary`` or ``secondary``."""
    return Slopes(*(evidence.value(f"months_per_sd_{stage}_{side}") for side in ("below", "above")))


def months(quality: Floats | float, of: Slopes) -> Floats:
    """Return the months of progress of a quality beside the median head: m(z)."""
    value: Floats = np.where(np.less(quality, 0), of.below, of.above) * np.asarray(quality, dtype=np.float64)
    return value


def expected_shortfall(target: float, mean: Floats, sd: Floats, of: Slopes) -> Floats:
    """Return E[max(0, m(target) - m(z))] for z ~ N(mean, sd^2), in months; ``target`` is at least 0."""
    beyond = of.above * _below(target, mean, sd)
    return beyond + (of.below - of.above) * _below(0.0, mean, sd)


def _below(limit: float, mean: Floats, sd: Floats) -> Floats:
    """Return E[max(0, limit - z)] for z ~ N(mean, sd^2)."""
    spread = np.maximum(sd, 1e-12)
    away = (limit - mean) / spread
    short: Floats = (limit - mean) * ndtr(away) + spread * _density(away)
    return short


def _density(x: Floats | float) -> Floats:
    value: Floats = np.exp(-np.square(x) / 2) / np.sqrt(2 * np.pi)
    return value


def predicted(risk: Floats, gap: Floats, rho: Floats, validity: Floats | float, reliability: Floats) -> Floats:
    """Return the best linear prediction of quality from the signals known; arrays of shapes that broadcast."""
    both = (validity * (risk - rho * gap) + reliability * (gap - rho * risk)) / (1 - rho**2)
    one = np.where(np.isfinite(risk), validity * risk, np.where(np.isfinite(gap), reliability * gap, 0.0))
    q: Floats = np.where(np.isfinite(risk) & np.isfinite(gap), both, one)
    return q


def quality_of_leadership(england: pd.DataFrame, phase: pd.Series, share: pd.Series, evidence: Evidence) -> Quality:
    """Return what the signals say of the leadership of each school compared.

    Parameters
    ----------
    england
        The schools compared (``COMPARED_COLUMNS``), sorted by urn.
    phase, share
        The phase and the share of disadvantaged pupils by urn; a share may be null.
    """
    urn = england["urn"].to_numpy(dtype=np.int64)
    size = len(urn)
    parts = {name: np.full(size, np.nan) for name in ("risk", "risk_slope", "gap", "gap_slope")}
    rho, reliability = np.zeros(size), np.zeros(size)
    kinds = phase.reindex(urn).to_numpy(dtype=object)
    shares = share.reindex(urn).to_numpy(dtype=np.float64, na_value=np.nan)
    for kind in sorted({str(name) for name in kinds if not pd.isna(name)}):
        rows = np.flatnonzero(kinds == kind)
        schools = england.iloc[rows]
        risk = _against_similar(_risk_signal(_column(schools, "p_below_good")), shares[rows])
        spread = np.nan_to_num(_column(schools, GAP_SD))
        gap, sd = _gap_signal(_column(schools, "gap_months_at_horizon"), spread)
        gap = _against_similar(gap, shares[rows])
        of = slopes(evidence, stage_of(kind))
        rho[rows] = _correlation(risk.value, gap.value)
        reliability[rows] = min(1.0, of.mean / sd) if sd > 0 else 0.0
        for name, values in zip(parts, (risk.value, risk.slope, gap.value, gap.slope), strict=True):
            parts[name][rows] = values
    risk, gap = Signal(parts["risk"], parts["risk_slope"]), Signal(parts["gap"], parts["gap_slope"])
    return Quality(urn, risk, gap, rho, evidence.value("inspection_validity"), reliability)


def stage_of(phase: object) -> str:
    """Return the stage by whose effects a phase is valued."""
    return "primary" if phase in PRIMARY_LIKE else "secondary"


def standings(quality: Quality, phase: pd.Series) -> dict[int, Standing]:
    """Return, by URN, whether a school is likelier to struggle than schools of its phase with similar pupils.

    ``likelier``: in the fifth of its phase whose leadership is expected to be weakest; ``less_likely``: in the
    strongest fifth; ``unknown``: no signal counts. It says nothing of how far apart schools are.
    """
    table = pd.DataFrame({"phase": phase.reindex(quality.urn).to_numpy(), "q": quality.mean()})
    table["known"] = np.isfinite(quality.risk.value) | np.isfinite(quality.gap.value)
    rank = table[table["known"]].groupby("phase")["q"].rank(pct=True).reindex(table.index)
    spread = table[table["known"]].groupby("phase")["q"].transform("std").reindex(table.index)
    names = np.select(
        [~table["known"], ~spread.gt(0), rank <= APART_SHARE, rank > 1 - APART_SHARE],
        ["unknown", "typical", "likelier", "less_likely"],
        "typical",
    )
    return dict(zip(quality.urn.tolist(), names.tolist(), strict=True))


def _column(schools: pd.DataFrame, name: str) -> Floats:
    values: Floats = schools[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def _risk_signal(chance: Floats) -> Signal:
    """Return s1: the quality that inspectors see, expected from the chance of each school of a phase."""
    known = np.isfinite(chance)
    base = float(chance[known].mean()) if known.any() else 0.0
    if known.sum() < FEWEST_COMPARED or not 0 < base < 1:
        return _none(len(chance))
    at_cut = float(_density(float(ndtri(base))))
    below, good = -at_cut / base, at_cut / (1 - base)
    return Signal(chance * below + (1 - chance) * good, np.full(len(chance), below - good))


def _gap_signal(gap: Floats, spread: Floats) -> tuple[Signal, float]:
    """Return s2 of each school of a phase, and the standard deviation of underlying gaps, in months."""
    known = np.isfinite(gap)
    variance = float(gap[known].var() + (spread[known] ** 2).mean()) if known.any() else 0.0
    if known.sum() < FEWEST_COMPARED or variance <= ROUNDING:
        return _none(len(gap)), 0.0
    sd = float(np.sqrt(variance))
    return Signal(-(gap - gap[known].mean()) / sd, np.full(len(gap), -1 / sd)), sd


def _none(size: int) -> Signal:
    return Signal(np.full(size, np.nan), np.zeros(size))


def _against_similar(signal: Signal, share: Floats) -> Signal:
    """Return a signal of a phase less what schools of such an intake usually have, in what is left of its spread."""
    known = np.isfinite(signal.value)
    if not known.any():
        return signal
    usual = share[np.isfinite(share)].mean() if np.isfinite(share).any() else 0.0
    filled = np.where(np.isfinite(share), share, usual)
    off = filled - filled[known].mean()
    spread = float((off[known] ** 2).mean())
    middle = float(signal.value[known].mean())
    steep = float((off[known] * (signal.value[known] - middle)).mean()) / spread if spread > ROUNDING else 0.0
    left = np.sqrt(max(LEAST_VARIANCE, 1 - steep**2 * spread))
    return Signal((signal.value - middle - steep * off) / left, signal.slope / left)


def _correlation(first: Floats, second: Floats) -> float:
    """Return the correlation over the schools that have both signals; 0 where too few have."""
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < FEWEST_COMPARED or min(first[both].var(), second[both].var()) <= ROUNDING:
        return 0.0
    rho = float(np.corrcoef(first[both], second[both])[0, 1])
    return min(MOST_CORRELATED, max(-MOST_CORRELATED, rho))
