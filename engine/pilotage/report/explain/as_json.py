"""A school or a leader explained as a JSON object."""

from __future__ import annotations

from dataclasses import asdict

from pilotage.domain.findings.explained import LeaderExplained, SchoolExplained

SCHEMA_VERSION = 1  # of what `pilotage explain --json` prints


def explained_json(explained: SchoolExplained | LeaderExplained) -> dict[str, object]:
    """Return what was found, keys as the fields of ``domain.findings.explained``; what is not known is null.

    ``kind`` is ``school`` or ``leader``; months are pupil-months, chances are in [0, 1].
    """
    kind = "school" if isinstance(explained, SchoolExplained) else "leader"
    return {"schema_version": SCHEMA_VERSION, "kind": kind, **asdict(explained)}
