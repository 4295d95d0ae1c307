"""RunRecord: all that one run found, as the reports take it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.places import Folders
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.accuracy import Accuracy
from pilotage.domain.findings.ask_values import AskValue
from pilotage.domain.findings.asking import Asking
from pilotage.domain.findings.beyond import Beyond
from pilotage.domain.findings.explanation import Alternatives, Audit, Baseline, Check, RuleState
from pilotage.domain.findings.hangs_on import HangsOn
from pilotage.domain.findings.sharing import Sharing
from pilotage.domain.findings.unplaced import Unplaced
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.inputs import Inputs
from pilotage.domain.need import need_draws
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel, phases_of
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.domain.statistics.bands import bands
from pilotage.domain.statistics.cvar import CvarState


@dataclass(frozen=True)
class RunRecord:
    """One run: its scenario, what was known, what was forecast, what was decided, and the audit of it.

    Attributes
    ----------
    resolved_yaml
        The scenario as resolved, with the origin of every value.
    urns
        Schools in scope, ascending.
    problem, plan
        Pairs of the problem are the rows of ``impact.pairs``, in the same order.
    reserves
        By position of a chosen pair, the two best unplaced leaders for its post; None where there is none.
    inputs, folders
        Every file read, and the folders below which the manifest names them.
    timings
        Seconds of each step.
    cvar
        What the worst draws make of the plan; None where the objective does not look at them.
    alternatives
        Plans that are nearly as good, as asked for.
    unplaced
        Every leader without a post, with the nearest reason.
    sharing, alternatives_sharing
        What placements lose to other leaders of their school, in the plan and in each alternative.
    hangs_on
        What the plan hangs on; None where that was not tried.
    ask_values
        Each school and level that someone could be asked about, the most promising first.
    accuracy
        How well forecasts like these did where they were tested.
    beyond
        What the plan would be without its limit on changes; None where it has none.
    asking
        In which order the plan's posts are asked for, what comes after a no, and what the answers may come to.
    """

    scenario: Scenario
    resolved_yaml: str
    panel: SchoolPanel
    urns: NDArray[np.int64]
    forecast: RiskForecast
    pool: LeaderPool
    posts: Posts
    impact: ImpactMatrix
    problem: PlacementProblem
    plan: PlacementPlan
    audit: Audit
    baselines: tuple[Baseline, ...]
    rule_states: tuple[RuleState, ...]
    reserves: dict[int, tuple[str | None, str | None]]
    assumptions: tuple[str, ...]
    inputs: Inputs
    versions: dict[str, str]
    timings: dict[str, float]
    cvar: CvarState | None = None
    alternatives: Alternatives = field(default_factory=Alternatives)
    unplaced: tuple[Unplaced, ...] = ()
    sharing: Sharing = field(default_factory=dict)
    alternatives_sharing: tuple[Sharing, ...] = ()
    folders: Folders = field(default_factory=Folders)
    hangs_on: HangsOn | None = None
    ask_values: tuple[AskValue, ...] = ()
    accuracy: Accuracy = field(default_factory=Accuracy)
    asking: Asking = field(default_factory=Asking)
    beyond: Beyond | None = None

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Return every check that does not hold: of the plan, then of each alternative, which its name says."""
        failed = [check for check in self.audit.checks if not check.holds]
        for number, other in enumerate(self.alternatives.plans, start=1):
            of_other = [check for check in other.audit.checks if not check.holds]
            failed += [replace(check, name=f"alternative {number}: {check.name}") for check in of_other]
        return tuple(failed)

    @property
    def clean(self) -> bool:
        """Return whether every audit of the run holds; files of a run that is not clean are marked."""
        return not self.failed_checks

    @cached_property
    def need_bands(self) -> pd.Series:
        """Return the band by need of each school of the forecast by URN; null where need is not known or has no draws.

        It says whether the model can tell a school apart from the top tenth of its phase. Made once, since several
        lists have it, and not to be changed.
        """
        table = self.forecast.table
        phases = phases_of(self.panel, table["urn"])
        drawn = need_draws(self.forecast, phases, self.scenario.outcomes)
        drawn = np.where(table["need"].notna().to_numpy()[:, None], drawn, np.nan)
        return bands(drawn, phases.reset_index(drop=True)).set_axis(table["urn"].to_numpy())
