"""What came of checking a run again, in words."""

from __future__ import annotations

from pathlib import Path

from pilotage.domain.findings.verified import Verified
from pilotage.domain.words import plural


def verified_text(folder: Path, found: Verified) -> list[str]:
    """Return what was checked of a run, and what came of it."""
    held = sum(check.holds for check in found.audit.checks)
    return [
        f"{folder}: {plural(found.files, 'file')} and {plural(found.inputs, 'input')} are as they were at the run",
        f"Audit from the inputs: {held:,} of {len(found.audit.checks):,} checks hold",
        _bound(found),
    ]


def _bound(found: Verified) -> str:
    gap = found.audit.proven_gap
    proven = "nothing without the solver" if gap is None else f"that no plan is better by more than {gap:.2%}"
    same = "the run's own" if found.bound == found.stated_bound else f"{found.bound:,}, the run states another"
    return f"Bound derived again: {same if found.bound is not None else 'none'}; the audit alone proves {proven}"
