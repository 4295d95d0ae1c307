"""The command ``share``: a folder of its own for a trust, an authority or the trustees."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.options import AsJson, Quiet
from pilotage.cli.progress import progress
from pilotage.cli.streams import say

if TYPE_CHECKING:
    from pilotage.domain.findings.packs import Pack

PACKS = Path("packs")


@dataclass(frozen=True)
class Reader:
    """Whom a pack is for, and what it may say."""

    reader: Annotated[
        str, typer.Option("--with", help="Whom it is for: trust:NAME, authority:NAME or trustees.", show_default=False)
    ]
    named: Annotated[bool, typer.Option("--with-names", help="Name the leaders whom the plan sends.")] = False
    signed_off_by: Annotated[
        str | None, typer.Option("--signed-off-by", help="The person who signed the plan off; without it: a draft.")
    ] = None


@dataclass(frozen=True)
class PackOutput:
    """The folder of a pack."""

    out: Annotated[Path | None, typer.Option("--out", help="Folder to write; default packs/<reader>.")] = None
    force: Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")] = False
    as_json: AsJson = False
    quiet: Quiet = False


def share(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")], reader: Reader, output: PackOutput
) -> None:
    """Write a folder for one reader: that body's schools alone, or areas and totals for the trustees."""
    from pilotage.case.writing.target import expect_apart, expect_target
    from pilotage.report.share.folder import default_name, write_pack
    from pilotage.study.share.pack import Wanted, shared

    if output.out is not None:
        expect_apart(run, output.out)
        expect_target(output.out, force=output.force)
    with progress(output.quiet or output.as_json) as tell:
        pack = shared(run, Wanted(reader.reader, reader.named, reader.signed_off_by), tell)
    out = output.out or PACKS / default_name(pack.stamp.audience)
    expect_apart(run, out)
    write_pack(pack, out, force=output.force)
    say(json.dumps(_facts(pack, out)) if output.as_json else "\n".join(_words(pack, out)))


def _facts(pack: Pack, out: Path) -> dict[str, object]:
    from pilotage.case.run_folder import SCHEMA_VERSION
    from pilotage.report.share.folder import pack_facts

    return {"schema_version": SCHEMA_VERSION, "folder": str(out), **pack_facts(pack)}


def _words(pack: Pack, out: Path) -> list[str]:
    from pilotage.report.share import words

    banner = [pack.stamp.banner] if pack.stamp.banner else []
    return [*banner, words.made_for(pack.stamp), words.sign_off(pack.stamp), f"Written to {out}/: open pack.html"]
