"""Canonical tables -> SchoolPanel, and the schools that a scenario means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage import assets
from pilotage.config.scenario import Scenario
from pilotage.domain.area_lists import area_list
from pilotage.domain.cover import part_words
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.place_names import PlaceKind, PlaceNames, written
from pilotage.errors import DataError, Problem, ScenarioError, raise_all
from pilotage.sources.sample.panel import sample_panel
from pilotage.sources.schools.regimes import crosswalk


def whole_panel(scenario: Scenario, *, cache: Path, say: Callable[[str], None]) -> SchoolPanel:
    """Return all that is known of the schools of a scenario, which are those of all England or accepted as a part.

    Raises
    ------
    DataError
        When files are missing or broken, or the list of schools covers a part of England and ``data.partial`` does not
        accept that.
    """
    panel = load_panel(scenario, cache=cache, say=say)
    raise_all(DataError, part_of_england(scenario, panel))
    return panel


def part_of_england(scenario: Scenario, panel: SchoolPanel) -> list[Problem]:
    """Return a problem where the list of schools covers a part of England, which ``data.partial`` does not accept."""
    phases, cover = scenario.scope.phases, panel.cover
    if scenario.data.partial == "accept" or cover is None or not cover.is_part(phases):
        return []
    where, allowed = str(assets.data_folder(scenario.data.folder)), "a list of all England's schools"
    do = "bring the whole list, or set data.partial: accept; ranks and averages are then of this part alone"
    what = f"the list of schools covers a part of England: {part_words(cover, phases)}"
    return [Problem(where, what, allowed, do)]


def load_panel(scenario: Scenario, *, cache: Path, say: Callable[[str], None]) -> SchoolPanel:
    """Return all that is known of the schools of a scenario, from the sample or from official files.

    They may be those of a part of England, which ``part_of_england`` tells.

    Raises
    ------
    DataError
        When files are missing or broken.
    """
    area_list(scenario.data.area_list)
    crosswalk(scenario.data.crosswalk)
    data = scenario.data
    if data.source == "sample":
        _expect_no_proxy(data.grade_proxy)
        return _sample(scenario, cache)
    return _official(scenario, cache, say)


def _sample(scenario: Scenario, cache: Path) -> SchoolPanel:
    """Return the panel of a synthetic England, from the cache if it holds that panel."""
    from pilotage.sources.stored_panel import Origin, stored_panel

    data, day = scenario.data, scenario.as_of
    folder = data.folder or assets.sample()

    def make() -> SchoolPanel:
        return sample_panel(folder, day, data.area_list)

    return stored_panel(Origin(folder, day, (data.area_list,), sample=True), cache, make)


def _official(scenario: Scenario, cache: Path, say: Callable[[str], None]) -> SchoolPanel:
    """Return the panel of official files, from the cache if it holds that panel."""
    from pilotage.sources.schools.grade_proxy import proxied_panel
    from pilotage.sources.schools.official import official_panel
    from pilotage.sources.stored_panel import Origin, stored_panel

    data, day = scenario.data, scenario.as_of
    folder = assets.data_folder(data.folder)

    def make() -> SchoolPanel:
        if data.grade_proxy is not None:
            return proxied_panel(folder, day, data.area_list, data.grade_proxy, cache=cache, say=say)
        return official_panel(folder, day, data.area_list, crosswalk_name=data.crosswalk, cache=cache, say=say)

    return stored_panel(Origin(folder, day, (data.area_list, data.crosswalk, data.grade_proxy)), cache, make)


def _expect_no_proxy(grade_proxy: str | None) -> None:
    """Raise where a proxy is named for the sample."""
    if grade_proxy is not None:
        what = f"{grade_proxy}, but the sample has leadership grades of its own"
        raise ScenarioError(Problem("data.grade_proxy", what, "empty, with data.source: sample", "leave it empty"))


def scope_urns(panel: SchoolPanel, scenario: Scenario) -> NDArray[np.int64]:
    """Return the URNs in scope, ascending.

    Raises
    ------
    ScenarioError
        For each region, authority, trust or URN of the scope that no school has, and each place that is named anywhere
        in the scenario and is unknown or not clear.
    DataError
        When no school is in scope.
    """
    scope, schools = scenario.scope, panel.schools
    places = PlaceNames(schools, scenario.data.area_list)
    unknown = [
        *_unknown(scope.regions, schools["region"], "scope.regions"),
        *_unknown(scope.authorities, schools["authority"], "scope.authorities"),
        *_unknown(scope.exclude_urns, schools["urn"], "scope.exclude_urns"),
        *(fault for where, names in named_places(scenario).items() for fault in places.faults(where, names)),
    ]
    raise_all(ScenarioError, unknown)
    inside = ~schools["urn"].isin(scope.exclude_urns) & (schools["closed_on"].isna() | _closes_later(panel))
    for wanted, column in ((scope.phases, "phase"), (scope.regions, "region"), (scope.authorities, "authority")):
        inside &= schools[column].isin(wanted) if wanted else True
    inside &= schools["urn"].isin(places.urns(scope.areas)) if scope.areas else True
    inside &= schools["trust"].isin(scope.trusts) if scope.trusts else True
    inside &= ~schools["trust"].isin(scope.exclude_trusts)
    if not inside.any():
        what = f"no school of {len(schools):,} is in scope"
        raise DataError(Problem("scope", what, "at least one", "widen phases, regions, authorities, areas or trusts"))
    urns: NDArray[np.int64] = np.sort(schools.loc[inside, "urn"].to_numpy(dtype=np.int64))
    return urns


def _closes_later(panel: SchoolPanel) -> pd.Series:
    return panel.schools["closed_on"] > pd.Timestamp(panel.as_of)


def _unknown(wanted: Iterable[str | int], column: pd.Series, key: str) -> list[Problem]:
    known = set(column.dropna())
    return [_no_such(key, name, [str(value) for value in known]) for name in wanted if name not in known]


def named_places(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the places that a scenario names, by the key of each list of names."""
    scope = scenario.scope
    trusts = {"scope.trusts": scope.trusts, "scope.exclude_trusts": scope.exclude_trusts}
    return {
        "scope.areas": scope.areas,
        **{key: tuple(written(PlaceKind.TRUST, name) for name in names) for key, names in trusts.items()},
        **{
            f"rules.{key}.{part}": names
            for key, rule in scenario.rules.items()
            for part, names in rule.place_names().items()
        },
        "objective.equity_weights.areas": tuple(scenario.objective.equity_weights.areas),
    }


def _no_such(key: str, name: str | int, known: list[str]) -> Problem:
    near = get_close_matches(str(name), known, 1, 0.5)
    allowed = ", ".join(sorted(known)) if len(known) <= 12 else f"one of the {len(known):,} in the data"
    hint = f"did you mean {near[0]!r}?" if near else "correct it"
    return Problem(key, f"{str(name)!r} is in no school's data", allowed, hint, key=tuple(key.split(".")))
