"""The typical leader of each kind, and the pool with copies, by hand."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from pilotage.case.case import Case
from pilotage.domain import tables
from pilotage.domain.panel import LeaderPool
from pilotage.sources.evidence import load_evidence
from pilotage.study.prices.typical import typical_leaders, with_copies

SCHOOLS = pd.DataFrame(
    {"urn": [1, 2, 3], "region": ["London", "North West", "London"]}
    | {"easting": [0.0, 100_000.0, None], "northing": [0.0, 0.0, None]}
)


def _leaders(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"level": "head", "phases": "primary", "easting": 1000.0, "northing": 0.0, "relocates": False}
    usual |= {"available_from": pd.Timestamp("2016-09-01")}
    frame = pd.DataFrame([usual | row for row in rows])
    return tables.validated(tables.LEADERS, frame.reindex(columns=list(tables.LEADERS.columns)), "t")


def _case(*rows: dict[str, Any]) -> Case:
    panel = SimpleNamespace(schools=SCHOOLS)
    return Case(cast(Any, None), cast(Any, panel), cast(Any, None), LeaderPool(_leaders(*rows), True), *_rest())


def _rest() -> tuple[Any, Any]:
    return cast(Any, None), load_evidence({})


def test_the_leader_in_the_middle_by_quality_and_travel_limit_is_typical() -> None:
    own = {"effect_sd": 0.05}
    case = _case(
        {"leader_id": "far", "max_travel_km": 90, "effect_mean": 0.1, **own},
        {"leader_id": "good", "max_travel_km": 40, "effect_mean": 0.9, **own},
        {"leader_id": "middle", "max_travel_km": 30, "effect_mean": 0.3, **own},
        {"leader_id": "near", "max_travel_km": 10, "effect_mean": 0.2, **own},
        {"leader_id": "best", "max_travel_km": 20, "effect_mean": 1.0, **own},
    )
    # Ranks of quality: far 1, near 2, middle 3, good 4, best 5; of travel: near 1, best 2, middle 3, good 4, far 5.
    (typical,) = typical_leaders(case)
    assert (typical.leader_id, typical.of, typical.max_travel_km) == ("middle", 5, 30.0)


def test_kinds_are_of_level_phases_and_the_region_of_the_nearest_school() -> None:
    case = _case(
        {"leader_id": "b", "max_travel_km": 30, "phases": "secondary; primary"},
        {"leader_id": "a", "max_travel_km": 30, "phases": "primary;secondary"},
        {"leader_id": "c", "max_travel_km": 30, "phases": "primary;secondary", "easting": 90_000.0},
        {"leader_id": "d", "max_travel_km": 30, "level": "middle"},
    )
    kinds = [(each.leader_id, each.level, each.phases, each.region, each.of) for each in typical_leaders(case)]
    both = ("primary", "secondary")
    assert kinds == [
        ("d", "middle", ("primary",), "London", 1),
        ("a", "head", both, "London", 2),  # of equals the first by name
        ("c", "head", both, "North West", 1),
    ]


def test_a_copy_is_alike_in_all_but_name_and_team() -> None:
    rows = {"leader_id": "a", "max_travel_km": 30, "team_id": "T"}, {"leader_id": "copy of a", "max_travel_km": 9}
    leaders = with_copies(_case(*rows), ["a"]).pool.leaders
    assert leaders["leader_id"].tolist() == ["a", "copy of a", "another copy of a"]
    same = leaders.drop(columns=["leader_id", "team_id"])
    assert same.iloc[2].equals(same.iloc[0].rename(2))
    assert pd.isna(leaders["team_id"].iloc[2])
    assert leaders.dtypes.equals(_leaders(*rows).dtypes)
