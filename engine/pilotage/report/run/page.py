"""report.html: one self-contained page, in sentences; the template is page.html.jinja."""

from __future__ import annotations

from math import ceil
from typing import Any

import pandas as pd
from markupsafe import Markup

from pilotage.case.record import RunRecord
from pilotage.domain.inputs import in_order
from pilotage.domain.outcomes import Outcome, outcomes_of
from pilotage.domain.plan import Status
from pilotage.report import charts, words
from pilotage.report.columns import KINDS, statuses
from pilotage.report.html import rendered
from pilotage.report.lists.alternatives import alternative_words, alternatives_note
from pilotage.report.lists.asks import answered_words
from pilotage.report.lists.asks import asks as asks_list
from pilotage.report.lists.counted import benefit_span, expected_benefit
from pilotage.report.lists.for_people import Levels, levels_of
from pilotage.report.lists.next_offers import NOBODY
from pilotage.report.lists.ranked_schools import apart
from pilotage.report.lists.supply_by_area import NOTE, supply_by_area, supply_rows
from pilotage.report.lists.unplaced import unplaced_groups
from pilotage.report.run.accuracy import TITLE, accuracy_words
from pilotage.report.run.data import caution_line, data_line
from pilotage.report.run.empty_plan import nobody_words
from pilotage.report.run.expected import expected_lines
from pilotage.report.run.four_lists import NOTES, ask_cells, four_lists, support_cells, worry_cells
from pilotage.report.run.hangs_on import flag_rows, hangs_on_lines, trial_rows
from pilotage.report.run.objective import aim_words, score_name, score_unit
from pilotage.report.run.outcomes import outcome_words
from pilotage.report.run.plan_json import raw_gain
from pilotage.report.run.proof import audit_alone, failure, proven
from pilotage.report.run.rule_words import barred_words, price_basis, rule_table
from pilotage.report.run.what_if import ledger_rows, what_if_lines
from pilotage.report.words import (
    number,
    of_100,
    percent,
    pupils_words,
    schools_of_100,
    span,
    span_of_100,
    text_of,
)

MOST_PLACEMENTS = 300  # more are in the workbook

Cells = dict[str, str]


def page(record: RunRecord, ranked: pd.DataFrame, placed: pd.DataFrame) -> str:
    """Return the page as HTML, without any reference to the outside.

    Parameters
    ----------
    ranked, placed
        The lists of ``ranking``.
    """
    return rendered("run", _context(record, ranked, placed))


def _context(record: RunRecord, ranked: pd.DataFrame, placed: pd.DataFrame) -> dict[str, Any]:
    scenario, most = record.scenario, record.scenario.report.top
    special = apart(ranked)
    known_statuses = statuses(prospects=scenario.pool.prospects is not None)
    asked = asks_list(record)
    lists, levels = four_lists(record, placed), levels_of(ranked)
    return {
        "name": scenario.name,
        "why": scenario.why,
        "as_of": words.day(record),
        "failure": failure(record),
        "banner": words.banner(record),
        "part": caution_line(record.panel, scenario),
        "data": data_line(record.panel, record.urns),
        "headline": words.headline(record),
        "facts": _facts(record, ranked),
        "warning": _warning(record),
        "aims": [*nobody_words(record), *expected_lines(record), *aim_words(record)],
        "what_if": what_if_lines(record),
        "ledger": ledger_rows(record),
        "score_unit": score_unit(record),
        "score_name": score_name(record),
        "price_basis": price_basis(record),
        "honesty": words.HONESTY,
        "interval": words.INTERVAL,
        "chances": words.CHANCES,
        "level_note": words.level_note(levels.schools),
        "unit": words.UNIT,
        "kinds": KINDS,
        "statuses": known_statuses,
        "status_counts": _status_counts(ranked, known_statuses),
        "sorted_by": ", then ".join(key.replace("_", " ") for key in scenario.report.rank_by),
        "schools": [_school(row, levels) for _, row in ranked[~special].head(most).iterrows()],
        "schools_total": f"{int((~special).sum()):,}",
        "special": [_school(row, levels) for _, row in ranked[special].head(most).iterrows()],
        "special_total": f"{int(special.sum()):,}",
        "notes_of": NOTES,
        "worry": [worry_cells(row) for _, row in lists.worry.head(most).iterrows()],
        "worry_total": len(lists.worry),
        "ask_next": [ask_cells(row, levels) for _, row in lists.first_to_ask(most).iterrows()],
        "ask_next_total": len(lists.ask_next),
        "placements": [_placement(row, levels) for _, row in lists.placements.head(MOST_PLACEMENTS).iterrows()],
        "placements_total": len(lists.placements),
        "support": [support_cells(row, levels) for _, row in lists.support.head(MOST_PLACEMENTS).iterrows()],
        "support_total": len(lists.support),
        "prospects": scenario.pool.prospects is not None,
        "asks": [_ask(row, levels) for _, row in asked.head(MOST_PLACEMENTS).iterrows()],
        "asks_total": len(asked),
        "unplaced": unplaced_groups(record),
        "unplaced_total": len(record.unplaced),
        "charts": _charts(record, ranked),
        "squares": len(ranked) > charts.MOST_POINTS,
        "areas": supply_rows(supply_by_area(record, ranked.set_index("urn")["band"])),
        "areas_note": NOTE,
        "rules": rule_table(record),
        "barred": _barred(record),
        "peers": _peers(record),
        "others": alternative_words(record),
        "others_note": alternatives_note(record),
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
        "seed": scenario.solver.seed,
    }


def _charts(record: RunRecord, ranked: pd.DataFrame) -> dict[str, Markup | None]:
    drawn = {
        "map": charts.need_map(record, ranked),
        "baselines": charts.baseline_bars(record),
        "need": charts.need_bars(ranked),
    }
    return {name: Markup(svg) if svg else None for name, svg in drawn.items()}


def _facts(record: RunRecord, ranked: pd.DataFrame) -> list[Cells]:
    low, high = benefit_span(record)
    worth = number(expected_benefit(record))
    known = int(ranked["need"].notna().sum())
    objective, bound = record.plan.objective, words.pupil_months(record, record.plan.bound)
    best = "yes" if record.plan.status is Status.OPTIMAL and record.clean else "no"
    counted = f"{sum(check.holds for check in record.audit.checks)} of {len(record.audit.checks)}"
    score = f"score {number(words.pupil_months(record, objective))}; {_most(record.plan.status, bound)}"
    return [
        _placed(record),
        _fact("Modelled benefit", worth, f"pupil-months; range {span(low, high)}"),
        _fact("Proven best", best, score),
        _fact("Audit", counted, "checks hold, made without the solver"),
        _fact("Schools ranked", f"{len(ranked):,}", f"need could be forecast for {known:,}"),
    ]


def _most(status: Status, bound: float | None) -> str:
    """Return how far any plan could go, the bound rounded up."""
    if status is Status.OPTIMAL:
        return "no plan scores higher"
    return f"no plan can pass {number(None if bound is None else ceil(bound))}"


def _placed(record: RunRecord) -> Cells:
    placed, supported = words.interventions(record)
    pool = len(record.pool.leaders)
    idle = int((~record.pool.leaders.index.isin(record.impact.pairs["leader_index"])).sum())
    beside = f"; {idle:,} have no post that they may take" if idle else ""
    beside += f"; {len(supported):,} leaders in post supported" if supported else ""
    asked = words.asks(record)
    beside += f"; {words.plural(len(asked), 'ask')} beside" if asked else ""
    return _fact("Placements", f"{len(placed):,}", f"of {pool:,} leaders in the pool{beside}")


def _fact(label: str, value: str, note: str) -> Cells:
    return {"label": label, "value": value, "note": note}


def _warning(record: RunRecord) -> str:
    """Return what the reader must know before trusting the plan's benefit."""
    low, high = benefit_span(record)
    doubt = " The range reaches below zero: by this reading the plan may do nothing, or harm." if low < 0 < high else ""
    return proven(record) + " That is a statement about the model, not about the world." + doubt


def _status_counts(ranked: pd.DataFrame, known: dict[str, str]) -> dict[str, str]:
    counts = ranked["status"].value_counts()
    return {status: f"{int(counts.get(status, 0)):,}" for status in known}


def _school(row: pd.Series, levels: Levels) -> Cells:
    """Return the cells of one ranked school."""
    missing, why = text_of(row["missing"]), text_of(row["reasons"])
    return {
        "rank": str(row["rank"]),
        "name": text_of(row["name"]),
        "about": _about(row),
        "leadership": _leadership(row),
        "leadership_note": _leadership_note(row),
        "gap": number(row["gap_months"]),
        "gap_note": _gap_note(row),
        "need": percent(row["need"]),
        "need_note": words.band_words(row["band"]),
        "benefit": levels.words(row["benefit"]),
        "benefit_note": _reached(row),
        "status": str(row["status"]).replace("_", " "),
        "why": why or words.DASH,
        "placement_reason": text_of(row["placement_reason"]),
        "missing": missing,
        "marks": text_of(row["marks"]),
    }


def _about(row: pd.Series) -> str:
    phase = words.phase_words(text_of(row["phase"]))
    parts = [f"URN {row['urn']}", text_of(row["authority"]), phase, _area(row)]
    return " · ".join(part for part in parts if part)


def _area(row: pd.Series) -> str:
    area = text_of(row.get("area"))
    return f"area: {area}" if area else ""


def _leadership(row: pd.Series) -> str:
    outcome = _leadership_outcome(row)
    return schools_of_100(None if outcome is None else row[outcome.risk])


def _leadership_note(row: pd.Series) -> str:
    """Return which chance is shown, with the range of what the model knows of it."""
    outcome = _leadership_outcome(row)
    if outcome is None:
        return "not known"
    interval = span_of_100(*(row[end.name] for end in outcome.interval)) if outcome.interval else ""
    happens = f"leadership {outcome.happens}"
    return f"{happens}; {interval}" if interval else happens


def _leadership_outcome(row: pd.Series) -> Outcome | None:
    """Return the outcome of leadership whose chance is known of a school; None where none is."""
    return next((outcome for outcome in outcomes_of("leadership") if not words.absent(row[outcome.risk])), None)


def _gap_note(row: pd.Series) -> str:
    known = [outcome for outcome in outcomes_of("gap") if not words.absent(row[outcome.risk])]
    return "; ".join(f"{outcome.happens} in {schools_of_100(row[outcome.risk])}" for outcome in known)


def _reached(row: pd.Series) -> str:
    pupils = row["pupils_reached"]
    return "" if words.absent(pupils) else f"reaches {pupils_words(pupils)}"


def _placement(row: pd.Series, levels: Levels) -> Cells:
    reserves = [text_of(row[name]) for name in ("reserve_1", "reserve_2")]
    nobody = "none: no unplaced leader may take it"
    return {
        "leader": str(row["leader_id"]),
        "post": str(row["post_id"]),
        "level": str(row["level"]),
        "name": text_of(row["name"]),
        "about": _about(row),
        "benefit": levels.words(row["benefit"]),
        "benefit_note": _reached(row),
        "why": text_of(row["placement_reason"]),
        "shared": text_of(row["shared_pupils"]),
        "marks": text_of(row["marks"]),
        "acceptance": of_100(row["acceptance"]),
        "stay": of_100(row["stay"]),
        "travel": number(row["travel_km"], 0),
        "reserves": ", ".join(name for name in reserves if name != NOBODY) or nobody,
        "next": text_of(row["next_school"]),
    }


def _ask(row: pd.Series, levels: Levels) -> Cells:
    return {
        "leader": str(row["leader_id"]),
        "name": text_of(row["name"]),
        "answered": answered_words(row),
        "marks": text_of(row["marks"]),
        "urn": str(row["urn"]),
        "level": str(row["level"]),
        "body": text_of(row["responsible_body"]),
        "benefit": levels.words(row["benefit"]),
        "chance_open": of_100(row["chance_open"]),
        "acceptance": of_100(row["acceptance"]),
        "chance": of_100(row["chance"]),
        "travel": number(row["travel_km"], 0),
        "order": text_of(row["ask_order"]),
        "next": text_of(row["next_school"]),
    }


def _barred(record: RunRecord) -> list[tuple[str, str]]:
    counts = record.impact.ineligible["reason"].value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return [(barred_words(str(reason)), f"{count:,}") for reason, count in ordered]


def _peers(record: RunRecord) -> list[Cells]:
    return [
        {
            "label": peer.label,
            "placements": f"{peer.placements:,}",
            "benefit": number(peer.objective / record.problem.scale),
            "gain": number(raw_gain(record, peer)),
            "unmet": ", ".join(peer.unmet) or "none",
        }
        for peer in record.baselines
    ]
