"""report.html: one file without any reference to the outside; its first screen, its tabs and its data put together."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from pilotage.case.record import RunRecord
from pilotage.domain.inputs import in_order
from pilotage.report import charts, words
from pilotage.report.columns import KINDS, statuses
from pilotage.report.html import rendered, source
from pilotage.report.lists.alternatives import alternative_words, alternatives_note
from pilotage.report.lists.asks import asks
from pilotage.report.lists.for_people import Levels, levels_of
from pilotage.report.lists.ranked_schools import apart
from pilotage.report.lists.supply_by_area import NOTE, supply_by_area, supply_rows
from pilotage.report.lists.unplaced import unplaced_groups
from pilotage.report.page.data_strip import data_strip
from pilotage.report.page.first_screen import first_screen
from pilotage.report.page.need_map import MOST_POINTS, SERVED, need_map
from pilotage.report.page.plan_cells import asked_cells, barred_rows, peer_rows, placement_cells
from pilotage.report.page.plan_figures import facts
from pilotage.report.page.schools.coded import json_text
from pilotage.report.page.schools.school_data import SchoolData, filters, school_data
from pilotage.report.page.schools.sheet import sheet
from pilotage.report.page.script import script
from pilotage.report.page.supply_bars import supply_bars
from pilotage.report.page.tabs import tabs_with
from pilotage.report.run.accuracy import TITLE, accuracy_words
from pilotage.report.run.data import caution_line, data_line
from pilotage.report.run.expected import expected_lines
from pilotage.report.run.four_lists import NOTES, FourLists, ask_cells, four_lists, support_cells
from pilotage.report.run.hangs_on import flag_rows, hangs_on_lines, trial_rows
from pilotage.report.run.objective import aim_words, score_name, score_unit
from pilotage.report.run.outcomes import outcome_words
from pilotage.report.run.proof import audit_alone, failure, proven
from pilotage.report.run.rule_words import price_basis, rule_table
from pilotage.report.run.what_if import ledger_rows, what_if_lines

MOST_ROWS = 300  # of a list of placements or asks; more are in the workbook

Context = dict[str, Any]


def page(record: RunRecord, ranked: pd.DataFrame, placed: pd.DataFrame) -> str:
    """Return the page as HTML, without any reference to the outside.

    Parameters
    ----------
    ranked, placed
        The lists of ``ranking``.
    """
    lists, levels = four_lists(record, placed), levels_of(ranked)
    context = _head(record) | _first(record, ranked, lists) | _schools(record, ranked, lists, levels)
    context |= _plan(record, lists, levels) | _rules(record) | _areas(record, ranked) | _method(record)
    content = {"ask-next": bool(context["ask_next"] or context["asks"]), "support": bool(context["support"])}
    return rendered("page", context | {"tabs": tabs_with(content)})


def _head(record: RunRecord) -> Context:
    """Return what stands above everything: the run, and what forbids to use it or to take it for real."""
    return {
        "name": record.scenario.name,
        "why": record.scenario.why,
        "as_of": words.day(record),
        "failure": failure(record),
        "banner": words.banner(record),
        "part": caution_line(record.panel, record.scenario),
        "page_style": Markup(source("page", "style.css").rstrip("\n")),
        "script": script(),
    }


def _first(record: RunRecord, ranked: pd.DataFrame, lists: FourLists) -> Context:
    drawn = need_map(record, ranked)
    return {
        "first": first_screen(record, lists.placements),
        "strip": data_strip(record),
        "facts": facts(record, ranked),
        "map": Markup(drawn) if drawn else None,
        "squares": len(ranked) > MOST_POINTS,
        "serves": ranked["status"].isin(SERVED).any(),
    }


def _schools(record: RunRecord, ranked: pd.DataFrame, lists: FourLists, levels: Levels) -> Context:
    data = school_data(record, ranked, lists.worry, lists.ask_next, levels)
    known = statuses(prospects=record.scenario.pool.prospects is not None)
    counts = ranked["status"].value_counts()
    return {
        "schools": data.first_rows,
        "schools_total": f"{len(ranked):,}",
        "special_total": int(apart(ranked).sum()),
        "filters": filters(data),
        "statuses": known,
        "status_counts": {status: f"{int(counts.get(status, 0)):,}" for status in known},
        "level_note": words.level_note(levels.schools),
        "notes_of": NOTES,
        "data_json": _data_json(record, data),
        "ask_next": [ask_cells(row, levels) for _, row in lists.first_to_ask(MOST_ROWS).iterrows()],
        "opens": bool(lists.ask_next["chance_open"].notna().any()),
        "ask_next_total": f"{len(lists.ask_next):,}",
    }


def _data_json(record: RunRecord, data: SchoolData) -> Markup:
    banner = words.banner(record) or ""
    statuses_of = {name.replace("_", " "): text for name, text in statuses(prospects=True).items()}
    return json_text(
        {
            "columns": data.columns,
            "similar": data.similar,
            "sheet": sheet(record),
            "statuses": statuses_of,
            "banner": banner,
            "asOf": words.day(record),
        }
    )


def _plan(record: RunRecord, lists: FourLists, levels: Levels) -> Context:
    asked = asks(record)
    return {
        "placements": [placement_cells(row, levels) for _, row in lists.placements.head(MOST_ROWS).iterrows()],
        "placements_total": len(lists.placements),
        "support": [support_cells(row, levels) for _, row in lists.support.head(MOST_ROWS).iterrows()],
        "support_total": len(lists.support),
        "prospects": record.scenario.pool.prospects is not None,
        "asks": [asked_cells(row, levels) for _, row in asked.head(MOST_ROWS).iterrows()],
        "asks_total": len(asked),
        "unplaced": unplaced_groups(record),
        "unplaced_total": len(record.unplaced),
        "expected": expected_lines(record),
        "what_if": what_if_lines(record),
        "ledger": ledger_rows(record),
        "others": alternative_words(record),
        "others_note": alternatives_note(record),
    }


def _rules(record: RunRecord) -> Context:
    return {
        "rules": rule_table(record),
        "price_basis": price_basis(record),
        "barred": barred_rows(record),
        "score_unit": score_unit(record),
        "score_name": score_name(record),
        "peers": peer_rows(record),
    }


def _areas(record: RunRecord, ranked: pd.DataFrame) -> Context:
    supplies = supply_by_area(record, ranked.set_index("urn")["band"])
    drawn = {
        "supply": supply_bars(supplies),
        "need": charts.need_bars(ranked),
        "baselines": charts.baseline_bars(record),
    }
    return {
        "areas": supply_rows(supplies),
        "areas_note": NOTE,
        "charts": {name: Markup(svg) if svg else None for name, svg in drawn.items()},
    }


def _method(record: RunRecord) -> Context:
    return {
        "data": data_line(record.panel, record.urns),
        "warning": f"{proven(record)} That is a statement about the model, not about the world.",
        "aims": aim_words(record),
        "interval": words.INTERVAL,
        "chances": words.CHANCES,
        "unit": words.UNIT,
        "kinds": KINDS,
        "hangs_on": hangs_on_lines(record),
        "trials": trial_rows(record),
        "flags": flag_rows(record),
        "outcomes": outcome_words(record),
        "accuracy_title": TITLE,
        "accuracy": accuracy_words(record),
        "assumptions": record.assumptions,
        "notes": record.panel.notes,
        "checks": record.audit.checks,
        "audit_alone": audit_alone(record.audit),
        "clean": record.clean,
        "versions": sorted(record.versions.items()),
        "inputs": in_order(record.inputs),
        "seed": record.scenario.solver.seed,
    }
