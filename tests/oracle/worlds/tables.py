"""A drawn world: plain rows of tables and a plain scenario, and what the product reads them as."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.answers import BODY, CONFLICT, PAIR, Answer, Asked
from pilotage.domain.evidence import Evidence
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.known_schools import COLUMNS, KnownSchools
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.placement.eligibility.answered import with_answers
from pilotage.placement.eligibility.known_pairs import with_known_pairs
from pilotage.placement.prospects import with_prospects
from pilotage.sources.evidence import load_evidence

Row = dict[str, Any]
GAP_SD = "gap_sd_months_at_horizon"
Name = tuple[str, str]  # leader_id, post_id


@dataclass(frozen=True)
class World:
    """Rows of the tables (absent values are None), the scenario's keys, and the forecast of each school in scope.

    ``draws`` has, by URN, the chance of a fall in each draw of the forecast; none where the forecast has no draws.
    ``beside``: schools that those in scope are compared with; None where the forecast names none. ``known_schools``:
    what planners know of schools, one row each; ``conflicts``: leaders with the schools that they may not go to.
    """

    seed: int
    schools: tuple[Row, ...]
    years: tuple[Row, ...]
    leaders: tuple[Row, ...]
    posts: tuple[Row, ...]
    pairs: tuple[Row, ...]
    earlier: tuple[Name, ...]
    forecast: tuple[Row, ...]
    draws: dict[int, list[float]]
    keys: Row
    beside: tuple[Row, ...] | None = None
    known_schools: tuple[Row, ...] = ()
    conflicts: tuple[tuple[str, int], ...] = ()

    @property
    def as_of(self) -> date:
        day: date = self.keys["as_of"]
        return day

    @property
    def scope(self) -> list[int]:
        """Return the schools in scope: those of the forecast."""
        return [row["urn"] for row in self.forecast]

    @property
    def compared(self) -> list[Row]:
        """Return the schools compared with their phases; spreads of gaps are known where the forecast names them."""
        rows = [row | {"phase": self.school(row["urn"])["phase"]} for row in (*self.forecast, *(self.beside or ()))]
        return rows if self.beside is not None else [row | {GAP_SD: None} for row in rows]

    def rules(self, *kinds: str) -> list[tuple[str, Row]]:
        """Return the names and the keys of the rules of some kinds, in the scenario's order."""
        return [(name, rule) for name, rule in self.keys["rules"].items() if rule["rule"] in kinds]

    def known_of(self, urn: int) -> Row:
        """Return what planners know of a school; nothing of most."""
        nothing = dict.fromkeys(("supported_by", "supported_until", "readvertised", "consent_of_body"))
        return next((row for row in self.known_schools if row["urn"] == urn), nothing)

    def school(self, urn: int) -> Row:
        return next(row for row in self.schools if row["urn"] == urn)

    @property
    def asked(self) -> Row | None:
        """Return what the scenario says of prospects, if it has any."""
        given: Row | None = self.keys["pool"].get("prospects")
        return given

    @property
    def prospects(self) -> tuple[Row, ...]:
        """Return the posts that may come open: of each level asked, at each school in scope without such a post."""
        known = {(post["urn"], post["level"]) for post in self.posts}
        this = date(self.as_of.year, 9, 1)
        start = this if self.as_of <= this else date(self.as_of.year + 1, 9, 1)
        end = date(start.year + 1, 8, 31)
        row = {
            "opens_on": start,
            "opens_by": end,
            "consent": "unknown",
            "subject": None,
            "requires": None,
            "salary_gbp": None,
        }
        return tuple(
            row | {"post_id": f"ask: {urn} {level}", "urn": urn, "level": level, "prospect": True}
            for urn in self.scope
            for level in (self.asked or {"levels": []})["levels"]
            if (urn, level) not in known
        )

    @property
    def every_post(self) -> tuple[Row, ...]:
        return (*self.posts, *self.prospects)

    def with_keys(self, **keys: Any) -> World:
        return replace(self, keys=self.keys | keys)


def _frame(schema: Any, rows: tuple[Row, ...]) -> pd.DataFrame:
    frame = pd.DataFrame([{name: row.get(name) for name in schema.columns} for row in rows])
    return tables.validated(schema, frame.reindex(columns=list(schema.columns)), "world")


def _panel(world: World) -> SchoolPanel:
    empty = pd.DataFrame()
    schools, years = _frame(tables.SCHOOLS, world.schools), _frame(tables.SCHOOL_YEARS, world.years)
    return SchoolPanel(world.as_of, schools, empty, years, empty, empty, True)


def risks(world: World) -> RiskForecast:
    """Return the forecast as the product reads it."""
    signals = ["p_below_good", "gap_months_at_horizon"]
    table = _figures(world.forecast, ["need", "p_fall_if_inspected", *signals])
    compared = None
    if world.beside is not None:
        figures = _figures(tuple(world.compared), [*signals, GAP_SD])
        compared = figures.assign(phase=[row["phase"] for row in world.compared]).sort_values("urn", ignore_index=True)
    given = [world.draws[urn] for urn in table["urn"]] if world.draws else []
    draws = {"p_fall_if_inspected": np.array(given, dtype=np.float32)} if given else {}
    return RiskForecast(world.as_of, table, {}, draws, compared)


def _figures(rows: tuple[Row, ...], names: list[str]) -> pd.DataFrame:
    """Return figures of schools as floats, beside their URN."""
    frame = pd.DataFrame([{name: row[name] for name in ("urn", *names)} for row in rows])
    return frame.astype({"urn": "int64"} | dict.fromkeys(names, float))


@cache
def _shipped() -> Evidence:
    return load_evidence({})


def evidence_of(world: World) -> Evidence:
    """Return the parameters, those that the scenario replaces replaced; the file is read once."""
    shipped = _shipped().parameters
    given = world.keys["impact"]["parameters"].items()
    return Evidence(shipped | {name: replace(shipped[name], value=value, changed=True) for name, value in given})


def values_of(world: World) -> dict[str, float]:
    """Return the value of each parameter."""
    return {name: one.value for name, one in evidence_of(world).parameters.items()}


def known(world: World) -> Case:
    """Return what the product knows before deciding."""
    scenario, panel = Scenario.model_validate(world.keys), _panel(world)
    evidence = evidence_of(world)
    urns = np.array(world.scope, dtype=np.int64)
    earlier = pd.DataFrame(list(world.earlier), columns=["leader_id", "post_id"])
    plans = {name: earlier for name, _ in world.rules("moves")}
    stated = Posts(_frame(tables.POSTS, world.posts), True, (), _frame(tables.PAIRS, world.pairs), plans)
    stated = replace(stated, schools=_known_schools(world), answers=_conflicts(world))
    pool = LeaderPool(_frame(tables.LEADERS, world.leaders), True)
    final = with_known_pairs(scenario, stated.pairs)
    return with_answers(with_prospects(Case(final, panel, urns, pool, stated, evidence)))


def _known_schools(world: World) -> KnownSchools:
    table = pd.DataFrame([{name: row.get(name) for name in ("urn", *COLUMNS)} for row in world.known_schools])
    typed = table.reindex(columns=["urn", *COLUMNS]).astype({"urn": "int64", "supported_until": "datetime64[ns]"})
    said = {row["urn"]: row["consent_of_body"] for row in world.known_schools if row["consent_of_body"]}
    standing = {urn: _answer(Asked(urn, None), BODY, word) for urn, word in said.items()}
    return KnownSchools(typed.set_index("urn"), standing)


def _conflicts(world: World) -> tuple[Answer, ...]:
    return tuple(_answer(Asked(urn, None, leader), PAIR, CONFLICT) for leader, urn in world.conflicts)


def _answer(asked: Asked, party: str, said: str) -> Answer:
    return Answer(asked, party, said, None, None, None, Path("table.csv"), 2)
