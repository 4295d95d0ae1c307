"""Plans on many synthetic Englands, each valued on its truth: what the forecast is worth, and whether claims hold.

In each world (``WORLDS``) and for each seed, one forecast is made and these plans: the plan; the plan with all risks
equal, or shuffled among the schools of a phase; the plan without the need floor; highest risk first; greedy; random.
``world_plans`` makes and values them. Each world is one line in the work folder, so that a run that was stopped goes on
where it was. Delete the folder when the code or the sample has changed.

Usage: python benchmarks/worlds.py [--worlds N] [--jobs N] [--schools N] [--leaders N] [--resamples N] [--work DIR]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from results import RESULTS, machine, markdown, write_section
from world_plans import Size, run_world

from pilotage.sources.sample.world import World

TITLE = "Results of benchmarks/worlds.py"
WORLDS = {
    "validity 0": World(validity=0.0),
    "validity 0.25": World(),
    "validity 0.5": World(validity=0.5),
    "intake only": World(intake_only=True),
    "no effect": World(effect=0.0),
}
PLANS = {
    "plan": "the plan",
    "without_floor": "the plan without the need floor",
    "equal": "all risks equal (the floor bars nobody)",
    "shuffled": "risks shuffled within phase",
    "highest_risk_first": "highest risk first",
    "greedy_by_benefit": "greedy by modelled benefit",
    "random": "random",
}
CLAIMS = ("claimed", "low", "high", "drawn_low", "drawn_high")
LINE = "worlds.jsonl"
Row = dict[str, Any]


def main() -> None:
    asked = _asked()
    size = Size(asked.schools, asked.leaders, asked.resamples)
    rows = _all_rows(asked, size)
    text = report(rows, size)
    print(text)
    if asked.write:
        write_section(TITLE, text, RESULTS)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Value plans on the truth of many synthetic Englands.")
    parser.add_argument("--worlds", type=int, default=40, help="seeds of each kind of world")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    for name, value in asdict(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--work", type=Path, default=Path("runs/worlds"), help="folder of what is done already")
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave benchmarks/RESULTS.md as it is")
    return parser.parse_args()


def _all_rows(asked: argparse.Namespace, size: Size) -> list[Row]:
    """Return a row for each world and seed asked for, those done before read from the work folder."""
    asked.work.mkdir(parents=True, exist_ok=True)
    path = asked.work / LINE
    done = {_key(row): row for row in _read(path)}
    wanted = [(name, seed, asdict(size)) for seed in range(1, asked.worlds + 1) for name in WORLDS]
    left = [(name, seed) for name, seed, own in wanted if (name, seed, json.dumps(own)) not in done]
    for number, row in enumerate(_run(left, size, asked.jobs), start=1):
        with path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
        done[_key(row)] = row
        print(f"{number} of {len(left)}: {row['world']}, seed {row['seed']}", flush=True)
    return [done[name, seed, json.dumps(own)] for name, seed, own in wanted]


def _key(row: Row) -> tuple[str, int, str]:
    return row["world"], row["seed"], json.dumps(row["size"])


def _read(path: Path) -> list[Row]:
    """Return the rows of a file of JSON lines; a last line that was cut off is left out."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    whole, _, cut = text.rpartition("\n")
    if cut:
        path.write_text(f"{whole}\n" if whole else "", encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def _run(left: list[tuple[str, int]], size: Size, jobs: int) -> Any:
    """Yield the row of each world as it is done."""
    if jobs == 1:
        yield from (run_world(name, WORLDS[name], seed, size) for name, seed in left)
        return
    for name, value in {"JOBLIB_MULTIPROCESSING": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}.items():
        os.environ.setdefault(name, value)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for future in as_completed(pool.submit(run_world, name, WORLDS[name], seed, size) for name, seed in left):
            yield future.result()


def report(rows: list[Row], size: Size) -> str:
    """Return the tables as Markdown."""
    by_world = {name: [row for row in rows if row["world"] == name] for name in WORLDS}
    worlds = {name: own for name, own in by_world.items() if own}
    count = max(map(len, worlds.values()))
    return "\n\n".join(
        [
            f"{machine()}. Up to {count} worlds of each kind: {size.schools:,} schools, {size.leaders} leaders, "
            f"{size.resamples} resamples. Benefits are in pupil-months. Figures are medians over worlds, with the 5th "
            "and the 95th percentile.",
            "A share is of the plan's benefit in the same world, where that is above 0. `Together` is the sum over all "
            "worlds beside the plan's sum. With equal risks no school lies below the need floor, which leaves more "
            "schools to choose from. What the forecast is worth is seen from the plan beside shuffled risks (with the "
            "floor), and from the plan without the floor beside equal risks.",
            "## True benefit of each plan",
            _benefits(worlds, "true"),
            "## Without luck",
            "A leader of whom planners have no evidence counts with what is to be expected of leaders, the next "
            "appointment with what is to be expected given the school's true head now.",
            _benefits(worlds, "no_luck"),
            "## What the plan claims",
            _claims(worlds),
            "`Stated range`: the sums of the placements' ends, as reports give it. `Range of draws`: 5% to 95% of the "
            "draws of the whole plan. Both are 90% ranges. The claimed effect is a prior taken from published figures, "
            "not learnt from the world: where no head changes anything the claim is wrong by its whole size, and only "
            "the width of its range can cover 0.",
        ]
    )


def _benefits(worlds: dict[str, list[Row]], measure: str) -> str:
    table = []
    for world, rows in worlds.items():
        whole = np.array([row[measure]["plan"] for row in rows])
        for name, words in PLANS.items():
            own = np.array([row[measure][name] for row in rows])
            above = whole > 0
            share = _spread(own[above] / whole[above], "{:.2f}") if above.any() else "none"
            together = f"{own.sum() / whole.sum():.2f}" if whole.sum() > 0 else "none"
            table.append([world, words, _spread(own, "{:.0f}"), share, together])
    return markdown(("world", "plan", "benefit", "share of the plan's", "together"), table)


def _claims(worlds: dict[str, list[Row]]) -> str:
    table = []
    for world, rows in worlds.items():
        figures = {name: np.array([row[name] for row in rows]) for name in CLAIMS}
        true, expected = (np.array([row[measure]["plan"] for row in rows]) for measure in ("true", "no_luck"))
        claimed = figures["claimed"]
        pays = true.sum() > 0
        table.append(
            [
                world,
                _spread(claimed, "{:.0f}"),
                _spread(claimed[true > 0] / true[true > 0], "{:.2f}") if (true > 0).any() else "none",
                f"{claimed.sum() / true.sum():.2f}" if pays else "none",
                f"{claimed.sum() / expected.sum():.2f}" if pays else "none",
                *(_held(figures, value, "") for value in (true, np.zeros(len(rows)))),
                *(_held(figures, value, "drawn_") for value in (true, np.zeros(len(rows)))),
            ]
        )
    names = ("world", "claimed", "claimed / true", "together", "together, without luck")
    held = ("stated range holds the truth", "and 0", "range of draws holds the truth", "and 0")
    return markdown((*names, *held), table)


def _held(figures: dict[str, Any], value: Any, kind: str) -> str:
    """Return the share of worlds whose range holds a value."""
    return f"{np.mean((figures[f'{kind}low'] <= value) & (value <= figures[f'{kind}high'])):.0%}"


def _spread(values: Any, form: str) -> str:
    low, middle, high = (form.format(end) for end in np.quantile(values, [0.05, 0.5, 0.95]))
    return f"{middle} ({low} to {high})"


if __name__ == "__main__":
    main()
