"""Greedy placing leaves nothing that still fits, however few pairs it remembers; its figure is fair as a comparison."""

import numpy as np
import pytest

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.formulation.coefficients import activities
from pilotage.placement.solver import greedy as room
from pilotage.placement.solver.greedy import by_benefit, fill


def _small(benefit: list[list[int]], rows: tuple[Row, ...]) -> PlacementProblem:
    worth = np.array(benefit)
    leaders, posts = worth.shape
    leader, post = (one.ravel().astype(np.int32) for one in np.indices(worth.shape))
    names = tuple(f"L{n}" for n in range(leaders)), tuple(f"P{n}" for n in range(posts))
    return PlacementProblem(*names, np.arange(posts), leader, post, worth.ravel(), 1, rows)


def _share(sense: str, ours: list[int], posts: int, part: int) -> Row:
    """Return the row that one placement in ``part`` is in the posts ``ours``, at least or at most."""
    weight = np.where(np.isin(np.arange(posts), ours), part - 1, -1)
    return Row("share", "area", "a share", sense, 0, np.arange(posts), weight, over="post")


@pytest.mark.parametrize("sense", [">=", "<="])
def test_what_was_kept_out_and_forgotten_is_taken_on_the_way_back(monkeypatch: pytest.MonkeyPatch, sense: str) -> None:
    # half of the placements must (may) be in the posts 3, 4 (0, 1, 2): L0 and L1 wait until L2 and L3 took those
    benefit = [[9, 8, 7, 0, 0], [9, 8, 7, 0, 0], [0, 0, 0, 2, 1], [0, 0, 0, 2, 1]]
    problem = _small(benefit, (_share(sense, [3, 4] if sense == ">=" else [0, 1, 2], 5, 2),))
    for remembered in (20_000, 1):
        monkeypatch.setattr(room, "REMEMBERED", remembered)
        monkeypatch.setattr(room, "BLOCK", 1)
        chosen = fill(problem, by_benefit(problem))
        assert problem.benefit[chosen].sum() == 9 + 8 + 2 + 1
        assert activities(problem, chosen, np.zeros(0, dtype=np.int64)).tolist() == [0]


@pytest.mark.parametrize("seed", range(30))
def test_nothing_that_still_fits_is_left(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    generator = np.random.default_rng(seed)
    rows = (
        _share(">=", [0, 1, 2], 9, 3),
        Row("cap", "cap", "at most", "<=", 4, np.arange(3, 9), np.ones(6, dtype=np.int64), over="post"),
    )
    problem = _small(generator.integers(1, 99, (7, 9)).tolist(), rows)
    monkeypatch.setattr(room, "BLOCK", 2)
    monkeypatch.setattr(room, "REMEMBERED", 2)
    chosen = fill(problem, by_benefit(problem)).tolist()
    for pair in set(range(63)) - set(chosen):
        more = np.array([*chosen, pair])
        share, cap = activities(problem, more, np.zeros(0, dtype=np.int64)).tolist()
        used = len(set(problem.leader[more])) == len(more) == len(set(problem.post[more]))
        assert not (used and share >= 0 and cap <= 4)
