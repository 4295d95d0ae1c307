"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pilotage.cli.streams import add_row, say, show_table

if TYPE_CHECKING:
    from rich.table import Table

    from pilotage.domain.findings.areas import AreaState
    from pilotage.domain.findings.evaluation import Evaluation
    from pilotage.reviews import Covered


def area_tables(state: AreaState) -> Iterator[Table]:
    """Yield the tables of the areas' state, as the page has them."""
    from rich.table import Table

    from pilotage.report.areas.page import gap_tables, leadership_rows

    for content in gap_tables(state):
        table = Table(
            "area",
            str(content["first"]),
            str(content["last"]),
            "range (90%)",
            "growth",
            "pupils",
            title=content["title"],
        )
        for row in content["rows"]:
            add_row(table, row["area"], row["first"], row["now"], row["range"], row["growth"], row["pupils"])
        yield table
    rows = leadership_rows(state)
    if rows:
        table = Table("area", "good or better", "fell", "share", "range (90%)", title="Leadership that fell")
        for row in rows:
            add_row(table, row["area"], row["good"], row["fell"], row["share"], row["range"])
        yield table


def show_evaluation(evaluation: Evaluation) -> None:
    """Print the main figures, with intervals and ceilings, and what could not be tested."""
    from rich.table import Table

    from pilotage.report.cards.summary import HEADINGS, summary_rows, untested_reasons

    if evaluation.metrics["synthetic"]:
        say("Synthetic England: every school, result and grade here is invented.")
    table = Table(*HEADINGS, title=f"Forecasts of {evaluation.scenario} against what came (95% intervals)")
    for row in summary_rows(evaluation.metrics):
        add_row(table, *row)
    show_table(table, 170)
    say("\n".join(untested_reasons(evaluation.metrics)))


def coverage_table(covered: Covered) -> Table:
    """Return what is known of the scenario's schools by its date, what is lacking last."""
    from rich.table import Table

    title = f"{covered.name}: what is known of its {covered.schools:,} schools by {covered.as_of}"
    table = Table("figure", "newest year", "schools", "share", "lacking: bring one of", title=title)
    for figure in sorted(covered.figures, key=lambda each: each.lacking):
        bring = "; ".join(figure.sources) if figure.lacking else ""
        share = f"{figure.schools / figure.of:.0%}" if figure.of else ""
        add_row(table, figure.figure, str(figure.newest_year or ""), f"{figure.schools:,}", share, bring)
    return table
