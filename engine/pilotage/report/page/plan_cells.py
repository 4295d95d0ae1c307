"""The cells of placements and asks, and the comparison with simpler ways of placing, in words."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report import words
from pilotage.report.lists.asks import answered_words
from pilotage.report.lists.for_people import Levels
from pilotage.report.lists.next_offers import NOBODY
from pilotage.report.run.plan_json import raw_gain
from pilotage.report.run.rule_words import barred_words
from pilotage.report.words import number, of_100, pupils_words, text_of

Cells = dict[str, str]


def placement_cells(row: pd.Series, levels: Levels) -> Cells:
    """Return the cells of one placement."""
    reserves = [text_of(row[name]) for name in ("reserve_1", "reserve_2")]
    nobody = "none: no unplaced leader may take it"
    return {
        "leader": str(row["leader_id"]),
        "post": str(row["post_id"]),
        "urn": str(row["urn"]),
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


def _about(row: pd.Series) -> str:
    parts = [f"URN {row['urn']}", text_of(row["authority"]), words.phase_words(text_of(row["phase"]))]
    return " · ".join(part for part in parts if part)


def _reached(row: pd.Series) -> str:
    pupils = row["pupils_reached"]
    return "" if words.absent(pupils) else f"reaches {pupils_words(pupils)}"


def asked_cells(row: pd.Series, levels: Levels) -> Cells:
    """Return the cells of one post that the plan asks about."""
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


def barred_rows(record: RunRecord) -> list[tuple[str, str]]:
    """Return why posts have nobody who may take them, the most frequent reason first, and how many each has."""
    counts = record.impact.ineligible["reason"].value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return [(barred_words(str(reason)), f"{count:,}") for reason, count in ordered]


def peer_rows(record: RunRecord) -> list[Cells]:
    """Return the plan beside each simpler way of placing."""
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
