"""The question of a search for repairs: a scenario, what it states, and which of its settings may be loosened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from pilotage.config.changed import value_at, with_changes
from pilotage.config.leaf import Key
from pilotage.config.rules.rule_model import Figure
from pilotage.config.scenario import Ban, Scenario
from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.analysis.infeasible.groups import Group, grouped

BAN = "ban"  # the kind of the row that a ban is, where bans may be let go


@dataclass(frozen=True)
class Asked:
    """A scenario whose rules no plan keeps.

    ``restate``: returns the problem of a scenario, without refusing what no plan keeps. ``own``: whether the scenario
    itself sets a key; what tables of answers make is no setting. ``deadline``: of the monotonic clock.
    """

    scenario: Scenario
    restate: Callable[[Scenario], PlacementProblem]
    own: Callable[[Key], bool]
    deadline: float
    seed: int

    def stated(self, values: Mapping[Key, Any]) -> PlacementProblem:
        """Return the problem under changed values, with a row for each of the planner's bans in the place of its bar.

        Where lots are drawn among eligible pairs, bans stay bars: without them other lots would be drawn.
        """
        changed = with_changes(self.scenario, values)
        by_lot = any(bar.by_lot for rule in changed.rules.values() for bar in rule.bars)
        bans = {} if by_lot else {name: ban for name, ban in changed.bans.items() if self.own(("bans", name))}
        free = {name: ban for name, ban in changed.bans.items() if name not in bans}
        problem = self.restate(changed.model_copy(update={"bans": free}))
        rows = [_barring(problem, name, ban) for name, ban in bans.items()]
        return replace(problem, rows=(*problem.rows, *(row for row in rows if len(row.members))))

    def groups(self, problem: PlacementProblem) -> tuple[Group, ...]:
        """Return the rows of a problem by the setting that loosens them."""
        return grouped(problem, self.key_of)

    def key_of(self, row: Row) -> Key:
        """Return the key of the setting that loosens a row: of a figure, a rule, a pin or a ban."""
        figure = self._figure_of(row)
        return ("bans", row.key) if row.rule == BAN else (*row.scenario_key, *(figure.key if figure else ()))

    def figure_of(self, problem: PlacementProblem, group: Group) -> Figure | None:
        """Return the figure that a group of rows states; None for a pin, a ban, or a rule that holds or does not."""
        return self._figure_of(problem.rows[group.rows[0]])

    def removals(self) -> list[tuple[Key, ...]]:
        """Return every set of rules that can only be removed, the empty one first.

        Other rules may bind what such a rule bound.
        """
        rules = [
            ("rules", name)
            for name, rule in self.scenario.rules.items()
            if rule.kept_or_removed and rule.breach_price() is None
        ]
        return [some for size in range(len(rules) + 1) for some in combinations(rules, size)]

    def loose(self, problem: PlacementProblem, groups: tuple[Group, ...]) -> frozenset[int]:
        """Return the groups (positions) that a setting of the planner's loosens, but rules that can only be removed."""
        return frozenset(n for n, group in enumerate(groups) if self._loosens(problem, group))

    def _figure_of(self, row: Row) -> Figure | None:
        rule = self.scenario.rules.get(row.key)
        return None if rule is None or rule.rule != row.rule else rule.figure_of(row.part)

    def _loosens(self, problem: PlacementProblem, group: Group) -> bool:
        figure = self.figure_of(problem, group)
        if figure is not None:
            return bool(value_at(self.scenario, group.key) != figure.loosest) or not figure.whole
        return group.key[0] in ("pins", "bans") and self.own(group.key)


def _barring(problem: PlacementProblem, name: str, ban: Ban) -> Row:
    """Return the row of a ban: none of the pairs that it matches is in the plan."""
    matches = np.ones(len(problem.benefit), dtype=bool)
    if ban.leader_id is not None:
        matches &= (np.array(problem.leader_ids, dtype=object) == ban.leader_id)[problem.leader]
    if ban.post_id is not None:
        matches &= (np.array(problem.post_ids, dtype=object) == ban.post_id)[problem.post]
    if ban.urn is not None:
        matches &= (problem.urns == ban.urn)[problem.post]
    members = np.flatnonzero(matches).astype(np.int64)
    return Row(f"bans.{name}", BAN, name, "<=", 0, members, np.ones(len(members), dtype=np.int64), key=name)
