"""Packs set by hand."""

from datetime import date
from typing import Any

from pilotage.domain.findings.packs import (
    AreaCounts,
    Audience,
    AudienceKind,
    BodyPack,
    Offer,
    PackSchool,
    PlanTotals,
    SchoolForecast,
    Stamp,
    TrusteesPack,
)

HOSTILE = '<b>&"x"'
FORMULA = "=HYPERLINK(1)"
DAY = date(2016, 8, 31)


def stamp(kind: AudienceKind = AudienceKind.TRUST, name: str = HOSTILE, **changes: Any) -> Stamp:
    return Stamp(Audience(kind, "" if kind is AudienceKind.TRUSTEES else name), DAY, "ab12" * 3, **changes)


def forecast(**changes: Any) -> SchoolForecast:
    usual = {"band": "top", "fall": 0.302, "fall_low": 0.22, "fall_high": 0.48, "stuck": None, "gap_months": 8.4}
    return SchoolForecast(**(usual | {"reasons": "Absence 6.0%.", "standing": "likelier"} | changes))


def school(urn: int = 101, name: str = "Alder School", **changes: Any) -> PackSchool:
    offer = Offer("place", "head", "senior", "2016-09-01", 47)
    usual = {
        "phase": "primary",
        "school_type": "Community School",
        "authority": "Derby",
        "trust": None,
        "pupils": 1210,
        "disadvantaged_pupils": 66,
        "grade": "Good",
        "scale": "ofsted_1_4",
        "judged_on": "2015-11-07",
        "forecast": forecast(),
        "offers": (offer,),
    }
    return PackSchool(urn, name, **(usual | changes))


def body(**changes: Any) -> BodyPack:
    bare = {"school_type": None, "pupils": None, "disadvantaged_pupils": None, "grade": None, "judged_on": None}
    facts_alone = school(102, FORMULA, trust="Oak Trust", forecast=None, offers=(), **bare)
    long = school(103, "Ash" * 100, offers=(), forecast=forecast(band=None, fall=None, gap_months=None, reasons=""))
    return BodyPack(stamp(**changes), (school(), facts_alone, long))


def trustees(**changes: Any) -> TrusteesPack:
    areas = (AreaCounts(HOSTILE, 40, 9, 6, 0, 7, 150), AreaCounts("Elsewhere", 900, 80, 30, 0, 9, 700))
    totals = PlanTotals(60, 36, 400.4, -50.0, 900.0, 20.2, 15.1, 300_000.0, 180_400.0)
    return TrusteesPack(stamp(AudienceKind.TRUSTEES, **changes), totals, areas)
