"""What a form offers and shows of a case: schools by name, places, trusts, leaders, and how far a school is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.place_names import PlaceKind, written
from pilotage.sources.pool.leader_names import leader_names

MOST = 50  # schools that a search lists


@dataclass(frozen=True)
class Choices:
    """The names that a scenario may use, sorted: of regions, authorities and trusts."""

    regions: tuple[str, ...]
    authorities: tuple[str, ...]
    trusts: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Return every region, authority and trust as a rule names it."""
        return (
            *(written(PlaceKind.REGION, name) for name in self.regions),
            *(written(PlaceKind.AUTHORITY, name) for name in self.authorities),
            *(written(PlaceKind.TRUST, name) for name in self.trusts),
        )


def choices_of(panel: SchoolPanel) -> Choices:
    """Return the names that the schools of a panel have."""
    return Choices(*(_names(panel.schools, column) for column in ("region", "authority", "trust")))


def rule_of(scenario: Scenario, kind: str) -> str | None:
    """Return the name of the first rule of a kind; None where the scenario has none."""
    return next((name for name, rule in scenario.rules.items() if rule.rule == kind), None)


def leaders_of(scenario: Scenario, case: Case | None) -> dict[str, str]:
    """Return every leader by id with the name, those left out included."""
    named = leader_names(scenario)
    if named or case is None:
        return named
    return {id_: id_ for id_ in case.pool.leaders["leader_id"].astype(str)}


def leader_label(names: Mapping[str, str], leader_id: str) -> str:
    """Return a leader as a form shows one: the name with the id, or the id alone where it is the name."""
    return leader_id if names[leader_id] == leader_id else f"{names[leader_id]} ({leader_id})"


def schools_named(case: Case, words: str) -> pd.DataFrame:
    """Return the schools in scope whose name, authority or URN has every word, sorted by name: at most ``MOST``."""
    schools = case.panel.schools
    inside = schools[schools["urn"].isin(case.urns)]
    text = inside["urn"].astype(str) + " " + inside["name"].fillna("") + " " + inside["authority"].fillna("")
    matching = pd.Series(True, index=inside.index)
    for word in words.split():
        matching &= text.str.casefold().str.contains(word.casefold(), regex=False)
    columns = ["urn", "name", "authority", "phase", "trust"]
    return inside.loc[matching, columns].sort_values(["name", "urn"], ignore_index=True).head(MOST)


def distance_km(case: Case, leader_id: str, urn: int) -> float | None:
    """Return how far a school is from a leader's base in a straight line; None where either place is not known."""
    leaders, schools = case.pool.leaders, case.panel.schools
    home = leaders.loc[leaders["leader_id"].astype(str) == leader_id, ["easting", "northing"]]
    place = schools.loc[schools["urn"] == urn, ["easting", "northing"]]
    if home.empty or place.empty:
        return None
    east, north = (home.to_numpy(dtype=float)[0] - place.to_numpy(dtype=float)[0]) / 1000
    km = math.hypot(east, north)
    return None if math.isnan(km) else km


def bases(case: Case) -> pd.DataFrame:
    """Return where the leaders' bases and the schools with a post are, in km on the national grid."""
    leaders = case.pool.leaders[["easting", "northing"]].assign(what="base of a leader")
    with_post = case.panel.schools["urn"].isin(case.posts.posts["urn"])
    posts = case.panel.schools.loc[with_post, ["easting", "northing"]].assign(what="school with a post")
    both = pd.concat([posts, leaders], ignore_index=True).dropna(subset=["easting", "northing"])
    return both.assign(easting=both["easting"] / 1000, northing=both["northing"] / 1000)


def _names(schools: pd.DataFrame, column: str) -> tuple[str, ...]:
    return tuple(sorted(schools[column].dropna().astype(str).unique()))
