"""Back-tests of the chance of a fall on real windows of their own, beside those of the shipped scenarios' cards.

Every window is forecast from what was known on its first day, and measured by the area under the curve and the log loss
with 95% intervals from resamples of schools. The windows:

- autumn-2014: leadership grades of September to December 2014, as of 30 April 2014 (that of the card of england-2014).
- spring-2015: inspections of January to May 2015, as of 31 December 2014. No list at hand has their leadership grades:
  the overall grade stands for it in what is tested, from a history of the schools that were open in 2020, so schools
  that closed before are missing. What is learnt from are leadership grades.
- secondaries-2018, secondaries-2019: overall grades of a school year, as of the 31 August before: those of the card of
  england-2019-secondary.
- primaries-2019: primary schools, overall grades of 2018/19, as of 31 August 2018.

Usage: PILOTAGE_REAL_DATA=FOLDER python benchmarks/forecast_windows.py [RESAMPLES [WINDOW ...]]
"""

import os
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pilotage import assets
from pilotage.assets import Store
from pilotage.config.overlay import resolve
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators.bootstrap import interval, on_all, resampled
from pilotage.risk.evaluation.backtest import Tested, Trainer, temporal
from pilotage.risk.evaluation.folds import AsOf, Fold
from pilotage.risk.evaluation.measures import accuracy, discrimination, ranking
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import load_specs
from pilotage.sources import assemble

SEED, LEVEL, DRAWN = 1, 0.95, 1000
GRADES = ["teaching_grade", "behaviour_grade", "achievement_grade"]


@dataclass(frozen=True)
class Window:
    """A window: the scenario whose files and grade it uses, its phases (none: all), and its days."""

    scenario: str
    phases: tuple[str, ...]
    trained_to: date
    tested_from: date
    tested_to: date
    overall_after: bool = False  # the overall grade stands for leadership in what is tested alone


SECONDARY = ("secondary", "all_through")
WINDOWS = {
    "autumn-2014": Window("england-2014", (), date(2014, 4, 30), date(2014, 9, 1), date(2014, 12, 31)),
    "spring-2015": Window("england-2014", (), date(2014, 12, 31), date(2015, 1, 1), date(2015, 5, 31), True),
    "secondaries-2018": Window(
        "england-2019-secondary", SECONDARY, date(2017, 8, 31), date(2017, 9, 1), date(2018, 8, 31)
    ),
    "secondaries-2019": Window(
        "england-2019-secondary", SECONDARY, date(2018, 8, 31), date(2018, 9, 1), date(2019, 8, 31)
    ),
    "primaries-2019": Window(
        "england-2019-secondary", ("primary",), date(2018, 8, 31), date(2018, 9, 1), date(2019, 8, 31)
    ),
}


def main(resamples: int = 60, *names: str) -> None:
    print("| window | rows | happened | mean forecast | area under the curve | log loss | baselines: area |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in names or WINDOWS:
            tested = tested_in(name, WINDOWS[name], resamples, Path(folder))
            if out := os.environ.get("PILOTAGE_PREDICTIONS"):
                tested.rows.to_csv(Path(out) / f"{name}.csv", index=False)
            print(line(name, tested), flush=True)


def tested_in(name: str, window: Window, resamples: int, folder: Path) -> Tested:
    """Return what was forecast in a window and what came."""
    panel = panel_of(window, window.scenario, folder)
    if window.overall_after:
        panel = with_overall_after(panel, panel_of(window, "england-2019-secondary", folder), window)
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    spec = spec.model_copy(update={"estimator": spec.estimator.model_copy(update={"resamples": resamples})})
    inside = panel.schools["phase"].isin(window.phases) if window.phases else panel.schools["urn"].notna()
    urns = np.sort(panel.schools.loc[inside, "urn"].to_numpy(dtype=np.int64))
    fold = Fold(name, "temporal", window.trained_to, window.tested_from, window.tested_to)
    return temporal(AsOf(panel, urns), Trainer(spec, SEED, Store(folder), lambda _: None), fold)[0]


def panel_of(window: Window, scenario: str, folder: Path) -> SchoolPanel:
    real = f"data.folder={os.environ['PILOTAGE_REAL_DATA']}"
    resolved = resolve(scenario, [real, f"as_of={window.trained_to}"])
    return assemble.load_panel(resolved.scenario, cache=assets.cache(), say=lambda _: None)


def with_overall_after(panel: SchoolPanel, proxied: SchoolPanel, window: Window) -> SchoolPanel:
    """Return a panel with the overall grades of the window as its leadership grades, known on the inspection's day."""
    rows = proxied.inspections
    days = (pd.Timestamp(window.tested_from), pd.Timestamp(window.tested_to))
    later = rows[rows["inspected_on"].between(*days) & rows["urn"].isin(panel.schools["urn"])]
    later = later.assign(known_on=later["inspected_on"])
    held = panel.inspections[panel.inspections["inspected_on"] < days[0]]
    return replace(panel, inspections=pd.concat([held, later], ignore_index=True).astype(held.dtypes.to_dict()))


def line(name: str, tested: Tested) -> str:
    """Return a window's row of the table."""
    rows = tested.rows
    p, y, schools = (rows[column].to_numpy() for column in ("p", "y", "urn"))
    area = {"": p} | {column: rows[column].to_numpy() for column in rows if str(column).startswith("baseline_")}
    auc, *simple = (ranged("auc", scores, y, schools) for scores in area.values())
    named = [column.removeprefix("baseline_").replace("_", " ") for column in area if column]
    baselines = "; ".join(f"{label} {text.split(' ')[0]}" for label, text in zip(named, simple, strict=True))
    loss = ranged("log_loss", p, y, schools)
    return f"| {name} | {len(rows):,} | {y.mean():.0%} | {p.mean():.0%} | {auc} | {loss} | {baselines} |"


def ranged(measure: str, p: np.ndarray, y: np.ndarray, schools: np.ndarray) -> str:
    """Return a measure with its interval."""
    ranked = ranking(p)

    def measures(weights: np.ndarray) -> dict[str, np.ndarray]:
        return accuracy(p, y, weights) if measure == "log_loss" else discrimination(ranked, y, weights)

    value = on_all(measures, len(p))[measure]
    ends = interval(resampled(measures, schools, DRAWN, SEED)[measure], LEVEL)
    assert ends is not None
    return f"{value:.3f} [{ends[0]:.3f}, {ends[1]:.3f}]"


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]), *sys.argv[2:])
