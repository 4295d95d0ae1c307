"""What came of checking a run again, in words."""

from __future__ import annotations

from math import ceil
from pathlib import Path

from pilotage.domain.findings.explanation import Check
from pilotage.domain.findings.verified import Verified
from pilotage.domain.words import plural

NO_CHECKSUMS = (
    "Whether the folder's own files were edited can't be said: an earlier version of Pilotage wrote it, without "
    "checksums of them. Run the scenario again for a folder that can be checked whole."
)


def verified_text(folder: Path, found: Verified) -> list[str]:
    """Return what was checked of a run, and what came of it."""
    inputs = plural(found.inputs, "input")
    whole = inputs if found.files is None else f"{plural(found.files, 'file')} and {inputs}"
    return [
        f"{folder}: {whole} are as they were at the run",
        *([NO_CHECKSUMS] if found.files is None else []),
        f"Audit made again from the inputs: {_held(found.audit.checks)}",
        f"Figures of plan.json derived again: {_held(found.figures)}",
        _bound(found),
        *_versions(found),
    ]


def _held(checks: tuple[Check, ...]) -> str:
    held = sum(check.holds for check in checks)
    return f"all {held:,} checks hold" if held == len(checks) else f"{held:,} of {len(checks):,} checks hold"


def _bound(found: Verified) -> str:
    gap = found.audit.proven_gap
    proven = "nothing without the solver" if gap is None else f"that no plan is better by more than {_share(gap)}"
    return f"Bound derived again: {_same_bound(found)}; the audit alone proves {proven}"


def _same_bound(found: Verified) -> str:
    if found.bound is None:
        return "none"
    return "the same" if found.bound == found.stated_bound else "not the same as the run's"


def _share(gap: float) -> str:
    """Return a gap as a share in percent, rounded up, so that what is said is proven."""
    return f"{ceil(gap * 10_000) / 100:.2f}%"


def _versions(found: Verified) -> list[str]:
    if not found.other_versions:
        return []
    named = ", ".join(f"{name} {then or 'none'} -> {now or 'none'}" for name, then, now in found.other_versions)
    return [f"The run was made with other versions ({named}): another bound is then no fault."]
