"""The columns of a run's workbook in which planners type, and the key by which a torn row is noticed."""

from __future__ import annotations

from pilotage.domain.answers import AGREED, ASKED, INTERESTED, REFUSED, STARTED, WITHDRAWN

TICKED = (ASKED, AGREED, REFUSED)
MEANS = {STARTED: AGREED, WITHDRAWN: REFUSED, INTERESTED: ASKED}  # words that have no column of their own
OWNER, NOTE, DECIDE_BY = "by", "reason", "decide_by"  # as ledger.csv calls them
TYPED = (*TICKED, OWNER, NOTE, DECIDE_BY)
HEADINGS = dict(zip(TYPED, ("Asked", "Agreed", "Refused", "Owner", "Note", "Decide by"), strict=True))
ROW_CHECK, ROW_CHECK_HEADING = "row_check", "Row check"
NONE = "none"


def row_key(leader: object, post: object, urn: object, level: object) -> str:
    """Return what a row is about, as its last cell has it; ``none`` for what is blank."""
    parts = (NONE if value is None or value != value else str(value).strip() for value in (leader, post, urn, level))
    return " | ".join(parts)
