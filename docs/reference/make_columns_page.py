"""Print docs/reference/columns.md from the columns of the lists; a test keeps the page fresh."""

from __future__ import annotations

from page_tables import table

from pilotage.case import run_folder
from pilotage.report.columns import KINDS, PLACEMENTS, RANKED, SUPPORTED, UNPLACED, Column, statuses
from pilotage.report.compare.change_rows import CHANGES
from pilotage.report.firmness import firmness_rows
from pilotage.report.lists.alternatives import ALTERNATIVE_PLACEMENTS
from pilotage.report.lists.ask_next import ASK_NEXT
from pilotage.report.lists.asks import ASKS
from pilotage.report.lists.ledger import LEDGER
from pilotage.report.lists.worry_about import WORRY_ABOUT
from pilotage.report.prices.price_rows import PRICES

HEAD = """# Columns of every list

Made from the code of the lists by `make docs`; do not edit by hand. A blank is never zero. [The run
folder](run-folder.md) says what each file is for.

The kind of a column says what sort of figure it is:
"""
OF_A_RUN = {
    run_folder.RANKED: RANKED,
    run_folder.WORRY: WORRY_ABOUT,
    run_folder.ASK_NEXT: ASK_NEXT,
    run_folder.PLACEMENTS: PLACEMENTS,
    run_folder.SUPPORT: SUPPORTED,
    run_folder.UNPLACED: UNPLACED,
    run_folder.ALTERNATIVES: ALTERNATIVE_PLACEMENTS,
    run_folder.ASKS: ASKS,
    run_folder.LEDGER: LEDGER,
}
OF_OTHER_COMMANDS = {
    run_folder.CHANGES: CHANGES,
    run_folder.PRICES: PRICES,
    run_folder.FIRMNESS: firmness_rows.PLACEMENTS,
    run_folder.TIED: firmness_rows.TIED,
}


def page() -> str:
    """Return the columns of every list, in Markdown."""
    kinds = table(("kind", "meaning"), KINDS.items())
    said = table(("status", "meaning"), ((f"`{name}`", words) for name, words in statuses(prospects=True).items()))
    lists = [_section(name, columns) for name, columns in (OF_A_RUN | OF_OTHER_COMMANDS).items()]
    return "\n".join([HEAD, kinds, *lists, "## Statuses\n", "What the column `status` says of a school.\n", said])


def _section(name: str, columns: tuple[Column, ...]) -> str:
    rows = ((f"`{each.name}`", each.heading, each.kind, each.meaning) for each in columns)
    return f"## `{name}`\n\n" + table(("column", "heading in Excel", "kind", "meaning"), rows)


if __name__ == "__main__":
    print(page(), end="")
