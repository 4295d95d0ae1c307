"""Print what share of the engine's branches the tests ran; fail below ``--least`` percent.

Coverage's own total counts statements and branches together, which hides branches never taken.
"""

import argparse
import contextlib
import io
import json
import tempfile
from pathlib import Path

import coverage


def main() -> None:
    """Print the shares, and fail where there are too few."""
    parser = argparse.ArgumentParser(description="Share of branches run, from the data of coverage.")
    parser.add_argument("--least", type=float, default=0.0, help="percent below which this fails")
    least = parser.parse_args().least
    totals = measured()
    run, whole = totals["covered_branches"], totals["num_branches"]
    percent = 100 * run / whole
    statements = 100 * totals["covered_lines"] / totals["num_statements"]
    print(f"coverage of the engine: {percent:.1f}% of branches ({run:,} of {whole:,}), {statements:.1f}% of statements")
    if percent < least:
        raise SystemExit(f"under {least:g}% of branches: the table above names what no test runs")


def measured() -> dict[str, int]:
    """Return the totals of the last measured run."""
    data = coverage.Coverage()
    data.load()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        report = Path(folder) / "coverage.json"
        data.json_report(outfile=str(report))
        totals: dict[str, int] = json.loads(report.read_text(encoding="utf-8"))["totals"]
    return totals


if __name__ == "__main__":
    main()
