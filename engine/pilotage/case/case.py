"""Case: what is known before deciding, as one argument."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain.evidence import Evidence, Parameter
from pilotage.domain.inputs import Inputs
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel


@dataclass(frozen=True)
class Case:
    """The schools, the leaders, the posts, the evidence, and the scenario that decides among them.

    Attributes
    ----------
    scenario
        The planner's, with what is known of pairs as pins and bans.
    panel
        All schools, and what is known of them.
    urns
        The schools in scope, ascending.
    """

    scenario: Scenario
    panel: SchoolPanel
    urns: NDArray[np.int64]
    pool: LeaderPool
    posts: Posts
    evidence: Evidence

    @property
    def parameters_used(self) -> dict[str, Parameter]:
        """Return the parameters of the evidence that say something of this case."""
        asked = self.scenario.pool.prospects
        again = asked is not None and self.posts.schools.any_advertised_again(asked.levels)
        return self.evidence.used([*(["prospects"] if asked else []), *(["readvertised"] if again else [])])

    @property
    def inputs(self) -> Inputs:
        """Return every file that was read."""
        return (*self.panel.inputs, *self.pool.inputs, *self.posts.inputs)
