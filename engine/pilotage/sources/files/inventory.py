"""The files of a folder that a panel of a day needs: recognised, read through the cache, and noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain.inputs import InputFile, Inputs, changed
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.files.cache import cached_recognition, cached_source
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.read import READ, Canonical, Recognised
from pilotage.sources.files.tables import at_most
from pilotage.sources.files.walk import entries

Say = Callable[[str], None]
OFSTED = ("ofsted_mi", "ofsted_mi_2017", "ofsted_mi_csv", "ofsted_report_cards")  # lists with leadership grades
ESSENTIAL = (
    *OFSTED,
    *("dfe_census", "dfe_absence", "dfe_workforce"),
    *("gias_extract", "gias_links", "gias_group_links", "coords_2025"),
)
NO_FOLDER = "name it in data.folder or PILOTAGE_REAL_DATA, or run `pilotage data import FOLDER`"
MOST_NAMED = 5  # files that an error names
NAMED = {
    "census": "dfe_census",
    "abs": "dfe_absence",
    "swf": "dfe_workforce",
    "ks2final": "dfe_ks2",
    "ks4final": "dfe_ks4",
}
NAMED_FILE = re.compile(r"(?:^|_)(census|abs|swf|ks2final|ks4final)\.csv$", re.IGNORECASE)


@dataclass
class Files:
    """The files of a folder by source, what was read of them, and which were left out since they are broken."""

    folder: Path
    every: list[Recognised]
    cache: Path
    say: Say
    read_inputs: dict[str, InputFile] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def inputs(self) -> Inputs:
        """Return every file read so far, each once."""
        return tuple(self.read_inputs.values())

    def named(self, *sources: str) -> list[Recognised]:
        """Return the files of some sources, sorted by path."""
        of_sources = (file for file in self.every if file.source in sources)
        return sorted(of_sources, key=lambda file: file.path.as_posix())

    def read(self, file: Recognised) -> Canonical:
        """Return a file's table, noting it as an input; a file that changed since it was read before is an error."""
        content, digest = cached_source(file.path, file.source or "", self.cache, self.say)
        name = self.name(file)
        if name in self.read_inputs and self.read_inputs[name].sha256 != digest:
            raise DataError(changed(file.path))
        self.read_inputs[name] = InputFile(file.source or "", name, file.path, digest)
        return content

    def read_if_whole(self, file: Recognised) -> Canonical | None:
        """Return a file's table; None, noted, where it is broken and the panel can do without its source."""
        try:
            return self.read(file)
        except DataError as error:
            if file.source in ESSENTIAL:
                raise
            self.left_out.append(f"{self.name(file)} ({error.problems[0].what})")
            return None

    def only(self, source: str) -> pd.DataFrame | None:
        """Return the table of a source of which one file is wanted: the first by name; None where there is none."""
        named = self.named(source)
        return self.read(named[0]).table if named else None

    def missing(self, what: str, allowed: str, do: str) -> DataError:
        """Return the error that a kind of file is missing; it names the files that are there and not recognised."""
        found = "; ".join((what, *self.not_recognised()))
        do = f"{do}; `pilotage data status` says what each file is"
        return DataError(Problem(str(self.folder), found, allowed, do))

    def not_recognised(self) -> tuple[str, ...]:
        """Return which files were not recognised and why, the first of them by name; empty where all were."""
        strangers = [f"{self.name(file)} ({file.why_not})" for file in self.every if file.source is None]
        rest = len(strangers) - MOST_NAMED
        named = "; ".join([*strangers[:MOST_NAMED], *([f"and {rest:,} more"] if rest > 0 else [])])
        return (f"these files were not recognised: {named}",) if strangers else ()

    def name(self, file: Recognised) -> str:
        """Return a file's path inside the folder."""
        return file.path.relative_to(self.folder).as_posix()


def needed(folder: Path, as_of: date, cache: Path) -> list[Recognised]:
    """Return the files that a panel of the day may use, those too that are not recognised.

    Raises
    ------
    DataError
        When there is no such folder, a file is not what its name says, or a list of Ofsted's has other columns.
    """
    every = [cached_recognition(path, cache) for path in entries(folder, NO_FOLDER) if _may_be_used(path)]
    dated = [file for file in every if file.year is None or file.year <= as_of.year]
    wrong = [problem for file in dated for problem in (*_misnamed(file), *_almost_a_list(file))]
    raise_all(DataError, at_most(wrong, str(folder)))
    return dated


def _may_be_used(path: Path) -> bool:
    return path.suffix.lower() in READ and not path.stem.lower().endswith("_meta")


def _almost_a_list(file: Recognised) -> list[Problem]:
    """Return that a file is meant for a list of Ofsted's, but has renamed columns: it would be left out in silence."""
    if file.almost not in OFSTED:
        return []
    label = column_maps()[file.almost].label
    do = "write these headers as Ofsted does, or download the list again"
    return [Problem(str(file.path), file.why_not, f"the columns of {label}", do)]


def _misnamed(file: Recognised) -> list[Problem]:
    named = NAMED_FILE.search(file.path.name)
    if not named or file.source == NAMED[named.group(1).lower()]:
        return []
    wanted = column_maps()[NAMED[named.group(1).lower()]]
    what = f"is not {wanted.label}: " + (f"it is {column_maps()[file.source].label}" if file.source else file.why_not)
    columns = ", ".join(column.headers[0] for column in wanted.columns if column.required)
    return [Problem(str(file.path), what, f"columns {columns}", "put the right file there, or rename it")]
