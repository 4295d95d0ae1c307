"""What a run says on the terminal: a short text, or one JSON object."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Baseline
from pilotage.report.lists.alternatives import alternative_words, alternatives_note
from pilotage.report.lists.for_people import Levels, levels_of
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.run.accuracy import accuracy_line
from pilotage.report.run.data import caution_line, data_line
from pilotage.report.run.empty_plan import nobody_words
from pilotage.report.run.expected import expected_asks, expected_lines
from pilotage.report.run.four_lists import short_lists
from pilotage.report.run.hangs_on import hangs_on_lines
from pilotage.report.run.objective import aim_words, score_unit
from pilotage.report.run.plan_json import plan_facts, raw_gain
from pilotage.report.run.proof import audit_words, failure, proven
from pilotage.report.run.what_if import what_if_lines
from pilotage.report.words import (
    asks,
    band_words,
    banner,
    compared,
    day,
    headline,
    level_note,
    number,
    percent,
    plural,
    pupils_words,
    text_of,
)

TOP = 5
LONGEST_REASON = 140  # characters


def summary_text(record: RunRecord) -> list[str]:
    """Return the run in short: banner, plan, proof, audit, baselines and the first five schools."""
    stamp, part = banner(record), caution_line(record.panel, record.scenario)
    return [
        *(text for warning in (failure(record), stamp, part) if warning for text in (warning, "")),
        f"{record.scenario.name}, as of {day(record)}: {plural(len(record.urns), 'school')} ranked",
        data_line(record.panel, record.urns),
        headline(record),
        *expected_lines(record),
        *nobody_words(record),
        *_asks(record),
        *aim_words(record),
        *what_if_lines(record),
        proven(record),
        audit_words(record),
        "",
        f"Against simpler ways of placing ({score_unit(record)}, modelled, not corrected for the winner's curse):",
        *(f"  {_peer(record, peer)}" for peer in record.baselines),
        *_alternatives(record),
        *_hangs_on(record),
        "",
        *short_lists(record, placements(record)),
        "",
        f"First {TOP} of the ranked list (benefits are modelled, needs are forecasts):",
        *_first(record),
        accuracy_line(record),
    ]


def _asks(record: RunRecord) -> list[str]:
    """Return how many posts that may come open the plan asks for, where there are prospects."""
    if record.scenario.pool.prospects is None:
        return []
    asked = asks(record)
    leaders = len({int(record.problem.leader[pair]) for pair in asked})
    come_true, cost = expected_asks(record)
    ask = f"The plan asks: {plural(len(asked), 'post')} that may come open, for {plural(leaders, 'leader')} (asks.csv)."
    expected = f"About {number(come_true, 1)} of them are expected to come true, at a cost of about £{cost:,.0f}."
    return [f"{ask} {expected}" if asked else ask]


def _hangs_on(record: RunRecord) -> list[str]:
    lines = hangs_on_lines(record)
    return ["", "What the plan hangs on:", *(f"  {line}" for line in lines)] if lines else []


def _first(record: RunRecord) -> list[str]:
    """Return the first schools of the list, and what high, medium and low mean."""
    ranked = ranked_schools(record)
    levels = levels_of(ranked)
    lines = [f"  {_school(row, levels)}" for _, row in ranked.head(TOP).iterrows()]
    return [*lines, *([level_note(levels.schools)] if levels.schools else [])]


def _alternatives(record: RunRecord) -> list[str]:
    note = alternatives_note(record)
    return [] if note is None else ["", note, *(f"  {_alternative(plan)}" for plan in alternative_words(record))]


def _alternative(plan: dict[str, str]) -> str:
    new = f"{plan['new']} of {plan['placements']} in new schools"
    return f"{plan['name']}: {new}, scores {plan['score']}; {plan['audit']}"


def _peer(record: RunRecord, peer: Baseline) -> str:
    missed = f"; misses {', '.join(peer.unmet)}" if peer.unmet else ""
    score, gain = number(peer.objective / record.problem.scale), compared(raw_gain(record, peer))
    return f"{peer.label}: {score}, the plan scores {gain}{missed}"


def _school(row: pd.Series, levels: Levels) -> str:
    why = shorten(text_of(row["reasons"]), LONGEST_REASON, placeholder=" …")
    band = band_words(row["band"])
    need = f"need {percent(row['need'])}{f' ({band})' if band else ''}"
    worth = f"benefit {levels.words(row['benefit'])}, reaches {pupils_words(row['pupils_reached'])}, {need}"
    status = str(row["status"]).replace("_", " ")
    return f"{row['rank']}. {row['name']} ({row['urn']}): {status}, {worth}{'; ' + why if why else ''}"


def summary_json(record: RunRecord) -> dict[str, Any]:
    """Return the run in short as one object; the command line adds the folder."""
    facts = plan_facts(record)
    names = (
        "status",
        "synthetic",
        "unit",
        "benefit",
        "objective_unit",
        "objective",
        "bound",
        "gap",
        "proof",
        "placements",
        "pairs_considered",
    )
    return {
        "scenario": record.scenario.name,
        "as_of": record.scenario.as_of.isoformat(),
        "schools": len(record.urns),
        **{name: facts[name] for name in names},
        **({"asks": facts["asks"]} if "asks" in facts else {}),
        "audit_clean": record.clean,
        "baselines": {peer["name"]: peer["objective"] for peer in facts["baselines"]},
    }
