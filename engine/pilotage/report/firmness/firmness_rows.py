"""The firmness of placements as plain content: one JSON object, and the rows of two lists."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from pilotage.domain.findings import firmness as findings
from pilotage.domain.findings.firmness import PlacementFirmness, PlanFirmness, Recurrence
from pilotage.report.columns import DECISION, FACT, MODELLED, Column

SCHEMA_VERSION = 1  # of what `pilotage firmness --json` prints

HERE = "of this leader at this school"
SERVED = "of the school with any leader"


def _of_recurrence(prefix: str, whose: str) -> tuple[Column, ...]:
    return (
        Column(
            f"{prefix}in_draws",
            "In simulations",
            MODELLED,
            "integer",
            9,
            f"In how many simulations the best plan has it: {whose}.",
        ),
        Column(
            *(f"{prefix}cost", "Cost without", MODELLED, "months", 12),
            f"Pupil-months that the best plan without it loses: {whose}. Blank = not possible, or not known.",
        ),
        Column(
            *(f"{prefix}certainty", "Certainty", MODELLED, "text", 11),
            "exact; at_least (not proven best); impossible (no plan keeps the rules without it); unknown.",
        ),
        Column(f"{prefix}firmness", "Firmness", MODELLED, "text", 10, f"firm, leaning or coin_flip: {whose}."),
    )


PLACEMENTS = (
    Column("leader_id", "Leader", FACT, "text", 12, "The leader; of support, the region that gives it."),
    Column("kind", "Kind", DECISION, "text", 9, "place, support or ask."),
    Column("post_id", "Post", FACT, "text", 14, "The post; several with a semicolon between them."),
    Column("urn", "URN", FACT, "integer", 9, "The school."),
    Column("school", "School", FACT, "text", 38, "Its name."),
    Column("draws", "Simulations", FACT, "integer", 9, "Simulations of the forecast that were planned."),
    *_of_recurrence("", HERE),
    *_of_recurrence("school_", SERVED),
)
TIED = (
    Column("urn", "URN", FACT, "integer", 9, "A school that the plan leaves out."),
    Column("school", "School", FACT, "text", 38, "Its name."),
    Column("cost", "Cost", MODELLED, "months", 12, "Pupil-months that the best plan with it loses."),
)


def firmness_json(found: PlanFirmness) -> dict[str, Any]:
    """Return what was found, keys as the fields of ``domain.findings.firmness``, with the thresholds of the words."""
    names = ("FIRM_DRAWS", "EVEN_DRAWS", "FIRM_COST", "TIED_COST")
    thresholds = {name.lower(): getattr(findings, name) for name in names}
    return {"schema_version": SCHEMA_VERSION, "thresholds": thresholds, **asdict(found)}


def placement_rows(found: PlanFirmness) -> pd.DataFrame:
    """Return one row for each leader at a school, by leader and URN."""
    rows = [_row(each, found.draws.solved) for each in found.placements]
    return pd.DataFrame(rows, columns=[column.name for column in PLACEMENTS])


def _row(placement: PlacementFirmness, draws: int) -> dict[str, Any]:
    return {
        "leader_id": placement.leader_id,
        "kind": placement.kind.value,
        "post_id": ";".join(placement.post_ids),
        "urn": placement.urn,
        "school": placement.school,
        "draws": draws,
        **_cells("", placement.here),
        **_cells("school_", placement.served),
    }


def _cells(prefix: str, recurrence: Recurrence) -> dict[str, Any]:
    without = recurrence.without
    values = (recurrence.in_draws, without.months, without.certainty.value, recurrence.firm.value)
    return dict(zip((f"{prefix}{name}" for name in ("in_draws", "cost", "certainty", "firmness")), values, strict=True))


def tied_rows(found: PlanFirmness) -> pd.DataFrame:
    """Return one row for each tied school, by cost."""
    rows = [(each.urn, each.school, each.forced.months) for each in found.tied]
    return pd.DataFrame(rows, columns=[column.name for column in TIED])
