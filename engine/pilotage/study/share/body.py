"""The schools of a body as its pack shows them: facts of all, forecast and offers of those that it answers for.

A trust answers for all its schools. An authority answers for those that it maintains; of academies in its area it gets
published facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pilotage.case.case import Case
from pilotage.case.read_back import ReadRun
from pilotage.domain.findings.packs import AudienceKind, BodyPack, Offer, OfferKind, PackSchool, SchoolForecast, Stamp
from pilotage.domain.forecast import Standing
from pilotage.domain.inputs import FORECAST
from pilotage.domain.maintained import is_maintained
from pilotage.domain.outcomes import FALL, HORIZON_MONTHS
from pilotage.placement.valuation.counterfactual import standings
from pilotage.placement.valuation.otherwise import quality_in
from pilotage.report.words import absent


@dataclass(frozen=True)
class Shown:
    """How forecasts are shown: with reasons or without, and how far ahead they look."""

    reasons: bool
    horizon_months: int


def body_pack(run: ReadRun, case: Case, stamp: Stamp, own: pd.DataFrame) -> BodyPack:
    """Return the pack of a body; ``own``: its schools in scope, rows of the panel's table of schools."""
    ranked = run.ranked.set_index("urn")
    answers_for = is_maintained(own["school_type"]) | (stamp.audience.kind is AudienceKind.TRUST)
    standing = standings(quality_in(case, run.forecast), case.panel.schools.set_index("urn")["phase"])
    offers = _offers(run, case, named=stamp.named)
    horizon = case.scenario.outcomes.get(FALL.name)
    shown = Shown(_worded(run), HORIZON_MONTHS if horizon is None else horizon.horizon_months)
    made = []
    for urn, kind, answered in zip(own["urn"].tolist(), own["school_type"], answers_for, strict=True):
        row = ranked.loc[urn]
        forecast = _forecast(row, standing.get(urn, "unknown"), shown) if answered else None
        made.append(_school(urn, row, _text(kind), forecast, offers.get(urn, ()) if answered else ()))
    return BodyPack(stamp, tuple(sorted(made, key=lambda school: (not school.offers, school.name, school.urn))))


def _worded(run: ReadRun) -> bool:
    """Return whether the reasons are Pilotage's own words; those of a forecast file may name anything."""
    return all(each.role != FORECAST for each in run.manifest.inputs)


def _school(
    urn: int, row: pd.Series, kind: str | None, forecast: SchoolForecast | None, offers: tuple[Offer, ...]
) -> PackSchool:
    return PackSchool(
        urn=urn,
        name=str(row["name"]),
        phase=str(row["phase"]),
        school_type=kind,
        authority=str(row["authority"]),
        trust=_text(row["trust"]),
        pupils=_whole(row["pupils"]),
        disadvantaged_pupils=_whole(row["disadvantaged_pupils"]),
        grade=_text(row["current_grade"]),
        scale=_text(row["current_scale"]),
        judged_on=_text(row["inspected_on"]),
        forecast=forecast,
        offers=offers,
    )


def _forecast(row: pd.Series, standing: Standing, shown: Shown) -> SchoolForecast:
    return SchoolForecast(
        band=_text(row["band"]),
        fall=_number(row.get("p_fall_if_inspected")),
        fall_low=_number(row.get("p_fall_if_inspected_low")),
        fall_high=_number(row.get("p_fall_if_inspected_high")),
        stuck=_number(row.get("p_stuck")),
        gap_months=_number(row.get("gap_months")),
        reasons=(_text(row["reasons"]) or "") if shown.reasons else "",
        standing=standing,
        horizon_months=shown.horizon_months,
    )


def _offers(run: ReadRun, case: Case, *, named: bool) -> dict[int, tuple[Offer, ...]]:
    """Return what the plan offers each school: placements, then asks, then support; in the order of the lists."""
    leaders = case.pool.leaders.set_index(case.pool.leaders["leader_id"].astype(str))
    made: dict[int, list[Offer]] = {}
    for kind, table in _lists(run):
        for _, row in table.iterrows():
            made.setdefault(int(row["urn"]), []).append(_offer(kind, row, leaders, named))
    return {urn: tuple(offers) for urn, offers in made.items()}


def _lists(run: ReadRun) -> Iterator[tuple[OfferKind, pd.DataFrame]]:
    lists: tuple[tuple[OfferKind, pd.DataFrame | None], ...] = (
        ("place", run.placements),
        ("ask", run.asks),
        ("support", run.support),
    )
    return ((kind, table) for kind, table in lists if table is not None)


def _offer(kind: OfferKind, row: pd.Series, leaders: pd.DataFrame, named: bool) -> Offer:
    pupils, starts = _whole(row.get("pupils_reached")), _text(row.get("starts_on"))
    if kind == "support":
        return Offer(kind, None, None, starts, pupils)
    leader_id = str(row["leader_id"])
    leader = leaders.loc[leader_id]
    made = Offer(kind, _text(row["level"]), str(leader["level"]), starts, pupils)
    return replace(made, leader=_text(leader["name"]) or leader_id, leader_id=leader_id) if named else made


def _text(value: object) -> str | None:
    return None if absent(value) else str(value)


def _number(value: Any) -> float | None:
    return None if absent(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if absent(value) else round(value)
