"""README.txt of a pack: whom it is for, from which run, what it is not, and who signs it off."""

from __future__ import annotations

from pilotage.case import run_folder
from pilotage.domain.findings.packs import BodyPack, Pack
from pilotage.report.share import words
from pilotage.report.share.page import SHEETS, notes_of, title_of


def read_me(pack: Pack) -> str:
    """Return the text of README.txt."""
    stamp = pack.stamp
    warnings = [line for line in (stamp.banner, stamp.caution) if line]
    about = [words.made_for(stamp), words.sign_off(stamp), words.made_from(stamp)]
    parts = [[title_of(stamp)], warnings, about, _files(pack), notes_of(stamp)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _files(pack: Pack) -> list[str]:
    if not isinstance(pack, BodyPack):
        return [
            f"{run_folder.PACK_PAGE}: the plan in totals and by area, to read and print",
            f"{run_folder.AREA_LIST}, {run_folder.AREA_BOOK}: the areas as a table",
        ]
    return [
        f"{run_folder.PACK_PAGE}: all schools, to read and print",
        f"{SHEETS}: a sheet for the governors of each school, one page each; give a school its own sheet alone",
        f"{run_folder.SCHOOL_LIST}, {run_folder.SCHOOL_BOOK}: the schools as a table",
    ]
