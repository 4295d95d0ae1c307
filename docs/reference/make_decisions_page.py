"""Print docs/reference/decisions.md from the decision records; a test keeps the page fresh."""

from __future__ import annotations

from pathlib import Path

RECORDS = Path(__file__).resolve().parents[1] / "decisions"
HEAD = """# Decisions

Made from the records by `make docs`; do not edit by hand. Each record says in under 600 words what the question was,
what was decided, and what follows. A later record may change an earlier one, and then says so.
"""


def page() -> str:
    """Return a link to each decision record by its title, in Markdown."""
    return "\n".join([HEAD, *(_link(path) for path in sorted(RECORDS.glob("*.md"))), ""])


def _link(path: Path) -> str:
    title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    return f"- [{title}](../decisions/{path.name})"


if __name__ == "__main__":
    print(page(), end="")
