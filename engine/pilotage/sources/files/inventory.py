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

Say = Callable[[str], None]
ESSENTIAL = (
    *("ofsted_mi", "ofsted_mi_csv", "ofsted_report_cards", "dfe_census", "dfe_absence", "dfe_workforce"),
    *("gias_extract", "gias_links", "gias_group_links", "coords_2025"),
)
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
    """Recognised files by source, what was read of them, and which were left out since they are broken."""

    folder: Path
    recognised: list[Recognised]
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
        of_sources = (file for file in self.recognised if file.source in sources)
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

    def name(self, file: Recognised) -> str:
        """Return a file's path inside the folder."""
        return file.path.relative_to(self.folder).as_posix()


def needed(folder: Path, as_of: date, cache: Path) -> list[Recognised]:
    """Return the recognised files that a panel of the day uses; a file that is not what its name says is an error."""
    if not folder.is_dir():
        do = "name it in data.folder or PILOTAGE_REAL_DATA, or run `pilotage data import FOLDER`"
        raise DataError(Problem(str(folder), "no such folder", "a folder of official files", do))
    every = [cached_recognition(path, cache) for path in sorted(folder.rglob("*")) if _may_be_used(path)]
    dated = [file for file in every if file.year is None or file.year <= as_of.year]
    raise_all(DataError, (problem for file in dated for problem in _misnamed(file)))
    return [file for file in dated if file.source]


def _may_be_used(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in READ and not path.stem.lower().endswith("_meta")


def _misnamed(file: Recognised) -> list[Problem]:
    named = NAMED_FILE.search(file.path.name)
    if not named or file.source == NAMED[named.group(1).lower()]:
        return []
    wanted = column_maps()[NAMED[named.group(1).lower()]]
    what = f"is not {wanted.label}: " + (f"it is {column_maps()[file.source].label}" if file.source else file.why_not)
    columns = ", ".join(column.headers[0] for column in wanted.columns if column.required)
    return [Problem(str(file.path), what, f"columns {columns}", "put the right file there, or rename it")]
