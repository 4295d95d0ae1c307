"""Scenarios made from the schema: keys and rules of every kind with values that fit, or nearly; and what extends what.

``python benchmarks/fuzz/generated.py --examples 500 --seed 1`` draws that many and prints what is wrong.
"""

from __future__ import annotations

import random
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from pilotage.config.overlay import Resolved, resolve
from pilotage.config.refusals.allowed import schema_of
from pilotage.config.refusals.located import located
from pilotage.config.scenario import Scenario

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fuzz.harness import Answer, Harness, run
from fuzz.outcome import faults, outcome_of, written_in
from fuzz.scenarios import WRITTEN, Tree, Written, broken_bytes, text_of
from pilotage.domain.panel import SchoolPanel
from pilotage.sources.assemble import scope_urns
from pilotage.sources.evidence import RETIRED, load_evidence
from pilotage.sources.sample import build
from pilotage.sources.sample.panel import sample_panel

Draw = random.Random
Schema = dict[str, Any]
NAMES = ("north", "first-year", "a.b", "2016", "extra")
PLACES = (
    *("Derby", "London", "region: London", "authority: Derby", "North West", "Nowhere", "opportunity area: Derby"),
    *("trust: none", "derby", "Greater London", "L001", "110000", "head", "overall_grade", "x"),
)
DAYS = ("2016-08-31", "2016-09-01", "2015-01-01", "2030-12-31")
PATHS = ("leaders.csv", "posts.csv", "../x.xlsx", "")
PARENTS = ("baseline", "england-2014", "a", "b", "c", "nowhere", "baselin", "c.yaml", ".", "5", "x" * 300)


def value_of(draw: Draw, node: Schema, key: str = "") -> Any:
    """Return a value that fits a schema, or nearly."""
    option = draw.choice(node.get("anyOf") or [node])
    if "discriminator" in option:
        return value_of(draw, draw.choice(list(option["discriminator"]["mapping"].values())))
    if "const" in option or "enum" in option:
        return draw.choice(option.get("enum") or [option["const"]])
    kind = option.get("type")
    if kind == "object":
        return _mapping(draw, option)
    if kind == "array":
        least = option.get("minItems", 0)
        return [value_of(draw, option.get("items", {}), key) for _ in range(draw.choice((least, 1, 2)))]
    if kind in ("integer", "number"):
        return _number(draw, option, whole=kind == "integer")
    if kind == "boolean":
        return draw.random() < 0.5
    return None if kind == "null" else _text(draw, option)


def _mapping(draw: Draw, option: Schema) -> Tree:
    needed = option.get("required", ())
    own = {
        name: value_of(draw, below, name)
        for name, below in option.get("properties", {}).items()
        if name in needed or draw.random() < 0.35
    }
    below = option.get("additionalProperties")
    if isinstance(below, dict):
        names = option.get("propertyNames", {}).get("enum") or (*NAMES, *_parameters())
        own |= {str(draw.choice(names)): value_of(draw, below) for _ in range(draw.choice((0, 1, 2)))}
    return own


@cache
def _parameters() -> tuple[str, ...]:
    return (*load_evidence({}).parameters, *RETIRED)


def _number(draw: Draw, option: Schema, *, whole: bool) -> float | int:
    low = option.get("minimum", option.get("exclusiveMinimum", 0))
    high = option.get("maximum", option.get("exclusiveMaximum", low + 100))
    near, far = draw.uniform(low, min(high, low + 10)), draw.uniform(low, high)
    value = draw.choice((near,) * 6 + (far,) * 6 + (low, high, low, high, high + 1, low - 1))
    return round(value) if whole and draw.random() < 0.97 else round(float(value), 3)


def _text(draw: Draw, option: Schema) -> str:
    known = {"date": DAYS, "path": PATHS}.get(option.get("format", ""), PLACES)
    return draw.choice(("north-2016", "a") if "pattern" in option else known)


def drawn_tree(draw: Draw) -> Tree:
    """Return some keys of a scenario with values by the schema; now and then one is written otherwise."""
    properties = schema_of(Scenario)["properties"]
    keys = draw.sample(sorted(properties), draw.choice((1, 2, 4, 8)))
    tree: Tree = {key: value_of(draw, properties[key], key) for key in dict.fromkeys(("rules", *keys))}
    if draw.random() < 0.3:
        tree[draw.choice(sorted(tree))] = Written(draw.choice(WRITTEN))
    if draw.random() < 0.5:
        tree.pop("rules")
    if draw.random() < 0.2:
        tree = {"impact": {"parameters": {draw.choice(_parameters()): draw.choice((0, 0.5, 1, 50)) for _ in range(2)}}}
    return tree


def drawn_files(seed: int) -> dict[str, bytes]:
    """Return the files of a seed by name: a scenario, and perhaps some that it extends."""
    draw = random.Random(seed)
    names = ("a", "b", "c")[: draw.choice((1, 1, 1, 2, 3))]
    files = {}
    for name in names:
        tree = drawn_tree(draw)
        if draw.random() < 0.2:
            tree["rules"] = {draw.choice(("travel", "consent", *NAMES)): None}
        parents = [draw.choice(PARENTS) for _ in range(draw.choice((1, 2, 2)))]
        extends = (
            "baseline" if name == names[-1] and draw.random() < 0.8 else parents if len(parents) > 1 else parents[0]
        )
        text = text_of({"extends": extends if len(names) > 1 or draw.random() < 0.1 else "baseline"} | tree)
        files[f"{name}.yaml"] = broken_bytes(draw, text) if draw.random() < 0.1 else text.encode(errors="replace")
    return files


@cache
def _panel() -> SchoolPanel:
    """Return a small synthetic England, built once for all seeds."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "sample"
        build.write(place, schools=60, leaders=4, seed=1)
        return sample_panel(place, build.AS_OF, build.AREA_LIST)


def use(resolved: Resolved) -> None:
    """Look up all that a scenario names: parameters of evidence, and places."""
    with located(resolved.leaves):
        load_evidence(resolved.scenario.impact.parameters)
        scope_urns(_panel(), resolved.scenario)


def answer(seed: int, folder: Path) -> Answer:
    """Return what the scenario of a seed comes to, and what is wrong with that."""
    files = drawn_files(seed)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    settings = ["scope.phases=[primary]"] if seed % 5 == 0 else []
    outcome = outcome_of(lambda: use(resolve(str(folder / "a.yaml"), settings)))
    return outcome, faults(outcome, "\n".join(map(written_in, files.values())))


HARNESSES = (Harness("scenarios by the schema", answer, 120),)

if __name__ == "__main__":
    sys.exit(run(HARNESSES, __doc__))
