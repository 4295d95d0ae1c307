"""The commands, as typer takes them."""

from __future__ import annotations

import typer

from pilotage.cli import (
    area_state,
    comparing,
    explaining,
    firmness,
    forecasting,
    planning,
    pricing,
    reference,
    serving,
    sharing,
    sweeping,
)
from pilotage.cli.data import data_app
from pilotage.cli.options import spread

app = typer.Typer(
    help="Forecasts where school leadership will fall and places scarce leaders where they change most.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    *(planning.run, planning.place, forecasting.forecast, forecasting.evaluate, area_state.areas, planning.check),
    *(explaining.explain, pricing.prices, firmness.firmness, comparing.compare, comparing.runs, comparing.verify),
    *(sweeping.sweep, sharing.share, serving.serve),
    *(reference.evidence, reference.sample, reference.schema),
):
    app.command()(spread(command))
app.command("open")(spread(comparing.open_page))
app.add_typer(data_app, name="data")
