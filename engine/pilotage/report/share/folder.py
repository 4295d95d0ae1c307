"""The folder of a pack: its lists, its page, its sheets, and a manifest that says what the folder is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pilotage.case import run_folder
from pilotage.case.run_folder import MANIFEST, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.checksums import Checksum, sha256_of
from pilotage.domain.findings.packs import Audience, BodyPack, Pack, TrusteesPack
from pilotage.report.folder import write_csv, write_json, write_text
from pilotage.report.share.area_rows import area_list, shown_columns
from pilotage.report.share.page import SHEETS, pack_page, school_page, sheet_name
from pilotage.report.share.read_me import read_me
from pilotage.report.share.school_rows import SCHOOLS, school_list
from pilotage.report.share.workbook import write_pack_workbook

LONGEST_NAME, NAME_DIGITS = 40, 6  # of a folder's name


def write_pack(pack: Pack, out: Path, *, force: bool) -> Path:
    """Write a pack into the folder ``out``; the same run and reader give the same bytes.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or cannot be written.
    """
    return whole_folder(out, force, lambda folder: _files(pack, folder))


def pack_facts(pack: Pack) -> dict[str, Any]:
    """Return what the manifest says of a pack, beside its files.

    ``leaders``: the leader_id of each leader who is named, so that ``data forget`` finds the pack.
    """
    stamp, audience = pack.stamp, pack.stamp.audience
    schools = pack.schools if isinstance(pack, BodyPack) else ()
    named = {offer.leader_id for school in schools for offer in school.offers if offer.leader_id is not None}
    return {
        "audience": {"kind": audience.kind, "name": audience.name or None},
        "as_of": stamp.as_of.isoformat(),
        "run": stamp.run,
        "signed_off_by": stamp.signed_off_by,
        "leaders_named": stamp.named,
        "leaders": sorted(named),
        "synthetic_schools": stamp.invented,
        "schools": len(schools) if isinstance(pack, BodyPack) else None,
    }


def default_name(audience: Audience) -> str:
    """Return a name for the folder of a reader's pack that every system takes, whatever the body is called.

    Plain letters and digits of the name, and a few digits by which two bodies of like names differ.
    """
    if not audience.name:
        return audience.kind.value
    letters = re.sub(r"[^a-z0-9]+", "-", audience.name.casefold()).strip("-")[:LONGEST_NAME].strip("-")
    digits = Checksum().text(audience.name).hex[:NAME_DIGITS]
    return "-".join(part for part in (audience.kind.value, letters, digits) if part)


def _files(pack: Pack, folder: Path) -> None:
    write_text(folder / run_folder.READ_ME, read_me(pack))
    write_text(folder / run_folder.PACK_PAGE, pack_page(pack))
    if isinstance(pack, BodyPack):
        _schools(pack, folder)
    else:
        _areas(pack, folder)
    files = {path: sha256_of(folder / path) for path in _paths(folder)}
    write_json(folder / MANIFEST, {"kind": FolderKind.PACK} | pack_facts(pack) | {"files": files})


def _paths(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _schools(pack: BodyPack, folder: Path) -> None:
    table = school_list(pack)
    write_csv(table, SCHOOLS, folder / run_folder.SCHOOL_LIST)
    write_pack_workbook(pack.stamp, "Schools", table, SCHOOLS, folder / run_folder.SCHOOL_BOOK)
    if pack.answered_for:
        (folder / SHEETS).mkdir()
    for school in pack.answered_for:
        write_text(folder / sheet_name(school), school_page(pack.stamp, school))


def _areas(pack: TrusteesPack, folder: Path) -> None:
    table, columns = area_list(pack), shown_columns(pack)
    write_csv(table, columns, folder / run_folder.AREA_LIST)
    write_pack_workbook(pack.stamp, "Areas", table, columns, folder / run_folder.AREA_BOOK)
