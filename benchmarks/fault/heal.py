"""What must hold after a fault, and after one more command without."""

from collections.abc import Iterable
from pathlib import Path

from fault.bench import Bench, Ended, Undisturbed, content, run
from fault.world import users_files

LEFT = (".pilotage-*", ".*.part", "*.refused-*")


def blame_unless(bench: Bench, ended: Ended, codes: set[int]) -> Ended:
    """Note an exit code that is none of those, and what no user should be told."""
    if ended.code not in codes:
        bench.blame(f"exit code {ended.code}: {ended.said}")
    judge_said(bench, ended)
    return ended


def judge_said(bench: Bench, ended: Ended) -> None:
    """Note a traceback, and an exit code above zero without a word."""
    if "Traceback" in ended.said or "Error ignored" in ended.said or "Exception ignored" in ended.said:
        bench.blame(f"a traceback: {ended.said}")
    if ended.code > 0 and not ended.said.strip():
        bench.blame(f"exit code {ended.code} without a word")


def whole_or_absent(bench: Bench, but: Undisturbed | None) -> None:
    """Note a folder that is there, and is not as an undisturbed command leaves it; one is judged elsewhere."""
    for command in bench.commands.values():
        if command is not but and command.out.exists() and content(command.out) != command.files:
            bench.blame(f"{command.out.name} is half a folder")


def heal(bench: Bench, command: Undisturbed) -> None:
    """Run the command again, and note where it does not give what it should, or something is lost or left."""
    ended = run(bench, command.command)
    if ended.code or content(command.out) != command.files:
        bench.blame(f"the next {command.command[0]} does not heal: exit code {ended.code}: {ended.said}")


def judge(bench: Bench, command: Undisturbed) -> None:
    """Note what is lost or left once all is healed."""
    if content(command.out) != command.files:
        bench.blame("other bytes after all")
    if users_files(bench) != bench.own:
        bench.blame("a file of the user's is lost or changed")
    left = left_behind(bench.place)
    if left:
        bench.blame(f"left behind: {left}")
    shared = others_may_read((command.out, *bench.cache.glob("*")))
    if shared:
        bench.blame(f"others may read: {shared}")
    stored = content(bench.cache)
    wrong = [name for name in command.stored if stored.get(name) != bench.stored[name]]
    if wrong:
        bench.blame(f"stored files lack or differ: {wrong}")


def left_behind(place: Path) -> list[str]:
    """Return what runs have left behind below a folder."""
    return [path.name for pattern in LEFT for path in place.rglob(pattern)]


def others_may_read(folders: Iterable[Path]) -> list[str]:
    """Return the folders and the files in them that are not their owner's alone."""
    every = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    return [str(path) for path in every if path.stat().st_mode & 0o077]
