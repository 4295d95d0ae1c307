"""A leader suits a post: level, phase, subject, requirements and availability."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import RuleBar
from pilotage.domain.findings.unplaced import NoPost
from pilotage.domain.words import plural


class LevelRule(Priced):
    """A leader takes only a post of the leader's own level; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (RuleBar("level", "no leader of the post's level"),)
    no_post: ClassVar[NoPost | None] = NoPost(
        "no_post_of_level", "No post of the leader's level is on the list", "no {level} post is on the list"
    )

    rule: Literal["level"]

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return "the leader's level is the post's"


class PhaseRule(Priced):
    """A leader goes only to phases that the leader is trained for; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (RuleBar("phase", "no leader of its level for the phase"),)
    no_post: ClassVar[NoPost | None] = NoPost(
        "no_post_in_phase", "No post of the level is in a school of the leader's phases", "no {noun} is on the list"
    )

    rule: Literal["phase"]

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return "the leader is trained for the school's phase"


class Subject(Priced):
    """A middle leader's post that names a subject goes to a leader of that subject; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (RuleBar("subject", "no suitable leader of the post's subject"),)
    no_post: ClassVar[NoPost | None] = NoPost(
        "no_post_of_subject",
        "No post is of the leader's subjects",
        "no {noun} on the list is of the leader's subjects ({subjects})",
    )

    rule: Literal["subject"]

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return "a middle leader's post that names a subject goes to a leader of that subject"


class Requirement(Priced):
    """A leader meets all that the post requires, such as a faith; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (RuleBar("requirement", "no suitable leader meets what the post requires"),)
    no_post: ClassVar[NoPost | None] = NoPost(
        "requirements_not_met",
        "Every post requires what the leader does not offer",
        "every {noun} on the list requires something that the leader does not offer",
    )

    rule: Literal["requirement"]

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return "the leader meets all that the post requires"


class Availability(Priced):
    """A leader is free when the post opens; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (RuleBar("availability", "no suitable leader free when it opens"),)

    rule: Literal["availability"]
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0
    """How many days after its opening a post can wait."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        grace = f", or {plural(self.grace_days, 'day')} later" if self.grace_days else ""
        return f"the leader is free when the post opens{grace}"


RULES: tuple[type[RuleModel], ...] = (LevelRule, PhaseRule, Subject, Requirement, Availability)
