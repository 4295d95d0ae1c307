"""Every shape of problem that the interface allows, against an exact count of all plans.

Auxiliaries up to 2**40 wide, benefits of 0 and below, weights of 0, below 0 and in millions, no pair at all, leaders
of a school who share its pupils, worst draws that are all that counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.domain.cvar import Cvar
from pilotage.domain.plan import Auxiliary, Over, PlacementPlan, PlacementProblem, Row, Sense, SharedPupils, Status
from pilotage.domain.plan import closed as proven_best
from pilotage.errors import PilotageError
from pilotage.placement.formulation.magnitudes import refuse_large
from pilotage.placement.formulation.shared_pupils import with_shared
from pilotage.placement.solver.cvar import solve_cvar
from pilotage.placement.solver.pricing import clipped, on_grid, priced
from pilotage.placement.solver.solve import solve

MANY = settings(max_examples=300, deadline=None, derandomize=True)
MORE = settings(max_examples=3000, deadline=None, derandomize=True)

WIDEST = 2**40
BENEFITS = {
    "none": st.just(0),
    "usual": st.integers(-2000, 9000),
    "costs": st.integers(-9000, 0),
    "large": st.integers(-(2**30), 2**32),
}
WEIGHTS = {
    "small": st.integers(-2, 7),
    "none": st.just(0),
    "millions": st.integers(-2_000_000, 9_000_000),
    "costs": st.integers(5, 25).map(lambda thousands: 1000 * thousands),
}


@dataclass(frozen=True)
class Drawn:
    """A problem, and which of its auxiliaries is too wide to try every value of."""

    problem: PlacementProblem
    wide: int | None


@st.composite
def shapes(draw: st.DrawFn, *, most: int = 4, with_wide: bool = True) -> Drawn:
    """Draw up to ``most`` leaders and posts in one or two schools, with any auxiliaries and up to four rows."""
    leaders, posts = draw(st.integers(1, most)), draw(st.integers(1, most))
    every = [(leader, post) for leader in range(leaders) for post in range(posts)]
    pairs = sorted(draw(st.sets(st.sampled_from(every))))
    worth = draw(st.sampled_from(sorted(BENEFITS)))
    narrow = [draw(_narrow(number)) for number in range(draw(st.integers(0, 2)))]
    wide = [draw(_wide())] if with_wide and draw(st.booleans()) else []
    auxiliaries = (*narrow, *wide)
    sizes = {"pair": len(pairs), "post": posts, "leader": leaders}
    problem = PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(leaders)),
        post_ids=tuple(f"P{n}" for n in range(posts)),
        urns=np.array(draw(st.lists(st.integers(1, 2), min_size=posts, max_size=posts)), dtype=np.int64),
        leader=np.array([leader for leader, _ in pairs], dtype=np.int32),
        post=np.array([post for _, post in pairs], dtype=np.int32),
        benefit=np.array(draw(_some(BENEFITS[worth], len(pairs))), dtype=np.int64),
        scale=1000,
        rows=tuple(draw(_row(number, sizes, auxiliaries)) for number in range(draw(st.integers(0, 4)))),
        capacity=np.array(draw(_some(st.integers(0, 3), leaders)), dtype=np.int64),
        auxiliaries=auxiliaries,
    )
    if draw(st.booleans()):
        problem = draw(_shared(problem))
    return Drawn(problem, len(narrow) if wide else None)


def _some(values: st.SearchStrategy[int], size: int) -> st.SearchStrategy[list[int]]:
    return st.lists(values, min_size=size, max_size=size)


@st.composite
def _narrow(draw: st.DrawFn, number: int) -> Auxiliary:
    lower = draw(st.integers(-2, 1))
    return Auxiliary(f"z{number}", lower + draw(st.integers(0, 3)), draw(st.integers(-3000, 3000)), lower)


@st.composite
def _wide(draw: st.DrawFn) -> Auxiliary:
    lower, upper = sorted(draw(st.integers(-WIDEST, WIDEST)) for _ in range(2))
    return Auxiliary("wide", upper, draw(st.sampled_from([-1000, -1, 0, 1, 3, 1000])), lower)


@st.composite
def _row(draw: st.DrawFn, number: int, sizes: dict[str, int], auxiliaries: tuple[Auxiliary, ...]) -> Row:
    over: Over = draw(st.sampled_from(["pair", "post", "leader"]))
    members = sorted(draw(st.sets(st.integers(0, sizes[over] - 1)))) if sizes[over] else []
    kind = draw(st.sampled_from(sorted(WEIGHTS)))
    used = [n for n in range(len(auxiliaries)) if draw(st.booleans())]
    own = draw(_some(st.sampled_from([-1000, -4, -1, 1, 1, 2, 7]), len(used)))
    sense: Sense = draw(st.sampled_from(["<=", "<=", ">=", "="]))
    right = draw(st.integers(-3, 8)) * {"millions": 1_000_000, "costs": 3000}.get(kind, 1)
    return Row(
        f"row {number}",
        "drawn",
        "drawn",
        sense,
        right,
        np.array(members, dtype=np.int64),
        np.array(draw(_some(WEIGHTS[kind], len(members))), dtype=np.int64),
        np.array(used, dtype=np.int64),
        np.array(own, dtype=np.int64),
        over,
    )


@st.composite
def _shared(draw: st.DrawFn, problem: PlacementProblem) -> PlacementProblem:
    """Draw what pairs add in two to four years, and how many units of a school's pupils each takes."""
    size, years = len(problem.benefit), draw(st.integers(2, 4))
    units = draw(_some(st.sampled_from([1, 7, 25, 50, 75, 99, 100]), size * years))
    gain = draw(_some(st.integers(0, 3000), size * years))
    urns, school = np.unique(problem.urns, return_inverse=True)
    shared = SharedPupils(
        pair=np.arange(size, dtype=np.int64),
        school=school[problem.post].astype(np.int64),
        units=np.array(units, dtype=np.int64).reshape(size, years),
        gain=np.array(gain, dtype=np.int64).reshape(size, years),
        urns=urns,
        auxiliary=np.zeros(0, dtype=np.int64),
    )
    return with_shared(problem, shared)


def _plans(problem: PlacementProblem) -> Iterator[list[int]]:
    """Yield every set of pairs that keeps capacities and posts."""
    of_post = [np.flatnonzero(problem.post == post).tolist() for post in range(len(problem.post_ids))]
    for made in product(*([None, *pairs] for pairs in of_post)):
        chosen = sorted(pair for pair in made if pair is not None)
        taken = np.bincount(problem.leader[chosen], minlength=len(problem.leader_ids))
        if (taken <= problem.capacities).all():
            yield chosen


def _lost(problem: PlacementProblem, chosen: list[int]) -> int:
    """Return what the schools lose: in each year the leaders of the highest rate are served first, 100 units in all."""
    shared, lost = problem.shared, 0
    if shared is None:
        return 0
    for school in range(len(shared.urns)):
        held = [n for n, pair in enumerate(shared.pair.tolist()) if pair in chosen and shared.school[n] == school]
        total = Fraction(0)
        for year in range(shared.units.shape[1]):
            left = 100
            rates = sorted((Fraction(int(shared.gain[n, year]), int(shared.units[n, year])), n) for n in held)
            for rate, n in reversed(rates):
                units = int(shared.units[n, year]) if rate else 0
                taken = min(left, units)
                left, total = left - taken, total + rate * (units - taken)
        lost += ceil(total)
    return lost


def _weighs(problem: PlacementProblem, row: Row, chosen: list[int]) -> int:
    weights = dict(zip(row.members.tolist(), row.weights.tolist(), strict=True))
    named = {"pair": lambda p: p, "post": lambda p: int(problem.post[p]), "leader": lambda p: int(problem.leader[p])}
    return sum(weights.get(named[row.over](pair), 0) for pair in chosen)


def _best(drawn: Drawn) -> int | None:
    """Return the most that any plan is worth, None where no plan keeps every row."""
    problem = drawn.problem
    own = range(len(problem.auxiliaries) - (0 if problem.shared is None else len(problem.shared.urns)))
    narrow = [number for number in own if number != drawn.wide]
    spans = [range(problem.auxiliaries[n].lower, problem.auxiliaries[n].upper + 1) for n in narrow]
    best: int | None = None
    for chosen in _plans(problem):
        weighs = [_weighs(problem, row, chosen) for row in problem.rows]
        worth = int(problem.benefit[chosen].sum()) - _lost(problem, chosen)
        for values in product(*spans):
            more = _most(drawn, weighs, dict(zip(narrow, values, strict=True)))
            if more is not None and (best is None or worth + more > best):
                best = worth + more
    return best


def _most(drawn: Drawn, weighs: list[int], values: dict[int, int]) -> int | None:
    """Return what the auxiliaries add at most with the narrow ones at ``values``; None where a row does not hold."""
    problem, wide = drawn.problem, drawn.wide
    low, high = (problem.auxiliaries[wide].lower, problem.auxiliaries[wide].upper) if wide is not None else (0, 0)
    for row, weight in zip(problem.rows, weighs, strict=True):
        factors = dict(zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True))
        right = row.rhs - weight - sum(factors.get(number, 0) * value for number, value in values.items())
        low, high = _narrowed(low, high, row.sense, factors.get(-1 if wide is None else wide, 0), right)
    if low > high:
        return None
    worth = sum(problem.auxiliaries[number].benefit * value for number, value in values.items())
    each = 0 if wide is None else problem.auxiliaries[wide].benefit
    return worth + max(each * low, each * high)


def _narrowed(low: int, high: int, sense: str, factor: int, right: int) -> tuple[int, int]:
    """Return the values of z between ``low`` and ``high`` for which ``factor z`` stands so to ``right``."""
    if factor == 0:
        holds = {"<=": right >= 0, ">=": right <= 0, "=": right == 0}[sense]
        return (low, high) if holds else (1, 0)
    at = Fraction(right, factor)
    if sense == "=" or (sense == "<=") == (factor > 0):
        high = min(high, floor(at))
    if sense == "=" or (sense == "<=") != (factor > 0):
        low = max(low, ceil(at))
    return low, high


def _check(drawn: Drawn, plan: PlacementPlan) -> None:
    problem, best = drawn.problem, _best(drawn)
    if best is None:
        assert plan.status is Status.INFEASIBLE
        return
    assert plan.objective is not None
    assert plan.bound is not None
    assert plan.objective <= best <= plan.bound
    assert plan.status is Status.OPTIMAL
    assert proven_best(plan.objective, best, problem.scale)
    assert plan.chosen.tolist() in list(_plans(problem))
    assert plan.objective == _stated(problem, plan)
    _duals_prove(problem, plan)


def _stated(problem: PlacementProblem, plan: PlacementPlan) -> int:
    """Return what a plan is worth by its own auxiliaries, every row and bound of which must hold."""
    values, chosen = plan.auxiliary.tolist(), plan.chosen.tolist()
    assert all(one.lower <= value <= one.upper for one, value in zip(problem.auxiliaries, values, strict=True))
    for row in problem.rows:
        own = zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
        left = _weighs(problem, row, chosen) + sum(weight * values[number] for number, weight in own)
        assert {"<=": left <= row.rhs, ">=": left >= row.rhs, "=": left == row.rhs}[row.sense]
    if problem.shared is not None:
        assert sum(values[-len(problem.shared.urns) :]) == _lost(problem, chosen)
    return int(problem.benefit[chosen].sum()) + sum(
        one.benefit * value for one, value in zip(problem.auxiliaries, values, strict=True)
    )


def _duals_prove(problem: PlacementProblem, plan: PlacementPlan) -> None:
    """The bound of the linear programme follows from the plan's duals, over the problem's rows and the plan's cuts."""
    stated = replace(problem, rows=(*problem.rows, *plan.cuts))
    assert plan.bound_lp is not None
    assert plan.objective is not None
    if len(plan.row_duals) == len(stated.rows):
        proven = priced(stated, on_grid(plan.post_duals), clipped(stated.rows, on_grid(plan.row_duals))).bound
        assert proven >= plan.objective
        assert float(proven) == pytest.approx(plan.bound_lp, rel=1e-12, abs=1e-6)


@MANY
@given(shapes())
def test_every_shape_equals_an_exact_count(drawn: Drawn) -> None:
    _check(drawn, solve(drawn.problem, time_limit_seconds=60, seed=1))


@pytest.mark.slow
@MORE
@given(shapes(most=5))
def test_three_thousand_more_shapes_equal_an_exact_count(drawn: Drawn) -> None:
    _check(drawn, solve(drawn.problem, time_limit_seconds=60, seed=1))


@MANY
@given(shapes(), st.integers(0, 2**32 - 1), st.sampled_from([1.0, 1e6, 1e12, 1e18]))
def test_no_duals_prove_too_little(drawn: Drawn, seed: int, size: float) -> None:
    problem, generator = drawn.problem, np.random.default_rng(seed)
    best = _best(drawn)
    post = np.maximum(on_grid(generator.normal(0, size, len(problem.post_ids))), 0)
    row = clipped(problem.rows, on_grid(generator.normal(0, size, len(problem.rows))))
    assert best is None or best <= priced(problem, post, row).bound


@MANY
@given(shapes(with_wide=False), st.data())
def test_worst_draws_of_every_shape(drawn: Drawn, data: st.DataObject) -> None:
    problem = drawn.problem
    count, size = data.draw(st.integers(1, 4)), len(problem.benefit)
    table = np.array(data.draw(_some(st.integers(-4000, 9000), size * count)), dtype=np.int32).reshape(count, size)
    problem = replace(problem, benefit=np.rint(table.mean(axis=0)).astype(np.int64) if count else problem.benefit)
    weight, worst = Fraction(data.draw(st.sampled_from(["1", "1", "1/2", "0"]))), data.draw(st.integers(1, count))
    cvar = Cvar(table, problem.benefit, worst, weight)
    solved = solve_cvar(problem, cvar, time_limit_seconds=60, seed=1)
    kept = [(chosen, _aside(replace(drawn, problem=problem), chosen)) for chosen in _plans(problem)]
    worth = [_with_draws(cvar, chosen) + cvar.factor * aside for chosen, aside in kept if aside is not None]
    assert solved.plan.objective == max(worth, default=None)
    assert solved.plan.status is (Status.OPTIMAL if worth else Status.INFEASIBLE)


def _aside(drawn: Drawn, chosen: list[int]) -> int | None:
    """Return what the auxiliaries make at best of the chosen pairs, loss by sharing included."""
    problem = drawn.problem
    own = range(len(problem.auxiliaries) - (0 if problem.shared is None else len(problem.shared.urns)))
    weighs = [_weighs(problem, row, chosen) for row in problem.rows]
    spans = [range(problem.auxiliaries[n].lower, problem.auxiliaries[n].upper + 1) for n in own]
    every = (_most(drawn, weighs, dict(zip(own, values, strict=True))) for values in product(*spans))
    most = max((one for one in every if one is not None), default=None)
    return None if most is None else most - _lost(problem, chosen)


def _with_draws(cvar: Cvar, chosen: list[int]) -> int:
    totals = sorted(sum(int(draw[pair]) for pair in chosen) for draw in cvar.draws)
    mean = sum(int(cvar.mean[pair]) for pair in chosen)
    return cvar.benefit_factor * mean + cvar.weight.numerator * sum(totals[: cvar.worst])


@MANY
@given(shapes(with_wide=False), st.floats(0, 1))
def test_a_least_objective_counts_what_schools_lose(drawn: Drawn, share: float) -> None:
    problem = replace(drawn.problem, rows=(), auxiliaries=(), shared=None)
    if not len(problem.benefit):
        return
    size, years = len(problem.benefit), 2
    generator = np.random.default_rng(size)
    urns, school = np.unique(problem.urns, return_inverse=True)
    figures = {
        "units": generator.choice([25, 50, 75, 100], (size, years)),
        "gain": generator.integers(0, 3000, (size, years)),
    }
    shared = SharedPupils(
        np.arange(size), school[problem.post], **figures, urns=urns, auxiliary=np.zeros(0, dtype=np.int64)
    )
    problem = with_shared(replace(problem, benefit=shared.gain.sum(axis=1)), shared)
    worth = {tuple(plan): int(problem.benefit[plan].sum()) - _lost(problem, plan) for plan in _plans(problem)}
    floor_ = int(share * max(worth.values()))
    number = np.arange(len(problem.auxiliaries))
    near = Row(
        "near",
        "near",
        "",
        ">=",
        floor_,
        np.arange(size),
        problem.benefit,
        number,
        -np.ones(len(number), dtype=np.int64),
    )
    counted = replace(
        problem,
        benefit=generator.integers(-2, 5, size),
        rows=(near,),
        auxiliaries=tuple(replace(one, benefit=0) for one in problem.auxiliaries),
    )
    plan = solve(counted, time_limit_seconds=60, seed=1)
    best = max(int(counted.benefit[list(chosen)].sum()) for chosen, value in worth.items() if value >= floor_)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, best, best)
    assert worth[tuple(plan.chosen.tolist())] >= floor_


def _budgeted_draws(seed: int) -> Drawn:
    """Return 2 to 4 leaders and posts, benefits of 0, and an auxiliary at most as large as either of two sums."""
    generator, size = np.random.default_rng(seed), 2 + seed % 3
    every = np.arange(size * size)
    sums = [generator.integers(-2_000_000, 9_000_000, len(every)) for _ in range(2)]
    one, none = np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    draws = [Row(f"draw {n}", "worst_draws", "", "<=", 0, every, -some, none, one) for n, some in enumerate(sums)]
    money = Row("money", "budget", "", "<=", 30_000, every, generator.integers(5, 25, len(every)) * 1000)
    names = [tuple(f"{kind}{n}" for n in range(size)) for kind in "LP"]
    ends = np.divmod(every, size)
    problem = PlacementProblem(
        names[0],
        names[1],
        np.arange(size),
        ends[0].astype(np.int32),
        ends[1].astype(np.int32),
        np.zeros(len(every), dtype=np.int64),
        1000,
        (*draws, money),
        auxiliaries=(Auxiliary("sum", 90_000_000, 1, -30_000_000),),
    )
    return Drawn(problem, 0)


@pytest.mark.parametrize("seed", range(40))
def test_benefits_of_0_and_a_wide_auxiliary(seed: int) -> None:
    drawn = _budgeted_draws(seed)
    _check(drawn, solve(drawn.problem, time_limit_seconds=60, seed=1))


def _one_pair(**changes: object) -> PlacementProblem:
    zero = np.zeros(1, dtype=np.int32)
    plain = PlacementProblem(("L",), ("P",), np.array([1]), zero, zero, np.array([5]), 1000)
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"benefit": np.array([2**37])}, "the benefit of a pair is as large as 137,438,953,472"),
        ({"benefit": np.array([-(2**37)])}, "the benefit of a pair"),
        ({"auxiliaries": (Auxiliary("z", 2**40, 2**20),)}, "the objective"),
        ({"auxiliaries": (Auxiliary("z", 2**53),)}, "the bounds of z"),
        ({"rows": (Row("r", "x", "", "<=", 2**61, np.array([0]), np.array([1])),)}, "the row r"),
        ({"rows": (Row("r", "x", "", "<=", 1, np.array([0]), np.array([-(2**63)])),)}, "a weight of r"),
    ],
)
def test_figures_that_exact_sums_cannot_hold_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(PilotageError, match=words):
        solve(_one_pair(**changes), time_limit_seconds=60, seed=1)


def test_the_largest_figures_allowed_are_solved_exactly() -> None:
    # the pair is worth 2^37 - 1; its weight of 2^53 - 1 fits a limit of as much, and does not fit one less
    weight = 2**53 - 1
    for right, objective in ((weight, 2**37 - 1), (weight - 1, 0)):
        row = Row("r", "x", "", "<=", right, np.array([0]), np.array([weight]))
        problem = _one_pair(benefit=np.array([2**37 - 1]), rows=(row,))
        refuse_large(problem)
        plan = solve(problem, time_limit_seconds=60, seed=1)
        assert (plan.objective, plan.status) == (objective, Status.OPTIMAL)
