"""Reviews beside a run, without logic: the state of areas, what the files cover, and the back-test of forecasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pilotage import assets
from pilotage.config.overlay import Resolved

if TYPE_CHECKING:
    from pilotage.domain.findings.areas import AreaState
    from pilotage.domain.findings.evaluation import Evaluation
    from pilotage.sources.schools.coverage import Coverage

Say = Callable[[str], None]


def _silent(_message: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Covered:
    """What the files there are say of a scenario's schools: ``present`` are their URNs, in scope or not.

    ``said`` is the age and the coverage of the data in words, as a run's first screen has them.
    """

    name: str
    as_of: date
    folder: Path | None
    present: set[int]
    schools: int
    figures: list[Coverage]
    said: tuple[str, ...] = ()


def areas(resolved: Resolved, key_stage: str, against: Sequence[str] = (), say: Say = _silent) -> AreaState:
    """Return the state of the areas of the scenario's list, against other lists as wholes."""
    from pilotage.domain.area_lists import area_list, area_lists, area_of_schools
    from pilotage.domain.findings.area_state import area_state
    from pilotage.report.run.data import caution_line
    from pilotage.sources import assemble

    for name in against:
        area_list(name)
    panel = assemble.whole_panel(resolved.scenario, cache=assets.cache(), say=say)
    lists = area_lists()
    compared = {lists[name]["label"]: area_of_schools(panel.schools, name) for name in against}
    name = resolved.scenario.data.area_list
    state = area_state(panel, lists[name]["label"], key_stage, compared)
    absent = sorted({*area_list(name)} - {*panel.schools["area"].dropna()})
    gaps = (f"Not covered, since the data has no school there: {', '.join(absent)}.",) if absent else ()
    part = caution_line(panel, resolved.scenario)
    return replace(state, notes=(*((part,) if part else ()), *gaps, *state.notes))


def covered(resolved: Resolved, say: Say = _silent) -> Covered:
    """Return what is known of a scenario's schools, and what it lacks."""
    from pilotage.report.run.data import data_words
    from pilotage.sources import assemble
    from pilotage.sources.schools import coverage

    scenario = resolved.scenario
    panel = assemble.load_panel(scenario, cache=assets.cache(), say=say)
    urns = assemble.scope_urns(panel, scenario)
    present = set(panel.schools["urn"].tolist())
    figures = coverage.coverage(panel, urns)
    said = data_words(panel, urns, scenario)
    return Covered(scenario.name, scenario.as_of, scenario.data.folder, present, len(urns), figures, said)


def evaluate(resolved: Resolved, say: Say = _silent) -> Evaluation:
    """Back-test the forecasts of a scenario: each fold sees the schools as of its own day."""
    from pilotage.domain.inputs import changed
    from pilotage.errors import DataError, raise_all
    from pilotage.risk.evaluation.evaluate import evaluate as tested
    from pilotage.risk.evaluation.folds import AsOf
    from pilotage.risk.spec.load import load_specs, with_labels_from
    from pilotage.sources import assemble

    scenario, cache, read = resolved.scenario, assets.cache(), dict[Path, str]()

    @lru_cache(maxsize=4)
    def known_at(day: date) -> AsOf:
        panel = assemble.whole_panel(scenario.model_copy(update={"as_of": day}), cache=cache, say=say)
        again = [each for each in panel.inputs if read.setdefault(each.path, each.sha256) != each.sha256]
        raise_all(DataError, (changed(each.path) for each in again))
        return AsOf(panel, assemble.scope_urns(panel, scenario))

    specs = with_labels_from(load_specs(assets.models()), scenario.risk.labels_from)
    return tested(known_at, scenario, specs=specs, store=assets.store(), say=say)
