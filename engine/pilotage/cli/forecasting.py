"""The commands about forecasts alone: ``forecast`` and ``evaluate``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.options import AsJson, Asked, Output
from pilotage.cli.progress import progress
from pilotage.cli.streams import say
from pilotage.cli.tables import show_evaluation


def forecast(asked: Asked, output: Output) -> None:
    """Forecast the risks only, and write forecast.csv and forecast.parquet."""
    from pilotage import pipeline
    from pilotage.case.writing.target import expect_target
    from pilotage.report.folder import write_forecast
    from pilotage.report.run.data import data_words

    resolved = asked.resolved
    folder = output.out or Path("runs") / f"{resolved.scenario.name}-forecast"
    expect_target(folder, force=output.force)
    with progress(output.quiet) as tell:
        panel, urns = pipeline.schools(resolved, tell)
        risks = pipeline.foresee_schools(resolved, panel, urns, tell)
        known = (*data_words(panel, urns, resolved.scenario), *risks.notes)
        write_forecast(risks, folder, force=output.force, synthetic=panel.synthetic, data=known)
    say("\n".join(known))
    for name, outcome in risks.outcomes.items():
        say(f"{name}: {'available' if outcome.available else 'unavailable'} - {outcome.why}")
    say(f"{len(risks.table):,} schools written to {folder}{os.sep}")


def evaluate(
    asked: Asked,
    output: Output,
    cards: Annotated[
        bool, typer.Option("--cards", help="Also write the card and metrics of each outcome into models/.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Test the forecasts against what came afterwards, and write metrics.json, predictions.csv and the card."""
    from pilotage import assets, reviews
    from pilotage.case.versions import versions
    from pilotage.case.writing.target import expect_target, expect_writable
    from pilotage.report.folder import write_cards, write_evaluation

    resolved = asked.resolved
    folder = output.out or Path("runs") / f"{resolved.scenario.name}-evaluation"
    expect_target(folder, force=output.force)
    if cards:
        expect_writable(assets.models() / resolved.scenario.name)
    with progress(output.quiet or as_json) as tell:
        evaluation = reviews.evaluate(resolved, tell)
        write_evaluation(evaluation, folder, versions(), force=output.force)
        written = write_cards(evaluation, assets.models()) if cards else []
    if as_json:
        say(json.dumps(evaluation.metrics | {"folder": str(folder)}, ensure_ascii=False))
        return
    show_evaluation(evaluation)
    say("\n".join(f"Written: {path}" for path in written))
    say(f"Written to {folder}{os.sep}: open card.md")
