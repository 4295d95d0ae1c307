"""The catalogue of rules: which models the key `rules` of a scenario takes, by their key `rule`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum
from pilotage.config.rules.budget import Budget
from pilotage.config.rules.cap import Cap
from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.consent import Consent
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.hold_back import HoldBack
from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.config.rules.moves import Moves
from pilotage.config.rules.need import NeedThreshold
from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.config.rules.teams import Teams
from pilotage.config.rules.travel import Travel

PairRule = (
    Consent | PhaseRule | LevelRule | Subject | Requirement | Travel | Availability | NeedThreshold
)  # rules that bar pairs
CountRule = (
    AreaMinimum | AreaMaximum | Cap | Budget | PhaseBalance | DeprivedShare | CaseQuota | Moves | ExecutiveSpan | Teams
)  # rules that count over pairs
Rule = Annotated[PairRule | HoldBack | CountRule, Field(discriminator="rule")]
