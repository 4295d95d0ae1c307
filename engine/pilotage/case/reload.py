"""The inputs of a run, found again: which are there as they were, which changed, which are gone; and its scenario.

A file is looked for below its base (``places.Base``), in the folders that a caller names first, then where the base may
lie: from the current folder, from the run folder and from those above it. A base may lie in several places (another
copy of the data): the one with the most files as they were is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from pilotage import assets
from pilotage.case.json_models import ManifestFacts, RecordedInput
from pilotage.case.places import Base
from pilotage.case.read_back import AGAIN, ReadRun, read_manifest
from pilotage.config.overlay import Resolved
from pilotage.config.scenario import Scenario
from pilotage.domain.checksums import sha256_of
from pilotage.domain.inputs import FORECAST, Inputs
from pilotage.errors import DataError, Problem, raise_all

Digest = Callable[[Path], str]

WANTED = "the file as the run read it"
DO = f"bring it back, or {AGAIN}"


class InputState(StrEnum):
    """What became of an input since the run."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class LocatedInput:
    """An input of a run, what became of it, and the folder below which it is now (None = gone)."""

    recorded: RecordedInput
    state: InputState
    folder: Path | None

    @property
    def path(self) -> Path | None:
        """Return where the file is now."""
        return None if self.folder is None else self.folder / self.recorded.path


def inputs_changed(folder: Path, beside: Sequence[Path] = ()) -> tuple[LocatedInput, ...]:
    """Return the inputs of a run folder that are gone or have another sha256; ``beside``: folders to look in first.

    Raises
    ------
    DataError
        When the folder's manifest cannot be read.
    """
    located = located_inputs(read_manifest(folder), folder, beside)
    return tuple(each for each in located if each.state is not InputState.SAME)


def located_inputs(manifest: ManifestFacts, folder: Path, beside: Sequence[Path] = ()) -> tuple[LocatedInput, ...]:
    """Return every input of a manifest with what became of it, in the manifest's order."""
    groups: dict[tuple[Base, str], list[RecordedInput]] = {}
    for each in manifest.inputs:
        groups.setdefault(_group(each), []).append(each)
    digest = cache(sha256_of)
    places = {
        (base, name): _place(inputs, _folders(base, manifest, folder, beside), digest)
        for (base, name), inputs in groups.items()
    }
    return tuple(_located(each, places[_group(each)], digest) for each in manifest.inputs)


def _group(recorded: RecordedInput) -> tuple[Base, str]:
    """Return what the inputs of one folder share; files from elsewhere need not have lain in one."""
    return recorded.base, recorded.path if recorded.base is Base.ELSEWHERE else ""


def _place(inputs: Sequence[RecordedInput], folders: Iterable[Path], digest: Digest) -> Path | None:
    """Return the folder that holds most inputs as they were, then most of them at all; the first of equals."""
    best, most = None, (0, 0)
    for folder in folders:
        states = [_located(each, folder, digest).state for each in inputs]
        score = (states.count(InputState.SAME), len(states) - states.count(InputState.GONE))
        if score > most:
            best, most = folder, score
    return best


def _located(recorded: RecordedInput, folder: Path | None, digest: Digest) -> LocatedInput:
    if folder is None or not (folder / recorded.path).is_file():
        return LocatedInput(recorded, InputState.GONE, None)
    same = digest(folder / recorded.path) == recorded.sha256
    return LocatedInput(recorded, InputState.SAME if same else InputState.CHANGED, folder)


def _folders(base: Base, manifest: ManifestFacts, folder: Path, beside: Sequence[Path]) -> list[Path]:
    """Return the folders that may be a base, best first."""
    roots = (Path.cwd(), *folder.resolve().parents)
    below = {
        Base.SCENARIO: manifest.folders.scenario,
        Base.DATA: manifest.folders.data,
        Base.WORK: "",
        Base.ELSEWHERE: "",
    }
    stated = below.get(base)
    own = [] if stated is None else [root / stated for root in roots]
    shipped = {Base.SAMPLE: [assets.sample()], Base.DATA: [assets.data_folder()]}.get(base, [])
    return list(dict.fromkeys((*beside, *own, *shipped)))


def scenario_again(run: ReadRun, beside: Sequence[Path] = ()) -> Resolved:
    """Return the scenario of a run with the files that it names where they are now, to gather its case again.

    The forecast is that of the run (``ReadRun.forecast``): a forecast file that it was read from is not asked for.

    Raises
    ------
    DataError
        With every input that is gone or has changed.
    """
    located = [each for each in located_inputs(run.manifest, run.folder, beside) if each.recorded.role != FORECAST]
    raise_all(DataError, (_problem(each) for each in located if each.state is not InputState.SAME))
    scenario = run.scenario
    named: dict[str, list[LocatedInput]] = {}
    for each in located:
        if each.recorded.key:
            named.setdefault(each.recorded.key, []).append(each)
    for key, files in named.items():
        paths = [each.path for each in _in_stated_order(scenario, key, files)]
        scenario = _with_file(scenario, key, paths[0] if len(paths) == 1 else tuple(paths))
    data = next((each.folder for each in located if each.recorded.base is Base.DATA), None)
    if data is not None:
        scenario = _with_file(scenario, "data.folder", data)
    return Resolved(scenario, {}, run.resolved_yaml)


def _in_stated_order(scenario: Scenario, key: str, files: list[LocatedInput]) -> list[LocatedInput]:
    """Return the files of a key in the order in which the scenario names them; the manifest sorts them by name."""
    first, _, rest = key.partition(".")
    stated = getattr(getattr(scenario, first), rest, None)
    names = [path.name for path in stated] if isinstance(stated, tuple) else []
    place = {name: position for position, name in reversed(list(enumerate(names)))}
    return sorted(files, key=lambda each: place.get(each.recorded.name, len(names)))


def expect_same_inputs(run: ReadRun, inputs: Inputs) -> None:
    """Raise where a case gathered again read other files than the run did: one that has come since, or none of one.

    Raises
    ------
    DataError
        With one problem per file.
    """
    read = (each for each in run.manifest.inputs if each.role != FORECAST)
    before = {(each.role, each.name, each.key or ""): each.sha256 for each in read}
    now = {(each.role, each.name, each.key): each.sha256 for each in inputs if each.role != FORECAST}
    changed = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
    faults = {True: "was read by the run, and is not now", False: "is not as the run read it, or has come since"}
    raise_all(
        DataError,
        (Problem(f"{each[1]} ({each[0]})", faults[each not in now], WANTED, DO) for each in changed),
    )


def _problem(located: LocatedInput) -> Problem:
    recorded = located.recorded
    fault = "is gone" if located.path is None else f"has changed since the run: {located.path}"
    return Problem(f"{recorded.name} ({recorded.role})", fault, WANTED, DO)


def _with_file(scenario: Scenario, key: str, path: Path | tuple[Path | None, ...] | None) -> Scenario:
    """Return the scenario with the file or files of a key (``pool.leaders``, ``rules.NAME.earlier_plan``) set."""
    first, _, rest = key.partition(".")
    name, _, last = rest.rpartition(".")
    part = getattr(scenario, first)
    if name:
        return scenario.model_copy(update={first: part | {name: part[name].model_copy(update={last: path})}})
    return scenario.model_copy(update={first: part.model_copy(update={last: path})})
