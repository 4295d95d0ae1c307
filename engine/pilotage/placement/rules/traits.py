"""What the rest of the code knows of a rule: its traits. Each module of a rule lists its own in ``RULES``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.config.scenario import Scenario
from pilotage.domain.explanation import Acts
from pilotage.domain.plan import Measure, Unit
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName

#: (row name, rule, candidates) -> the rule's constraints.
Rows = Callable[[RowName, Any, Candidates], Iterable[Constraint]]


@dataclass(frozen=True)
class Spans:
    """Leaders who take several posts or none, under the rule ``key``; each array of shape (leaders,).

    ``who``: which leaders; ``least`` and ``most``: the fewest and the most posts that each of them takes, if any.
    """

    key: str
    who: NDArray[np.bool_]
    least: NDArray[np.int64]
    most: NDArray[np.int64]


@dataclass(frozen=True)
class RuleTraits:
    """What a rule does.

    Attributes
    ----------
    models
        The models of its keys in ``config``; none for what holds whatever the scenario's rules are.
    acts
        Whether it counts over the plan's pairs, or bars pairs before anything is chosen.
    unit, measure
        What its constraints count, and how, as of a ``Row``; of a rule that bars, what it bars: pairs or posts.
    rows
        Writes the constraints of a rule that counts.
    always
        Writes constraints that every plan has, from the scenario's settings.
    spans
        (key, rule, leaders, scenario) -> the leaders who take several posts or none under the rule.
    """

    models: tuple[type[RuleModel], ...]
    acts: Acts
    unit: Unit
    measure: Measure = "number"
    rows: Rows | None = None
    always: Callable[[Candidates], Iterable[Constraint]] | None = None
    spans: Callable[[str, Any, pd.DataFrame, Scenario], Spans] | None = None

    @property
    def soft(self) -> bool:
        """Return whether the rule may be broken at a price."""
        return bool(self.models) and all(issubclass(model, Priced) for model in self.models)
