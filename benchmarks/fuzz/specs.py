"""Specs of outcomes drawn at random: mutations of models/*/spec.yaml, and texts between valid and broken.

``python benchmarks/fuzz/specs.py --examples 500 --seed 1`` draws that many and prints what is wrong with the answer.
"""

from __future__ import annotations

import random
import sys
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from pilotage import assets
from pilotage.domain.outcomes import OUTCOMES

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.outcome import Outcome, faults, outcome_of, written_in
from fuzz.scenarios import Tree, broken_bytes, mutated_tree, text_of
from pilotage.risk.spec.load import load_spec


@cache
def real_specs() -> dict[str, Tree]:
    """Return the shipped specs as trees of texts, numbers, lists and mappings, by outcome."""
    texts = {name: (assets.models() / name / "spec.yaml").read_text(encoding="utf-8") for name in OUTCOMES}
    return {name: YAML(typ="safe", pure=True).load(text) for name, text in texts.items()}


def drawn_spec(seed: int) -> tuple[str, bytes]:
    """Return the outcome and the bytes of the spec of a seed; now and then it is the spec of another outcome."""
    draw = random.Random(seed)
    names = list(OUTCOMES)
    name = draw.choice(names)
    tree = real_specs()[name if draw.random() < 0.97 else draw.choice(names)]
    return name, broken_bytes(draw, text_of(mutated_tree(draw, [tree])))


def outcome_of_spec(name: str, content: bytes, folder: Path) -> Outcome:
    """Return what comes of a spec's file."""
    path = folder / name / "spec.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return outcome_of(lambda: load_spec(folder, name))


def answer(seed: int, folder: Path) -> Answer:
    """Return what the spec of a seed comes to, and what is wrong with that."""
    name, content = drawn_spec(seed)
    outcome = outcome_of_spec(name, content, folder)
    return outcome, faults(outcome, written_in(content))


HARNESSES = (Harness("specs of outcomes", answer, 80),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
