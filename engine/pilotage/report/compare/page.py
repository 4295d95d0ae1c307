"""compare.html: two runs side by side on one page that works offline; the template is page.html.jinja."""

from __future__ import annotations

from typing import Any

from pilotage.domain.findings.comparison import Comparison, LeaderChange, ListChange, Side
from pilotage.report.compare import words
from pilotage.report.compare.cells import figure_cells, setting_cells
from pilotage.report.html import rendered
from pilotage.report.internal import INTERNAL

MOST_LEADERS = 300  # more are in changes.csv

Cells = dict[str, str]


def compare_page(found: Comparison) -> str:
    """Return a comparison as HTML, without any reference to the outside."""
    return rendered("compare", _context(found))


def _context(found: Comparison) -> dict[str, Any]:
    made = found.attribution
    return {
        "before": _side(found.before),
        "after": _side(found.after),
        "failure": words.failure(found),
        "banners": list(dict.fromkeys(side.banner for side in (found.before, found.after) if side.banner)),
        "warnings": words.warnings(found),
        "headline": words.headline(found),
        "internal": INTERNAL,
        "figures": figure_cells(found),
        "attributed": made is not None,
        "settings": setting_cells(found),
        "settings_note": words.SETTINGS_ALONE if made else words.SETTINGS,
        "why_not": found.why_not,
        "parts": [] if made is None else [{"name": name, "value": value} for name, value in words.parts(made)],
        "cautions": [] if made is None else words.cautions(made),
        "leaders": [_leader(each, found.schools) for each in found.leaders[:MOST_LEADERS]],
        "leaders_note": words.MADE_BY if made else words.LEADERS,
        "leaders_total": len(found.leaders),
        "lists": [_list(each, found.schools) for each in found.lists],
    }


def _side(side: Side) -> Cells:
    return {"folder": side.folder, "scenario": side.scenario, "day": words.day(side)}


def _leader(change: LeaderChange, names: dict[int, str]) -> Cells:
    return {
        "leader": change.leader_id,
        "change": words.CHANGES[change.change],
        "before": words.posts(change.before, names),
        "after": words.posts(change.after, names),
        "made_by": ", ".join(change.made_by) or words.NO_SETTING,
    }


def _list(change: ListChange, names: dict[int, str]) -> dict[str, Any]:
    sides = {"went": change.went, "came": change.came}
    listed = {side: [words.school(urn, names) for urn in urns] for side, urns in sides.items()}
    return {"name": words.sentence(words.list_name(change))} | listed
