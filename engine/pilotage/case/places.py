"""Where inputs lie: as paths below folders that can be found again, on this machine or on another.

A manifest names no folder of the machine. Each input has a base and a path below it: the data folder, the package's
sample, the folder of the scenario file, or the folder in which the command was run. The data folder and the scenario's
folder are themselves given below the last, where they lie there. What lies in none of them has its file name alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pilotage import assets
from pilotage.config.overlay import Resolved
from pilotage.domain.inputs import Inputs, in_order

Json = dict[str, str | None]


class Base(StrEnum):
    """The folder below which an input's path is given."""

    DATA = "data"
    SAMPLE = "sample"
    SCENARIO = "scenario"
    WORK = "work"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Folders:
    """The folders of a run on this machine; None where there is none.

    Attributes
    ----------
    work
        The folder in which the command was run.
    scenario
        The folder of the scenario file; None of a scenario that ships with Pilotage.
    data
        The data folder; None where the schools are those of the sample that ships with Pilotage.
    """

    work: Path | None = None
    scenario: Path | None = None
    data: Path | None = None

    @property
    def by_base(self) -> Iterator[tuple[Base, Path]]:
        """Yield each folder that there is, in the order in which an input is looked for in them."""
        sample = assets.sample().resolve()
        every = ((Base.DATA, self.data), (Base.SAMPLE, sample), (Base.SCENARIO, self.scenario), (Base.WORK, self.work))
        yield from ((base, folder) for base, folder in every if folder is not None)


def folders_of(resolved: Resolved) -> Folders:
    """Return the folders of a run of a scenario from the current folder."""
    data, own = resolved.scenario.data, resolved.file.resolve().parent if resolved.file else None
    folder = data.folder if data.source == "sample" else assets.data_folder(data.folder)
    return Folders(
        work=Path.cwd(),
        scenario=None if own == assets.configs().resolve() else own,
        data=None if folder is None else folder.resolve(),
    )


def input_facts(inputs: Inputs, folders: Folders) -> list[Json]:
    """Return what a manifest says of each input: role, name, key, base, path below it, sha256; sorted."""
    facts = []
    for each in in_order(inputs):
        base, path = placed(each.path, folders)
        named = {"role": each.role, "name": each.name, "key": each.key or None}
        facts.append(named | {"base": base.value, "path": path, "sha256": each.sha256})
    return facts


def folder_facts(folders: Folders) -> Json:
    """Return the scenario's and the data folder below the folder of work; None where they lie elsewhere."""
    return {name: _below(getattr(folders, name), folders.work) for name in ("scenario", "data")}


def placed(path: Path, folders: Folders) -> tuple[Base, str]:
    """Return the base of a file and its path below it."""
    full = path.resolve()
    for base, folder in folders.by_base:
        below = _below(full, folder)
        if below is not None:
            return base, below
    return Base.ELSEWHERE, full.name


def _below(path: Path | None, folder: Path | None) -> str | None:
    if path is None or folder is None or not path.is_relative_to(folder):
        return None
    return path.relative_to(folder).as_posix()
