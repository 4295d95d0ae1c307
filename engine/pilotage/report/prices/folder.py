"""The folder of prices: prices.csv, and a manifest that says what the folder is."""

from __future__ import annotations

from pathlib import Path

from pilotage.case import run_folder
from pilotage.case.run_folder import MANIFEST, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.findings.prices import Prices
from pilotage.report.folder import write_csv, write_json
from pilotage.report.internal import AUDIENCE
from pilotage.report.prices.price_rows import PRICES, price_rows, prices_json


def write_prices(prices: Prices, out: Path, *, force: bool) -> Path:
    """Write prices.csv and manifest.json (the prices as one object) into ``out``.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or cannot be written.
    """
    return whole_folder(out, force, lambda folder: _files(prices, folder))


def _files(prices: Prices, folder: Path) -> None:
    write_csv(price_rows(prices), PRICES, folder / run_folder.PRICES)
    write_json(folder / MANIFEST, {"kind": FolderKind.PRICES, **AUDIENCE, "prices": prices_json(prices)})
