"""The files of the folders that Pilotage writes, by name, and the version of what their JSON holds.

``SCHEMA_VERSION`` stands in every JSON file that Pilotage writes into a folder. Raise it by one when a reader of the
older files would go wrong: a key or a file is renamed or removed, or its meaning, unit or type changes. A new key
beside them does not raise it. ``read_back`` reads this version alone and refuses every other by name;
docs/reference/run-folder.md says what each version holds.
"""

from __future__ import annotations

from enum import StrEnum

SCHEMA_VERSION = 3

RANKED = "ranked_schools.csv"
WORRY = "worry_about.csv"
ASK_NEXT = "ask_next.csv"
PLACEMENTS = "placements.csv"
SUPPORT = "support_in_post.csv"
UNPLACED = "unplaced.csv"
ALTERNATIVES = "alternatives.csv"  # where the scenario asks for them
ASKS = "asks.csv"  # where the scenario has prospects
LEDGER = "ledger.csv"  # where there is a pin, a ban, an answer or a decision
FORECAST = "forecast.parquet"
PLAN = "plan.json"
AUDIT = "audit.json"
SCENARIO = "scenario.resolved.yaml"
MANIFEST = "manifest.json"
WORKBOOK = "report.xlsx"
PAGE = "report.html"
TIMINGS = "timings.json"
RUN_LOG = "run.log"

FORECAST_LIST = "forecast.csv"
AREA_LIST, LEADERSHIP_LIST, AREA_PAGE = "areas.csv", "leadership.csv", "areas.html"
METRICS, PREDICTIONS, CARD = "metrics.json", "predictions.csv", "card.md"
PROBLEM, PAIRS = "problem.json", "pairs.parquet"
CHANGES, COMPARE_PAGE = "changes.csv", "compare.html"
PRICES = "prices.csv"
FIRMNESS, TIED = "firmness.csv", "tied_schools.csv"
READ_ME, PACK_PAGE, SCHOOL_BOOK, AREA_BOOK = "README.txt", "pack.html", "schools.xlsx", "areas.xlsx"
SWEEP_LIST, SCHOOL_LIST, SWEEP, SWEEP_PAGE = "sweep.csv", "schools.csv", "sweep.json", "sweep.html"

LISTS = (RANKED, PLACEMENTS, UNPLACED)
READ_BACK = (*LISTS, FORECAST, PLAN, AUDIT, SCENARIO, MANIFEST)
VARYING = (TIMINGS, RUN_LOG)  # not the same bytes in each run of the same inputs
NEWER_LISTS = (WORRY, ASK_NEXT, SUPPORT)  # not in the folders of earlier versions
RUN_FILES = frozenset((*READ_BACK, *NEWER_LISTS, WORKBOOK, PAGE, *VARYING))
FAILED = "FAILED-AUDIT-"  # before the name of every file of a run whose audit failed


class FolderKind(StrEnum):
    """What a folder that Pilotage wrote is, as its manifest says."""

    RUN = "run"
    FORECAST = "forecast"
    AREAS = "areas"
    EVALUATION = "evaluation"
    PROBLEM = "problem"
    COMPARISON = "comparison"
    PRICES = "prices"
    FIRMNESS = "firmness"
    SWEEP = "sweep"
    PACK = "pack"


ASKED_FILES = frozenset((ALTERNATIVES, ASKS, LEDGER))  # in a run folder where the scenario asks for them
FOLDER_FILES = {
    FolderKind.RUN: RUN_FILES | ASKED_FILES,
    FolderKind.FORECAST: frozenset((FORECAST_LIST, FORECAST, MANIFEST)),
    FolderKind.AREAS: frozenset((AREA_LIST, LEADERSHIP_LIST, AREA_PAGE, MANIFEST)),
    FolderKind.EVALUATION: frozenset((METRICS, PREDICTIONS, CARD, MANIFEST)),
    FolderKind.PROBLEM: frozenset((PROBLEM, PAIRS, MANIFEST)),
    FolderKind.COMPARISON: frozenset((CHANGES, COMPARE_PAGE, MANIFEST)),
    FolderKind.PRICES: frozenset((PRICES, MANIFEST)),
    FolderKind.FIRMNESS: frozenset((FIRMNESS, TIED, MANIFEST)),
    FolderKind.SWEEP: frozenset((SWEEP_LIST, PLACEMENTS, SCHOOL_LIST, SWEEP, SWEEP_PAGE, SCENARIO, MANIFEST)),
    FolderKind.PACK: frozenset((READ_ME, PACK_PAGE, SCHOOL_LIST, SCHOOL_BOOK, AREA_LIST, AREA_BOOK, MANIFEST)),
}
CLUTTER = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))  # left by file managers
