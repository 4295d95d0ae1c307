"""Whole worlds at random, tables in and plan out, against an independent model: how many, and how many mismatch.

Each world has 2 to 12 schools, 1 to 8 leaders and 1 to 14 posts, and mixes all rules, support, years, teams, spans,
worst draws, equity weights and prices. The model (tests/oracle/worlds) reads the tables in plain loops, by the
documentation of the rules, and finds the best plan with HiGHS, sharing of pupils and worst draws written out. Compared
are the eligible pairs, what each is worth and costs, whether there is a plan, its objective, and that the audit is
clean.

Usage: python benchmarks/worlds_check.py [--count N] [--seed S] [--no-shrink]
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.worlds.compare import Verdict, verdict
from tests.oracle.worlds.drawing import drawn
from tests.oracle.worlds.features import features, uses
from tests.oracle.worlds.shrink import shrunk

STEP = 100  # worlds between two lines that say how far it is


def main() -> int:
    parser = argparse.ArgumentParser(description="Check worlds at random against an independent model.")
    parser.add_argument("--count", type=int, default=300, help="how many worlds")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first world; the others follow")
    parser.add_argument("--no-shrink", action="store_true", help="print mismatches as drawn")
    asked = parser.parse_args()
    start, outcomes, there, used, wrong = time.monotonic(), Counter[str](), Counter[str](), Counter[str](), 0
    for seed in range(asked.seed, asked.seed + asked.count):
        said = verdict(drawn(seed))
        outcomes[said.outcome] += 1
        there.update(set(features(said.world)))
        used.update(set(uses(said)))
        if (seed - asked.seed) % STEP == STEP - 1:
            print(f"{seed - asked.seed + 1} worlds, {wrong} mismatches", file=sys.stderr, flush=True)
        if said.mismatch:
            wrong += 1
            _print(said if asked.no_shrink else shrunk(said))
    seconds = time.monotonic() - start
    last = asked.seed + asked.count - 1
    print(f"worlds {asked.count}, seeds {asked.seed} to {last}, mismatches {wrong}, {seconds:.0f} s")
    for name, count in (*outcomes.most_common(), *used.most_common()):
        print(f"  {count / asked.count:6.1%}  {count:6,}  {name}")
    print("worlds that have")
    for name, count in there.most_common():
        print(f"  {count / asked.count:6.1%}  {count:6,}  {name}")
    return 1 if wrong else 0


def _print(said: Verdict) -> None:
    world = said.world
    print(f"MISMATCH in world {world.seed}: {'; '.join(said.mismatch)}")
    print(
        f"  product: {said.answer.objective} {sorted(said.answer.plan)} {said.answer.error or ''} {said.answer.words}"
    )
    print(f"  model:   {said.value} {sorted(said.plan or ())} {said.outcome}")
    print(f"  scenario: { {name: value for name, value in world.keys.items() if value} }")
    for name in ("leaders", "posts", "schools", "pairs", "earlier", "forecast"):
        for row in getattr(world, name):
            shown = {key: value for key, value in row.items() if value is not None} if isinstance(row, dict) else row
            print(f"  {name}: {shown}")


if __name__ == "__main__":
    sys.exit(main())
