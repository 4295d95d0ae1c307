"""Pairs drawn by a seed, and the chosen ones: who may go where and what each is worth, against the problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.findings.explanation import Check
from pilotage.domain.forecast import YearlyGains
from pilotage.placement.audit.case import AuditCase, Bools, Claim, Ints, pair_frame
from pilotage.placement.audit.eligibility.groups import Eligibility
from pilotage.placement.audit.eligibility.single_pairs import charges, pair_table
from pilotage.placement.audit.rules.catalogue import said_to_be_held_back
from pilotage.placement.audit.values.figures import Figures
from pilotage.placement.audit.values.pair_values import Worth, worths

DRAWN = 10_000  # pairs beside the chosen ones: half of the problem's, half of all leaders and posts
STREAM = 12  # of the scenario's seed: no other draw has it
SHORT_FLOATS = 1e-5  # relative error of columns in single precision
CLOSE = 1e-6  # pupil-months: what sums in another order may differ by
LARGEST_SD = 2.5  # of heads' quality: more is no doubt about a school's other leadership
DECIDING = ("benefit", "cost_gbp", "price", "chance")
FACTORS = (
    *("travel_km", "acceptance", "chance_open", "stay", "effect_months", "pupils", "origin_loss", "fall_value"),
    *("benefit_low", "benefit_high", "effect_spread", "counterfactual_weight", "fall_weight"),
)


@dataclass(frozen=True)
class Sample:
    """The pairs looked at: ``inside`` are positions in the problem, ``leader`` and ``post`` say pairs outside it."""

    inside: Ints
    leader: Ints
    post: Ints


def draw(case: AuditCase, claim: Claim, searched: Ints) -> Sample:
    """Return the chosen pairs, those that the audit searches, and those drawn by the scenario's seed."""
    problem, random = claim.problem, np.random.default_rng([case.scenario.solver.seed, STREAM])
    posts = len(problem.post_ids)
    own = _some(random, len(problem.benefit), DRAWN // 2)
    every = _some(random, len(problem.leader_ids) * posts, DRAWN // 2)
    place, there = find_pairs(claim, every // max(1, posts), every % max(1, posts))
    inside = np.unique(np.concatenate([claim.plan.chosen, searched, own, place[there]]))
    return Sample(inside, every[~there] // max(1, posts), every[~there] % max(1, posts))


def _some(random: np.random.Generator, size: int, count: int) -> Ints:
    if size <= count:
        return np.arange(size, dtype=np.int64)
    return np.sort(random.choice(size, count, replace=False)).astype(np.int64)


def find_pairs(claim: Claim, leader: Ints, post: Ints) -> tuple[Ints, Bools]:
    """Return where pairs stand in the problem, and whether they are there at all; its pairs are in order."""
    problem, asked = claim.problem, leader.astype(claim.problem.leader.dtype)
    first, last = np.searchsorted(problem.leader, asked, "left"), np.searchsorted(problem.leader, asked, "right")
    wanted = post.astype(problem.post.dtype)
    ranges = zip(first.tolist(), last.tolist(), wanted, strict=True)
    places = [low + np.searchsorted(problem.post[low:high], own) for low, high, own in ranges]
    place = np.array(places, dtype=np.int64)
    there = place < last
    there[there] = problem.post[place[there]] == post[there]
    return place, there


def eligibility_check(case: AuditCase, claim: Claim, sample: Sample, rules: Eligibility) -> Iterator[Check]:
    """Yield whether the problem holds the pairs that no rule bars, and no more; and who is held back by lot."""
    problem = claim.problem
    leader, post = (part[sample.inside].astype(np.int64) for part in (problem.leader, problem.post))
    reason = rules.barred(leader, post)
    wrong = [f"{_pair(case, a, b)} is barred: {why}" for a, b, why in zip(leader, post, reason, strict=True) if why]
    left_out = rules.barred(sample.leader, sample.post)
    free = np.flatnonzero(pd.isna(left_out))
    wrong += [f"{_pair(case, sample.leader[n], sample.post[n])} is left out, and no rule bars it" for n in free]
    words = f"{len(leader):,} pairs of the problem barred by no rule; {len(left_out):,} others each barred by one"
    yield Check("eligibility", not wrong, "; ".join(wrong[:10]) or words)
    held_back = set(said_to_be_held_back(case))
    if rules.held or held_back:
        drawn = {case.posts.posts["post_id"].iloc[post] for posts in rules.held.values() for post in posts.tolist()}
        odd = sorted(drawn ^ held_back)
        holds = "; ".join(f"{name}: drawn and stated differ" for name in odd[:10])
        yield Check("held_back", not odd, holds or f"{len(drawn)} posts held back, as the lots are drawn again")


def _pair(case: AuditCase, leader: int, post: int) -> str:
    return f"{case.pool.leaders['leader_id'].iloc[leader]} in {case.posts.posts['post_id'].iloc[post]}"


def calculated(figures: Figures, claim: Claim, inside: Ints) -> list[Worth]:
    """Return what pairs of the problem are worth; how far their other leadership moves over draws is the plan's."""
    problem, sd = claim.problem, _claimed_sd(figures.case)
    leader, post = (part[inside].astype(np.int64) for part in (problem.leader, problem.post))
    return worths(figures, leader, post, sd[inside])


def _claimed_sd(case: AuditCase) -> NDArray[np.float64]:
    """Return each pair's standard deviation of the school's other leadership, in months; NaN where none is stated."""
    pairs = case.impact.pairs
    if "counterfactual_sd" not in pairs:
        return np.full(len(pairs), np.nan)
    return pairs["counterfactual_sd"].to_numpy(dtype=np.float64)


def _sd_check(case: AuditCase) -> Check:
    """Return whether that figure, which is not made again, is one that a standard deviation can be, for all pairs.

    The largest is 5 months by the evidence shipped; more where a scenario says that heads differ by more.
    """
    sd, steps = _claimed_sd(case), product(("primary", "secondary"), ("below", "above"))
    most = LARGEST_SD * max(case.evidence.value(f"months_per_sd_{stage}_{side}") for stage, side in steps)
    odd = np.flatnonzero(~((sd >= 0) & (sd <= most + CLOSE)))[:10].tolist()
    wrong = [f"pair {pair}: {sd[pair]:g}" for pair in odd]
    return Check("counterfactual_sd", not wrong, "; ".join(wrong) or f"{len(sd):,} pairs, each 0 to {most:g} months")


def value_checks(case: AuditCase, claim: Claim, sample: Sample, worth: list[Worth]) -> Iterator[Check]:
    """Yield whether benefits, costs and what stands behind them are those of the tables."""
    claims = case.impact.pairs.iloc[sample.inside].reset_index(drop=True)
    claims = claims if "price" in claims else claims.assign(price=0.0)
    leader, post = (part[sample.inside].astype(np.int64) for part in (claim.problem.leader, claim.problem.post))
    own = pd.DataFrame([vars(pair) for pair in worth], columns=list(Worth.__dataclass_fields__))
    own = own.assign(price=charges(pair_table(case, pair_frame(case, leader, post)), case.scenario))
    for check, columns, relative in (("values", DECIDING, 1e-9), ("factors", FACTORS, SHORT_FLOATS)):
        wrong = [text for name in columns if name in claims for text in _off(case, claims, own, name, relative)]
        detail = (
            f"{', '.join(name for name in columns if name in claims)} of {len(own):,} pairs are those of the tables"
        )
        yield Check(check, not wrong, "; ".join(wrong[:10]) or detail)
    yield _sd_check(case)
    yield _yearly_check(case, claim, sample, worth)


def _off(case: AuditCase, claims: pd.DataFrame, own: pd.DataFrame, name: str, relative: float) -> list[str]:
    given, mine = (frame[name].to_numpy(dtype=np.float64) for frame in (claims, own))
    bad = ~np.isclose(given, mine, rtol=relative, atol=CLOSE, equal_nan=True)
    pairs = (claims["leader_index"].to_numpy(), claims["post_index"].to_numpy())
    return [
        f"{_pair(case, pairs[0][n], pairs[1][n])}: {name} is {mine[n]:,.3f}, the plan says {given[n]:,.3f}"
        for n in np.flatnonzero(bad)[:10].tolist()
    ]


def _yearly_check(case: AuditCase, claim: Claim, sample: Sample, worth: list[Worth]) -> Check:
    """Return whether what pairs add in each year is what they add in each year by the tables."""
    yearly, wrong = case.impact.yearly, list[str]()
    pairs = np.zeros(0, dtype=np.int64) if yearly is None else yearly.pair
    if not np.array_equal(pairs, _in_shared_schools(claim)):
        wrong.append("not all pairs of schools with several posts are there, or others are")
    place = np.minimum(np.searchsorted(pairs, sample.inside), max(0, len(pairs) - 1))
    there = pairs[place] == sample.inside if len(pairs) else np.zeros(len(place), dtype=bool)
    for pair, row in zip(np.flatnonzero(there).tolist(), place[there].tolist(), strict=True):
        wrong += [f"pair {sample.inside[pair]}: {what}" for what in _off_by_year(yearly, row, worth[pair])]
    detail = f"what {int(there.sum()):,} pairs of schools with several posts add in each year"
    return Check("yearly_gains", not wrong, "; ".join(wrong[:10]) or detail)


def _in_shared_schools(claim: Claim) -> Ints:
    """Return the pairs of schools with several posts that somebody may take, ascending."""
    problem = claim.problem
    urns, counts = np.unique(problem.urns[claim.filled], return_counts=True)
    several = np.isin(problem.urns, urns[counts > 1])
    return np.flatnonzero(several[problem.post])


def _off_by_year(yearly: YearlyGains | None, row: int, worth: Worth) -> Iterator[str]:
    if yearly is None:
        return
    gain, units = by_year(worth, yearly.gain.shape[1])
    if worth.first_year + len(worth.yearly) >= len(gain):
        yield "it adds something after the last year"
    if not np.allclose(yearly.gain[row], gain, rtol=1e-9, atol=CLOSE):
        yield "what it adds in each year"
    if (yearly.units[row] != units)[gain > 0].any():
        yield "the units of its leader"


def by_year(worth: Worth, columns: int) -> tuple[NDArray[np.float64], Ints]:
    """Return what a pair adds in each year of the plan, and its units; the last column is the fall averted."""
    gain, units = np.zeros(columns), np.full(columns, worth.units, dtype=np.int64)
    ends = min(worth.first_year + len(worth.yearly), columns - 1)
    gain[worth.first_year : ends] = worth.yearly[: max(0, ends - worth.first_year)]
    gain[-1], units[-1] = worth.averted, worth.averted_units
    return gain, units
