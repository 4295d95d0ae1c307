"""What is left of a table when the rows of a leader are gone."""

from __future__ import annotations

from dataclasses import dataclass

COLUMN = "leader_id"
MOST_ABOVE = 20  # rows that may stand above the header


@dataclass(frozen=True)
class Without:
    """A file's content without the rows of a leader, and how many these were."""

    content: bytes
    rows: int
