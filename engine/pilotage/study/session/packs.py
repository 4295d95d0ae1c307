"""What a saved plan gives to others: a pack for a trust, an authority or the trustees, and a sheet for governors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pilotage.domain.findings.packs import AudienceKind, BodyPack
from pilotage.domain.maintained import is_maintained
from pilotage.report.share.folder import default_name, write_pack
from pilotage.report.share.page import school_page
from pilotage.study.session.tried import Tried
from pilotage.study.share.pack import Wanted, shared

Say = Callable[[str], None]


def bodies(tried: Tried, kind: AudienceKind) -> dict[str, str]:
    """Return the trusts or authorities of the schools in scope: the word by which each is asked for, and its name."""
    schools = _in_scope(tried).dropna(subset=[kind.value]).sort_values(kind.value)
    return {_word(kind, row): str(row[kind.value]) for _, row in schools.iterrows()}


def schools_with_sheets(tried: Tried) -> dict[int, str]:
    """Return the schools in scope for whose governors a sheet can be made, by URN, with their names.

    A body must answer for the school: its trust, or its authority where that maintains it.
    """
    schools = _in_scope(tried)
    answered = schools[is_maintained(schools["school_type"]) | schools["trust"].notna()].sort_values(["name", "urn"])
    return {int(urn): str(name) for urn, name in zip(answered["urn"], answered["name"], strict=True)}


def pack_in(home: Path, run: Path, wanted: Wanted, say: Say) -> Path:
    """Write the pack of a run folder below a folder, and return its own folder; an earlier one gives way.

    Raises
    ------
    UsageError, DataError, AuditError
        As ``shared``.
    """
    pack = shared(run, wanted, say)
    return write_pack(pack, home / default_name(pack.stamp.audience), force=True)


def governors_sheet(tried: Tried, run: Path, urn: int, signed_off_by: str | None, say: Say) -> str:
    """Return the page for the governors of a school, as the pack of the body that answers for it has it.

    Parameters
    ----------
    urn
        Of ``schools_with_sheets``.

    Raises
    ------
    UsageError, DataError, AuditError
        As ``shared``.
    """
    schools = _in_scope(tried)
    row = schools[schools["urn"] == urn].iloc[0]
    kind: AudienceKind = AudienceKind.TRUST if isinstance(row["trust"], str) else AudienceKind.AUTHORITY
    pack = shared(run, Wanted(_word(kind, row), signed_off_by=signed_off_by), say)
    assert isinstance(pack, BodyPack)
    return school_page(pack.stamp, next(school for school in pack.answered_for if school.urn == urn))


def _in_scope(tried: Tried) -> pd.DataFrame:
    schools = tried.case.panel.schools
    return schools[schools["urn"].isin(tried.case.urns)]


def _word(kind: AudienceKind, row: pd.Series) -> str:
    """Return the word by which a body is asked for: a trust's number where it is known, since two may share a name."""
    numbered = kind is AudienceKind.TRUST and not pd.isna(row["trust_id"])
    return f"{kind}:{int(row['trust_id']) if numbered else row[kind.value]}"
