"""The leadership that each school would have otherwise: docs/method/counterfactual.md, one school at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, exp, pi, sqrt
from statistics import NormalDist, mean, pvariance

from tests.oracle.worlds.pairs import deprivation
from tests.oracle.worlds.tables import Row, World

PRIMARY = ("primary", "nursery")
STEPS = 4000  # of an integral, in each part
Values = Mapping[str, float]
Signal = dict[int, float]


@dataclass(frozen=True)
class Heads:
    """The quality expected of each school's leadership and the variance left, by URN of the schools compared."""

    expected: dict[int, tuple[float, float]]

    def at(self, urn: int) -> tuple[float, float]:
        return self.expected.get(urn, (0.0, 1.0))


def heads(world: World, values: Values) -> Heads:
    """Return what signals say of all schools compared, phase by phase."""
    expected = {}
    for phase in sorted({row["phase"] for row in world.compared}):
        rows = [row for row in world.compared if row["phase"] == phase]
        seen, shown = _seen_by_inspectors(rows), _shown_by_results(rows)
        share = _shares(world, rows)
        first = {} if seen is None else _among_similar(seen, share)
        second = {} if shown is None else _among_similar(shown[0], share)
        v = values["inspection_validity"]
        sides = [values[f"months_per_sd_{_stage(phase)}_{side}"] for side in ("below", "above")]
        r = 0.0 if shown is None else min(1.0, mean(sides) / shown[1])
        rho = _rho(first, second)
        for row in rows:
            expected[row["urn"]] = _predicted(first.get(row["urn"]), second.get(row["urn"]), v, r, rho)
    return Heads(expected)


def _stage(phase: str) -> str:
    return "primary" if phase in PRIMARY else "secondary"


def _seen_by_inspectors(rows: list[Row]) -> Signal | None:
    """Return s1 of each school whose chance is known; None where it does not count."""
    known = {row["urn"]: row["p_below_good"] for row in rows if row["p_below_good"] is not None}
    if len(known) < 10 or not 0 < (b := sum(known.values()) / len(known)) < 1:
        return None
    c = NormalDist().inv_cdf(b)
    phi = exp(-c * c / 2) / sqrt(2 * pi)
    return {urn: p * -phi / b + (1 - p) * phi / (1 - b) for urn, p in known.items()}


def _shown_by_results(rows: list[Row]) -> tuple[Signal, float] | None:
    """Return s2 of each school whose gap is known, and the spread of underlying gaps; None where it does not count."""
    known = {row["urn"]: row["gap_months_at_horizon"] for row in rows if row["gap_months_at_horizon"] is not None}
    if len(known) < 10:
        return None
    spreads = [row["gap_sd_months_at_horizon"] or 0.0 for row in rows if row["urn"] in known]
    sd = sqrt(pvariance(known.values()) + mean(spread**2 for spread in spreads))
    if sd < 1e-9:
        return None
    return {urn: -(gap - mean(known.values())) / sd for urn, gap in known.items()}, sd


def _shares(world: World, rows: list[Row]) -> dict[int, float]:
    share = {row["urn"]: deprivation(world, row["urn"]) for row in rows}
    known = [f for f in share.values() if f is not None]
    return {urn: (mean(known) if known else 0.0) if f is None else f for urn, f in share.items()}


def _among_similar(signal: Signal, share: dict[int, float]) -> Signal:
    """Return s' = (s - line(f)) / tau, the line by the normal equations of least squares."""
    f, s = [share[urn] for urn in signal], list(signal.values())
    n, sum_f, sum_s = len(f), sum(f), sum(s)
    cross, square = sum(a * b for a, b in zip(f, s, strict=True)), sum(a * a for a in f)
    flat = max(f) - min(f) < 1e-9
    slope = 0.0 if flat else (n * cross - sum_f * sum_s) / (n * square - sum_f**2)
    line = {urn: sum_s / n + slope * (share[urn] - sum_f / n) for urn in signal}
    tau = sqrt(max(0.1, 1 - pvariance(line.values())))
    return {urn: (signal[urn] - line[urn]) / tau for urn in signal}


def _rho(first: Signal, second: Signal) -> float:
    both = sorted(set(first) & set(second))
    if len(both) < 10:
        return 0.0
    a, b = [first[urn] for urn in both], [second[urn] for urn in both]
    if max(a) - min(a) < 1e-9 or max(b) - min(b) < 1e-9:
        return 0.0
    together = mean(x * y for x, y in zip(a, b, strict=True)) - mean(a) * mean(b)
    return max(-0.9, min(0.9, together / sqrt(pvariance(a) * pvariance(b))))


def _predicted(s1: float | None, s2: float | None, v: float, r: float, rho: float) -> tuple[float, float]:
    """Return q and the variance left, by the page's three cases."""
    if s1 is None and s2 is None:
        return 0.0, 1.0
    if s2 is None:
        return v * (s1 or 0.0), 1 - v**2
    if s1 is None:
        return r * s2, 1 - r**2
    left = 1 - (v**2 + r**2 - 2 * rho * v * r) / (1 - rho**2)
    return (v * (s1 - rho * s2) + r * (s2 - rho * s1)) / (1 - rho**2), max(0.0, left)


def months(quality: float, phase: str, values: Values) -> float:
    """Return m(z) at a phase."""
    side = "below" if quality < 0 else "above"
    return quality * values[f"months_per_sd_{_stage(phase)}_{side}"]


def missing(quality: tuple[float, float], phase: str, values: Values) -> float:
    """Return E[max(0, m(support_quality) - m(z))]: the slope of m times the chance to be below, summed in small steps.

    Up to the quality of support z lacks m'(x) dx at each x above it, which it is with chance Phi((x - q) / sd).
    """
    (q, variance), target = quality, values["support_quality"]
    sd = sqrt(variance)
    below, above = (values[f"months_per_sd_{_stage(phase)}_{side}"] for side in ("below", "above"))
    if sd < 1e-6:
        return max(0.0, months(target, phase, values) - months(q, phase, values))
    return below * _area(min(0.0, q - 9 * sd), 0.0, q, sd) + above * _area(0.0, target, q, sd)


def _area(start: float, end: float, q: float, sd: float) -> float:
    """Return the integral of the chance to be below x, by Simpson's rule over what lies within 9 sd of the mean."""
    low, high = max(start, q - 9 * sd), min(end, q + 9 * sd)
    sure = max(0.0, end - max(start, q + 9 * sd))  # where the chance is 1
    if high <= low:
        return sure
    step = (high - low) / STEPS
    chances = [(1 + erf((low + step * number - q) / sd / sqrt(2))) / 2 for number in range(STEPS + 1)]
    inner = 4 * sum(chances[1:-1:2]) + 2 * sum(chances[2:-1:2])
    return sure + step / 3 * (chances[0] + inner + chances[-1])
