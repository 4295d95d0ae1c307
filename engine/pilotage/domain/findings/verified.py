"""Verified: what came of checking a run folder again."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.domain.findings.explanation import Audit, Check


@dataclass(frozen=True)
class Verified:
    """A run folder whose files and inputs are as they were, and the audit of its plan made again.

    Attributes
    ----------
    files, inputs
        How many checksums were compared; ``files`` None where the folder, of an earlier version, has none of its files.
    clean
        Whether the run's own audits held when it was written.
    audit
        That of the run's plan, made again from the inputs.
    figures
        Whether the figures that ``plan.json`` states are those of the plan.
    stated_bound, bound
        What no plan exceeds, in the integer unit of the problem: as the run states it, and by a new search.
    other_versions
        What is of another version now than at the run: name, version then, version now (None = not there).
    """

    files: int | None
    inputs: int
    clean: bool
    audit: Audit
    figures: tuple[Check, ...]
    stated_bound: int | None
    bound: int | None
    other_versions: tuple[tuple[str, str | None, str | None], ...] = ()

    @property
    def failed(self) -> tuple[Check, ...]:
        """Return every check that does not hold."""
        return tuple(check for check in (*self.audit.checks, *self.figures) if not check.holds)
