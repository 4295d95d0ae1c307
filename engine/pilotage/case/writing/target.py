"""What may be written where: found before the work begins, by trying, and again when the folder is put in its place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pilotage.case.run_folder import CLUTTER, FAILED, FOLDER_FILES, MANIFEST, FolderKind
from pilotage.case.writing.workspace import nearest, remove_leftovers, workspace
from pilotage.errors import Problem, UsageError, raise_all

TRIED_BYTES = 1 << 20  # a folder of a small run has about as much
MOST_NAMED = 5  # files in one message
OPEN_MARKS = ("~$", ".~lock.")  # what Excel and LibreOffice write beside a file that is open
DO = "name another folder with --out"


def expect_target(out: Path, *, force: bool) -> None:
    """Refuse a folder that may not be written or cannot be, before the work for it begins.

    What killed runs left of making it is removed.

    Raises
    ------
    UsageError
        Saying what is there, or why nothing can be written there, and what to do.
    """
    refuse_existing(out, force=force)
    expect_writable(out)


def expect_apart(*folders: Path | None) -> None:
    """Refuse folders of one command of which one lies in another, or is another.

    Raises
    ------
    UsageError
        With one problem for each folder that lies in one before it.
    """
    given = [folder.resolve() for folder in folders if folder is not None]
    pairs = [(one, other) for place, one in enumerate(given) for other in given[:place]]
    clash = [one for one, other in pairs if one.is_relative_to(other) or other.is_relative_to(one)]
    allowed, do = "folders that do not lie in one another", "name another folder for one of them"
    raise_all(UsageError, (Problem(str(one), "is given twice, or lies in the other", allowed, do) for one in clash))


def expect_writable(path: Path) -> None:
    """Refuse a path at which no folder can be made: one is made beside it, filled a little, and removed.

    Raises
    ------
    UsageError
        Saying why.
    """
    try:
        full = path.resolve()
        above = nearest(full.parent)
        if not above.is_dir():
            raise UsageError(Problem(str(path), f"cannot be made: {above} is a file", "a path through folders", DO))
        with workspace(full, above) as place:
            tried = place / full.relative_to(above)
            tried.mkdir(parents=True)
            (tried / "tried").write_bytes(bytes(TRIED_BYTES))
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # a null in a name; links in a circle
        raise UsageError(cannot_be_written(path, error)) from None


def refuse_existing(out: Path, *, force: bool) -> None:
    """Refuse a folder that exists, unless ``force`` and its manifest is Pilotage's and nothing else lies in it.

    Raises
    ------
    UsageError
        Saying what is there and what to do.
    """
    try:
        there = _there(out)
        fault = foreign_words(out) if there and force else None
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(cannot_be_written(out, error)) from None
    if there and not force:
        raise UsageError(Problem(str(out), "already exists", "a new folder", "name another, or replace it by --force"))
    if fault:
        allowed = "--force replaces only a folder that Pilotage wrote, with nothing else in it"
        raise UsageError(Problem(str(out), fault, allowed, "move it out, or name another"))
    held = held_by_others(out) if there else []
    if held:
        what, allowed = f"another program has {', '.join(held)} open", "a folder that nothing holds open"
        raise UsageError(Problem(str(out), what, allowed, "close it in Excel and the browser, and run again"))


def _there(out: Path) -> bool:
    full = out.resolve()
    remove_leftovers(full, foreign)
    return out.is_symlink() or full.exists()


def foreign_words(folder: Path) -> str | None:
    """Return what keeps a folder from being replaced; None where nothing does."""
    if folder.is_symlink() or not folder.is_dir():
        return "is not a folder"
    strange = foreign(folder)
    if strange:
        more = f" and {len(strange) - MOST_NAMED:,} more" if len(strange) > MOST_NAMED else ""
        return f"holds what Pilotage did not write: {', '.join(strange[:MOST_NAMED])}{more}"
    if not os.access(folder, os.W_OK):
        return "may not be changed by you"
    return None


def held_by_others(folder: Path) -> list[str]:
    """Return the files of a folder that another program holds, so that the folder can't be replaced now.

    Windows refuses to open them for writing, whoever may write them. Elsewhere an open file keeps nobody out.
    """
    return [path.name for path in sorted(folder.iterdir()) if path.is_file() and _is_held(path)]


def _is_held(path: Path) -> bool:
    if _is_clutter(path.name) or not os.access(path, os.W_OK):
        return False
    try:
        with path.open("r+b"):
            return False
    except PermissionError:
        return True


def foreign(folder: Path) -> list[str]:
    """Return what lies in a folder and is not of it as Pilotage wrote it; everything, where it has no such manifest."""
    return _foreign_in(folder, own_names(folder), "")


def _foreign_in(folder: Path, own: frozenset[str], above: str) -> list[str]:
    """Return what of a folder's files is none of ``own``; ``above``: how their names begin there."""
    strange = []
    for path in sorted(folder.iterdir()):
        name = f"{above}{path.name}"
        if path.is_dir() and not path.is_symlink() and any(each.startswith(f"{name}/") for each in own):
            strange += _foreign_in(path, own, f"{name}/")
        elif path.is_symlink() or not path.is_file():
            strange.append(f"{name} ({'a link' if path.is_symlink() else 'a folder'})")
        elif not _is_clutter(path.name) and name.removeprefix(FAILED) not in own:
            strange.append(name)
    return strange


def kind_of(folder: Path) -> FolderKind | None:
    """Return what kind of folder a manifest says it is; None where there is no manifest that says so."""
    try:
        return FolderKind(_manifest(folder)["kind"])
    except (KeyError, ValueError, TypeError):
        return None


def own_names(folder: Path) -> frozenset[str]:
    """Return the names that the files of a folder have by the kind that its manifest says, with its lists.

    A pack also has the files below folders that its manifest names (``schools/100001.html``).
    """
    stated = _manifest(folder)
    try:
        kind, version, lists = FolderKind(stated["kind"]), stated["schema_version"], frozenset(stated.get("lists", ()))
        below = frozenset(stated["files"]) if kind is FolderKind.PACK else frozenset[str]()
    except (KeyError, ValueError, TypeError):
        return frozenset()
    return FOLDER_FILES[kind] | lists | below if isinstance(version, int) else frozenset()


def _manifest(folder: Path) -> dict[str, Any]:
    for name in (MANIFEST, f"{FAILED}{MANIFEST}"):
        try:
            stated = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(stated, dict):
            return stated
    return {}


def _is_clutter(name: str) -> bool:
    return name in CLUTTER or name.startswith(OPEN_MARKS)


def cannot_be_written(path: Path, error: Exception) -> Problem:
    """Return what is said of a path that the system does not let be written."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Problem(str(path), f"cannot be written ({why})", "a folder that you may write, on a disk with space", DO)
