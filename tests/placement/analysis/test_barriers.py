"""What bars a pair, each kind by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.config.scenario import ConflictBan
from pilotage.domain.findings.explained import BarKind, Barrier
from pilotage.placement.analysis.why_not.barriers import barriers_of, what_keeps
from pilotage.placement.context import context_of

NOTE = {"reason": "r", "author": "a"}
CONFLICT = ConflictBan(leader_id="L1", reason="r", author="a")
RULES = {
    "level": {"rule": "level"},
    "phase": {"rule": "phase"},
    "consent": {"rule": "consent"},
    "free": {"rule": "availability"},
    "travel": {"rule": "travel"},
    "floor": {"rule": "need_threshold", "minimum": 0.5},
}


@pytest.fixture
def barred(world: Callable[..., Any]) -> Callable[..., dict[str, Barrier]]:
    """Return what bars the only leader from the only post, by name."""

    def found(
        leader: dict[str, Any] | None = None,
        post: dict[str, Any] | None = None,
        school: dict[str, Any] | None = None,
        **keys: Any,
    ) -> dict[str, Barrier]:
        conflict = keys.pop("conflict", {})
        made = world([school or {}], [leader or {}], [post or {}], RULES, **keys)
        made = replace(made, scenario=made.scenario.model_copy(update={"bans": made.scenario.bans | conflict}))
        context = context_of(made.known(), pd.Series([0.6], index=[1]))
        one = np.array([0], dtype=np.int64)
        kept = what_keeps(context, np.array([1], dtype=np.int64), one, one)
        return {barrier.rule: barrier for barrier in barriers_of(kept, 0)}

    return found


def test_nothing_bars_a_pair_that_fits(barred: Any) -> None:
    assert barred() == {}


@pytest.mark.parametrize(
    ("leader", "post", "school", "name", "kind"),
    [
        ({"current_urn": 1}, {}, {}, "own_post", BarKind.OWN_POST),
        ({"available_from": pd.Timestamp("2018-09-01")}, {}, {}, "free_later", BarKind.LATE),
        ({"available_from": pd.Timestamp("2018-09-01")}, {}, {}, "rules.free", BarKind.FREE),
        ({"level": "senior"}, {}, {}, "rules.level", BarKind.SUITS),
        ({"phases": "secondary"}, {}, {}, "rules.phase", BarKind.SUITS),
        ({}, {"consent": "no"}, {}, "rules.consent", BarKind.CLOSED),
        ({}, {}, {"easting": 40_000.0}, "rules.travel", BarKind.DISTANCE),
        ({}, {}, {"easting": np.nan, "northing": np.nan}, "rules.travel", BarKind.NO_PLACE),
        (
            {"relocates": True, "willing_regions": "London"},
            {},
            {"easting": 40_000.0},
            "rules.travel",
            BarKind.DISTANCE,
        ),
    ],
)
def test_each_bar_is_of_its_kind(
    barred: Any, leader: dict[str, Any], post: dict[str, Any], school: dict[str, Any], name: str, kind: BarKind
) -> None:
    assert barred(leader, post, school)[name].kind is kind


def test_figures_come_with_the_bar(barred: Any) -> None:
    far = barred(school={"easting": 40_000.0})["rules.travel"]
    assert (far.found, far.wanted) == (40.0, 30.0)
    late = barred({"available_from": pd.Timestamp("2016-11-01")})["rules.free"]
    assert (late.found, late.wanted) == ("2016-11-01", "2016-09-01")


def test_a_ban_and_a_conflict_of_interest_are_told_apart(barred: Any) -> None:
    assert barred(bans={"x": {"leader_id": "L1"} | NOTE})["bans.x"].code == "ban"
    assert barred(conflict={"x": CONFLICT})["bans.x"].code == "conflict_of_interest"
