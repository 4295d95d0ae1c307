"""What the JSON files of a run folder say, typed: the manifest, the plan and the audit.

Only the keys that a reader needs are named; every other key stays as it is (``model_extra``).
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from pilotage.case.places import Base
from pilotage.case.run_folder import FolderKind
from pilotage.domain.findings.explanation import Acts, Audit, Check, ProvenHow
from pilotage.domain.plan import Measure, Part, Sense, Status, Unit


class Facts(BaseModel):
    """A JSON object: frozen, of strict types, with space for keys that no reader needs."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")


class RecordedInput(Facts):
    """A file that the run read: its role and name, the scenario's key for it, where it lay and its sha256."""

    role: str
    name: str
    key: str | None
    base: Base
    path: str
    sha256: str


class RecordedFolders(Facts):
    """The scenario's and the data folder below the folder of the command; None where they lay elsewhere."""

    scenario: str | None
    data: str | None


class RecordedOutcome(Facts):
    """Whether an outcome could be forecast, and if not, why."""

    available: bool
    why: str
    trained_on: int
    base_rate: float | None


class ManifestFacts(Facts):
    """manifest.json: what went in. ``lists`` has, for each CSV file, the form of every column.

    ``files``: the sha256 of each other file of the folder that is the same in every run; None in an earlier version's.
    """

    kind: FolderKind
    audit_clean: bool
    scenario: str
    as_of: date
    grade_proxy: str | None
    notes: tuple[str, ...]
    versions: dict[str, str]
    folders: RecordedFolders
    inputs: tuple[RecordedInput, ...]
    outcomes: dict[str, RecordedOutcome]
    lists: dict[str, dict[str, str]]
    files: dict[str, str] | None = None


class Integers(Facts):
    """The plan in the problem's integer unit, ``scale`` of which make a pupil-month."""

    scale: int
    objective: int | None
    bound: int | None


class RuleFacts(Facts):
    """How a rule stands in the plan (``findings.explanation.RuleState``); ``label``: what it asks, in words."""

    name: str
    label: str
    standing: str
    key: str
    rule: str
    part: Part
    acts: Acts
    measure: Measure
    unit: Unit
    sense: Sense | None
    activity: float | None
    limit: int | None
    binding: bool
    can_bind: bool
    hard: bool
    breach_price: float | None
    breach: int
    barred_alone: int | None
    closed_posts: int
    price: float | None


class PlanFacts(Facts):
    """plan.json: the plan's figures; ``objective`` and bounds in ``objective_unit``, ``benefit`` in pupil-months."""

    status: Status
    benefit: float
    objective_measure: str
    objective_unit: str
    objective: float | None
    bound: float | None
    bound_lp: float | None
    gap: float | None
    integers: Integers
    placements: int
    supported: int
    asks: int | None = None
    pairs_considered: int
    rules: tuple[RuleFacts, ...]


class CheckFacts(Facts):
    """One check of the audit."""

    name: str
    holds: bool
    detail: str


class AuditFacts(Facts):
    """audit.json: every check, and what the audit alone proves."""

    clean: bool
    audit_proven_gap: float | None
    audit_proven_how: ProvenHow
    checks: tuple[CheckFacts, ...]

    @property
    def audit(self) -> Audit:
        """Return the audit as a run has it; its seconds are not on record."""
        checks = tuple(Check(each.name, each.holds, each.detail) for each in self.checks)
        return Audit(checks, self.audit_proven_gap, self.audit_proven_how)
