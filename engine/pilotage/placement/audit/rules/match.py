"""A leader suits a post: level, phase, subject, requirements and availability."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.domain.prospects import OPENS_BY
from pilotage.placement.audit.case import AuditCase
from pilotage.placement.audit.rule_audit import PairTable, PositionTest, RuleAudit
from pilotage.placement.audit.support_tables import SUPPORT


def level_satisfied(rule: LevelRule, pairs: PairTable) -> pd.Series:
    """Return the pairs of a leader and a post of one level."""
    return pairs.frame["leader_level"] == pairs.frame["level"]


def level_barred(rule: LevelRule, case: AuditCase) -> PositionTest:
    """Return the test of pairs of two levels."""
    level, offered = case.pool.leaders["level"].to_numpy(), case.posts.posts["level"].to_numpy()
    return lambda leader, post: (level[leader] != offered[post]) & (offered[post] != SUPPORT)


def phase_satisfied(rule: PhaseRule, pairs: PairTable) -> pd.Series:
    """Return the pairs whose leader is trained for the school's phase."""
    return _among(pairs.frame, "school_phase", "leader_phases", _words)


def subject_satisfied(rule: Subject, pairs: PairTable) -> pd.Series:
    """Return the pairs whose middle leader teaches the post's subject, where it names one: a single word or phrase."""
    frame = pairs.frame
    free = (frame["level"] != "middle") | frame["subject"].isna()
    return free | _among(frame, "subject", "leader_subjects", _phrase)


def requirement_satisfied(rule: Requirement, pairs: PairTable) -> pd.Series:
    """Return the pairs whose leader meets all that the post requires."""
    return _among(pairs.frame, "requires", "leader_meets", _words)


def availability_satisfied(rule: Availability, pairs: PairTable) -> pd.Series:
    """Return the pairs whose leader is free when the post opens, or so many days later; a prospect may open later."""
    frame = pairs.frame.reindex(columns=["leader_available_from", "opens_on", OPENS_BY])
    latest = pd.to_datetime(frame[OPENS_BY]).fillna(frame["opens_on"])
    return frame["leader_available_from"] <= latest + pd.Timedelta(days=rule.grace_days)


def _among(frame: pd.DataFrame, wanted: str, listed: str, read: Callable[[object], set[str]]) -> pd.Series:
    """Return where all that one column wants is among the words of another; no word wanted is met by all."""
    pairs = zip(frame[wanted].tolist(), frame[listed].tolist(), strict=True)
    return pd.Series([read(asked) <= _words(offered) for asked, offered in pairs], frame.index, dtype=bool)


def _words(text: object) -> set[str]:
    return set() if _absent(text) else {part.strip().lower() for part in str(text).split(";")}


def _phrase(text: object) -> set[str]:
    return set() if _absent(text) else {str(text).strip().lower()}


def _absent(text: object) -> bool:
    return text is None or text is pd.NA or text != text


AUDITS = (
    RuleAudit((LevelRule,), satisfied=level_satisfied, by_position=level_barred),
    RuleAudit((PhaseRule,), satisfied=phase_satisfied),
    RuleAudit((Subject,), satisfied=subject_satisfied),
    RuleAudit((Requirement,), satisfied=requirement_satisfied),
    RuleAudit((Availability,), satisfied=availability_satisfied),
)
