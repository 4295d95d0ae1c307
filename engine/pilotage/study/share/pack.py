"""The pack of a run for one reader: the run is read back as it was written, and nothing is planned again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pilotage import pipeline
from pilotage.case import run_folder
from pilotage.case.case import Case
from pilotage.case.edited import expect_facts_as_written
from pilotage.case.read_back import AGAIN, ReadRun, path_of, read_run
from pilotage.case.reload import expect_same_inputs, scenario_again
from pilotage.domain.checksums import sha256_of
from pilotage.domain.findings.packs import Audience, AudienceKind, Pack, Stamp
from pilotage.domain.words import one_line
from pilotage.errors import AuditError, DataError, Problem, UsageError
from pilotage.report.run.data import caution_line
from pilotage.study.share.audience import audience_of, schools_of
from pilotage.study.share.body import body_pack
from pilotage.study.share.trustees import trustees_pack

RUN_DIGITS = 12  # of the checksum by which the charity finds the run again
LONGEST_NAME = 200  # letters of who signs off

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is asked for. ``reader``: what ``--with`` says; ``signed_off_by``: None = a draft."""

    reader: str
    named: bool = False
    signed_off_by: str | None = None


def shared(folder: Path, wanted: Wanted, say: Say) -> Pack:
    """Return the pack of a run folder for a reader.

    Raises
    ------
    UsageError
        Where it is not clear whom the pack is for, or who signs off.
    DataError
        Where the folder or an input of the run is damaged, gone or edited, or the folder has no checksums.
    AuditError
        Where the run's audit failed.
    """
    asked, signed = audience_of(wanted.reader), _signed(wanted.signed_off_by)
    if asked.kind is AudienceKind.TRUSTEES and wanted.named:
        do = "leave out --with-names"
        raise UsageError(Problem("--with-names", "trustees see areas and totals", "a trust or an authority", do))
    run = _read(folder)
    say("Reading schools, leaders and posts")
    case = pipeline.gather(scenario_again(run), say)
    expect_same_inputs(run, case.inputs)
    if asked.kind is AudienceKind.TRUSTEES:
        return trustees_pack(run, _stamp(run, case, asked, wanted.named, signed), len(case.pool.leaders))
    audience, own = schools_of(asked, case.panel.schools, case.urns.tolist())
    return body_pack(run, case, _stamp(run, case, audience, wanted.named, signed), own)


def _signed(name: str | None) -> str | None:
    """Return who signs off; a pack without a name is a draft, and a blank name is no name."""
    if name is None:
        return None
    line = " ".join(one_line(name).split())
    if not line or len(line) > LONGEST_NAME:
        what = "blank" if not line else f"{len(line):,} letters"
        do = "name the person who signed the plan off, or leave it out for a draft"
        raise UsageError(Problem("--signed-off-by", what, f"a name of at most {LONGEST_NAME} letters", do))
    return line


def _read(folder: Path) -> ReadRun:
    """Return the run, if it may be shared: its audit held, and its files are as it wrote them."""
    run = read_run(folder)
    where = str(path_of(folder, run_folder.MANIFEST))
    if not run.clean:
        what = "the audit of this run failed: it must not be shared"
        raise AuditError(Problem(str(folder), what, "a run whose audit held", AGAIN))
    if run.manifest.files is None or run.worry_about is None:
        what = "of an earlier version: whether its files were edited can't be told"
        raise DataError(Problem(where, what, "a run with the checksums of its files", AGAIN))
    expect_facts_as_written(folder, run.manifest)
    return run


def _stamp(run: ReadRun, case: Case, audience: Audience, named: bool, signed: str | None) -> Stamp:
    digits = sha256_of(path_of(run.folder, run_folder.MANIFEST))[:RUN_DIGITS]
    banner = (run.manifest.model_extra or {}).get("banner")
    caution = caution_line(case.panel, case.scenario)
    return Stamp(audience, run.manifest.as_of, digits, signed, named, banner, case.panel.synthetic, caution)
