"""Tables of results in benchmarks/RESULTS.md: each benchmark replaces its own section."""

import os
import platform
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def machine() -> str:
    """Return what the runs were made on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory, Python {platform.python_version()}"


def write_section(title: str, text: str, path: Path = RESULTS) -> None:
    """Write a section, in the place of the one of the same title, else at the end."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = [part for part in ("\n" + before).split("\n# ") if part.strip()]
    ours = f"{title}\n\n{text.strip()}\n"
    names = [part.split("\n", 1)[0].strip() for part in sections]
    if title in names:
        sections[names.index(title)] = ours
    else:
        sections.append(ours)
    path.write_text("\n".join(f"# {part.strip()}\n" for part in sections), encoding="utf-8", newline="\n")


def markdown(names: tuple[str, ...], rows: list[list[str]]) -> str:
    """Return a table."""
    head = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])
