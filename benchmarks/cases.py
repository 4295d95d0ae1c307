"""The problems that benchmarks/mip.py closes, built once into a folder: re-planning, national, public, hard, regions.

Usage: python benchmarks/cases.py FOLDER KIND... [--gap FOLDER_OF_PUBLIC_INSTANCES]; kinds: replan national gap hard
regions.
"""

import argparse
import pickle
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import hard_cases
import national
import replan

from pilotage.domain.plan import PlacementProblem, Row

KINDS = "replan national gap hard regions"
NATIONAL = ((30, 9), (100, 9), (300, 8), (1000, 9))
HARD = "plain300 mixed300 costs multiyear teams100x3 allprice equal poolbig mixed1000"

RowName = tuple[str, PlacementProblem]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("kinds", nargs="*", default=KINDS.split())
    parser.add_argument("--gap", type=Path, default=Path("gap"), help="folder of public instances")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for kind in given.kinds:
        for name, problem in problems(kind, given.gap):
            (given.folder / f"{kind}-{name}.pickle").write_bytes(pickle.dumps(problem))
            print(kind, name, f"{len(problem.benefit):,} pairs", flush=True)


def problems(kind: str, gap: Path) -> Iterator[RowName]:
    if kind == "replan":
        yield from replan.problems()
    elif kind == "national":
        with tempfile.TemporaryDirectory() as folder:
            national.sample.write(Path(folder) / "england", national.SCHOOLS, 10, 7)
            for leaders, farther in NATIONAL:
                yield f"{leaders}", national.built(leaders, farther, Path(folder))[0]
    elif kind == "gap":
        for path in sorted(gap.glob("*.txt")):
            yield path.stem, assignment(path)
    elif kind == "hard":
        for name in HARD.split():
            yield name, hard_cases.stated(name, 60)[1].problem
    else:
        for seed in range(4):
            yield f"small-{seed}", region(seed, 7, 14)
            yield f"large-{seed}", region(seed, 14, 30)


def assignment(path: Path) -> PlacementProblem:
    """Return a generalised assignment problem: agents are leaders, jobs posts, and every job must be done.

    Benefit is a large number, above every cost, less the cost: so the most jobs are done, at the least cost.
    """
    figures = np.array(path.read_text().split(), dtype=np.int64)
    agents, jobs = figures[:2].tolist()
    cost, need = figures[2 : 2 + 2 * agents * jobs].reshape(2, agents, jobs)
    most = figures[2 + 2 * agents * jobs :]
    large, every = 1000 * int(cost.max()), np.arange(agents * jobs)
    leader, post = np.divmod(every, jobs)
    rows = tuple(
        Row(f"agent {n}", "budget", "", "<=", int(most[n]), every[leader == n], need[n]) for n in range(agents)
    )
    names = tuple(str(n) for n in range(max(agents, jobs)))
    ends = leader.astype(np.int32), post.astype(np.int32)
    benefit, capacity = large - cost.reshape(-1), np.full(agents, jobs)
    return PlacementProblem(names[:agents], names[:jobs], np.arange(jobs), *ends, benefit, 1, rows, capacity)


def region(seed: int, leaders: int, posts: int) -> PlacementProblem:
    """A share of placements inside an area, a budget, and a share of the benefit, as tests/placement draws them."""
    generator = np.random.default_rng(seed)
    pairs = np.flatnonzero(generator.random(leaders * posts) < 0.4)
    leader, post = np.divmod(pairs, posts)
    benefit = generator.integers(2000, 60_000, len(pairs))
    cost = generator.choice([6, 8, 12, 15], leaders)[leader] * 1000
    inside, poor = np.arange(posts) * 5 < posts * 2, np.arange(posts) % 3 == 0
    rows = (
        Row("areas", "area_minimum", "", ">=", 0, np.arange(posts), np.where(inside, 3, -2), over="post"),
        Row("money", "budget", "", "<=", 7000 * leaders, np.arange(len(pairs)), cost),
        Row("fair", "deprived_share", "", ">=", 0, np.arange(len(pairs)), benefit * np.where(poor, 1, -1)[post]),
    )
    names = tuple(str(number) for number in range(posts))
    ends = (leader.astype(np.int32), post.astype(np.int32))
    return PlacementProblem(names[:leaders], names, np.arange(posts), *ends, benefit, 1000, rows)


if __name__ == "__main__":
    main()
