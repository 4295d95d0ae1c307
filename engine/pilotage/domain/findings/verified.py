"""Verified: what came of checking a run folder again."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.domain.findings.explanation import Audit


@dataclass(frozen=True)
class Verified:
    """A run folder whose files and inputs are as they were, and the audit of its plan made again.

    ``files``, ``inputs``: how many checksums were compared. ``bound``: what no plan exceeds by a new search, and
    ``objective`` what the run's plan reaches, both in the integer unit of the problem. ``stated_bound``: the bound that
    the run states.
    """

    files: int
    inputs: int
    audit: Audit
    objective: int | None
    bound: int | None
    stated_bound: int | None
