"""The leader in the middle of each kind of leader, and the pool with a copy of some of them.

A kind is a level, the phases and the region of home. Its typical leader is the one nearest to the middle of the kind
in quality (months beside a median head, as the plan takes them) and in travel limit: by the sum of the distances of
its two ranks from the middle one; of equals the first by ``leader_id``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from pilotage.case.case import Case
from pilotage.domain.findings.prices import TypicalLeader
from pilotage.domain.tables import LEVELS
from pilotage.placement.valuation.counterfactual import PRIMARY_LIKE
from pilotage.placement.valuation.leader_effects import own_months

KIND = ["level", "phases", "region"]
STAGES = ("primary", "secondary")


def typical_leaders(case: Case) -> list[TypicalLeader]:
    """Return the typical leader of each kind in the pool, by level, phases and region."""
    table = _kinds(case)
    kinds = table.groupby(KIND, dropna=False, sort=False)
    found = [_typical(of_kind.reset_index(drop=True)) for _, of_kind in kinds]
    return sorted(found, key=lambda each: (LEVELS.index(each.level), each.phases, each.region or ""))


def with_copies(case: Case, leader_ids: Sequence[str]) -> Case:
    """Return the case with a copy of each of some leaders below the others: alike in all but the name, in no team."""
    leaders = case.pool.leaders
    rows = leaders.set_index("leader_id", drop=False).loc[list(leader_ids)].reset_index(drop=True)
    rows = rows.assign(leader_id=_new_names(leaders["leader_id"].tolist(), leader_ids), team_id=None)
    both = pd.concat([leaders, rows.astype(leaders.dtypes.to_dict())], ignore_index=True)
    return replace(case, pool=replace(case.pool, leaders=both))


def _new_names(taken: Sequence[str], leader_ids: Sequence[str]) -> list[str]:
    """Return a name for each copy that no leader has."""
    mark = "copy of "
    while any(name.startswith(mark) for name in taken):
        mark = f"another {mark}"
    return [f"{mark}{name}" for name in leader_ids]


def _kinds(case: Case) -> pd.DataFrame:
    """Return the leaders with their phases in order, the region of their homes, and their quality in months."""
    leaders = case.pool.leaders
    phases = [tuple(sorted({part.strip() for part in str(cell).split(";")} - {""})) for cell in leaders["phases"]]
    by_stage = {stage: own_months(leaders, np.ones(len(leaders)), case.evidence, stage).mean for stage in STAGES}
    stages = [STAGES[0] if set(some) & set(PRIMARY_LIKE) else STAGES[1] for some in phases]
    quality = [float(by_stage[stage][number]) for number, stage in enumerate(stages)]
    kinds = {"phases": phases, "region": _regions(case)}
    columns = {name: pd.Series(values, index=leaders.index, dtype=object) for name, values in kinds.items()}
    return leaders.assign(**columns, quality=quality)


def _regions(case: Case) -> list[str | None]:
    """Return the region of the school nearest to each leader's home."""
    schools = case.panel.schools.dropna(subset=["easting", "northing", "region"]).sort_values("urn")
    leaders = case.pool.leaders
    if not len(schools) or not len(leaders):
        return [None] * len(leaders)
    places = cKDTree(schools[["easting", "northing"]].to_numpy(dtype=float))
    _, nearest = places.query(leaders[["easting", "northing"]].to_numpy(dtype=float))
    return [str(region) for region in schools["region"].to_numpy()[nearest]]


def _typical(kind: pd.DataFrame) -> TypicalLeader:
    middle = (len(kind) + 1) / 2
    away = sum((kind[name].rank() - middle).abs() for name in ("quality", "max_travel_km"))
    row = kind.assign(away=away).sort_values(["away", "leader_id"]).iloc[0]
    region = None if pd.isna(row["region"]) else str(row["region"])
    own = (str(row["leader_id"]), str(row["level"]), row["phases"], region)
    return TypicalLeader(*own, max_travel_km=float(row["max_travel_km"]), of=len(kind))
