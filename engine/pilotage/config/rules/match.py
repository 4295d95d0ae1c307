"""A leader suits a post: level, phase, subject, requirements and availability."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class LevelRule(Priced):
    """A leader takes only a post of the leader's own level; a breach is one placement."""

    rule: Literal["level"]


class PhaseRule(Priced):
    """A leader goes only to phases that the leader is trained for; a breach is one placement."""

    rule: Literal["phase"]


class Subject(Priced):
    """A middle leader's post that names a subject goes to a leader of that subject; a breach is one placement."""

    rule: Literal["subject"]


class Requirement(Priced):
    """A leader meets all that the post requires, such as a faith; a breach is one placement."""

    rule: Literal["requirement"]


class Availability(Priced):
    """A leader is free when the post opens; a breach is one placement."""

    rule: Literal["availability"]
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0
    """How many days after its opening a post can wait."""


RULES: tuple[type[RuleModel], ...] = (LevelRule, PhaseRule, Subject, Requirement, Availability)
