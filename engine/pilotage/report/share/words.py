"""What a pack says of itself and of a school, in words for people outside the charity."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotage.domain.findings.packs import Audience, AudienceKind, Offer, PackSchool, SchoolForecast, Stamp
from pilotage.domain.report_cards import Scale
from pilotage.report.lists.placement_reasons import LEADERS, POSTS
from pilotage.report.words import of_100, phase_words, plural, pupils_words, span_of_100

PRIORITY = {  # by band
    "top": "High: surely in the tenth of schools of its phase with the highest need",
    "tie": "Perhaps high: it can't be told apart from that tenth",
    "below": "Not among the highest",
}
UNKNOWN = "Not known"
NOT_PUBLISHED = "Not published"
FACTS_ALONE = "Published facts alone: others answer for it"
STRUGGLES = (
    "Among schools with similar pupils this one is likelier to struggle, so a dependable appointment matters more."
)
NOTHING_OFFERED = "Nothing in this plan"
FREE = "Nobody is bound by this plan: the school, its responsible body and the leader each decide."
NOT_A_JUDGEMENT = (
    "A forecast is what is likely if nothing is done. It says nothing about what a leader would change, and it is no "
    "judgement of a school or of anybody who works there. A modelled benefit is not a measured gain."
)
CHANCES = (
    "'About 30 in 100' says what happens to a hundred schools like this one, not what will happen to this one. The "
    "model's range says how far that figure moves when the model learns from other past schools."
)
REASONS = "Reasons compare the school with similar schools: same phase, similar pupils. They are no causes."
SOURCES = (
    "Schools, pupils and trusts: the Department for Education's lists and tables. Judgements: Ofsted. All as known on "
    "the day of the run."
)
FORECAST_FROM = "Support priority, chances and gaps are Pilotage's forecast from these facts."
INVENTED_SOURCES = "Every fact here is of the invented schools that come with Pilotage."


def day_words(day: date) -> str:
    """Return a day as ``31 August 2016``."""
    return f"{day.day} {day:%B %Y}"


def reader(audience: Audience) -> str:
    """Return whom a pack is made for, as the end of a sentence."""
    if audience.kind is AudienceKind.TRUSTEES:
        return "the charity's trustees"
    return f"the {'trust' if audience.kind is AudienceKind.TRUST else 'local authority'} {audience.name}"


def sign_off(stamp: Stamp) -> str:
    """Return who signed the plan off, or that it is a draft."""
    if stamp.signed_off_by is None:
        return "Not signed off: draft. A named person signs the plan off before it is shared."
    return f"Signed off by {stamp.signed_off_by}."


def made_from(stamp: Stamp) -> str:
    """Return from which run a pack was made."""
    return f"Made from run {stamp.run}, as of {day_words(stamp.as_of)}: nothing known later was used."


def made_for(stamp: Stamp) -> str:
    """Return whom a pack is for, and what it leaves out."""
    who, kind = reader(stamp.audience), stamp.audience.kind
    if kind is AudienceKind.TRUSTEES:
        return f"Made for {who}. It has areas and totals, and no school."
    people = "Leaders are named: pass it to nobody else." if stamp.named else "It names no leader."
    if kind is AudienceKind.TRUST:
        return f"Made for {who} alone. It has the schools of that trust and no other. {people}"
    return (
        f"Made for {who} alone. It has the schools in its area and no other. Of schools that the authority does not "
        f"maintain, such as academies, it has published facts alone: others answer for them. {people}"
    )


def sources(stamp: Stamp) -> str:
    """Return where the facts are from."""
    return INVENTED_SOURCES if stamp.invented else SOURCES


def judged(school: PackSchool) -> str:
    """Return how leadership was last judged: ``Good, 17 November 2015``."""
    if school.grade is None:
        return UNKNOWN
    card = " by report card" if school.scale == Scale.REPORT_CARD else ""
    when = "" if school.judged_on is None else f", {day_words(pd.Timestamp(school.judged_on).date())}"
    return f"{school.grade}{card}{when}"


def priority(school: PackSchool) -> str:
    """Return the school's support priority in words."""
    if school.forecast is None:
        return FACTS_ALONE
    return PRIORITY.get(school.forecast.band or "", UNKNOWN)


def outlook(forecast: SchoolForecast) -> str:
    """Return what is forecast of the school's leadership judgement; empty where no chance may be printed."""
    if forecast.stuck is not None:
        return f"How likely to stay below good at the next inspection: {of_100(forecast.stuck)} schools like this"
    if forecast.fall is None:
        return ""
    span = span_of_100(forecast.fall_low, forecast.fall_high)
    chance = f"{of_100(forecast.fall)} schools like this{f' ({span})' if span else ''}"
    return f"Below good, if inspected in the next {_months(forecast.horizon_months)}: {chance}"


def _months(months: int) -> str:
    """Return a span of months as people say it."""
    return {12: "year", 24: "two years", 36: "three years"}.get(months, f"{months} months")


def gap(forecast: SchoolForecast) -> str:
    """Return how far disadvantaged pupils are behind others; empty where it is not known."""
    if forecast.gap_months is None:
        return ""
    months = round(forecast.gap_months)
    far = f"{plural(abs(months), 'month')} {'behind' if months > 0 else 'ahead of'}" if months else "level with"
    return f"Disadvantaged pupils are about {far} other pupils in England"


def struggles(school: PackSchool) -> str:
    """Return why a dependable appointment matters more here; empty where nothing is offered, or sets it apart."""
    likelier = school.forecast is not None and school.forecast.standing == "likelier"
    return STRUGGLES if school.offers and likelier else ""


def offered(school: PackSchool, offer: Offer) -> str:
    """Return what the plan offers a school in one sentence."""
    reaches = "" if offer.pupils is None else f"; about {pupils_words(offer.pupils)} would be reached"
    start = "" if offer.starts_on is None else f", from {day_words(date.fromisoformat(offer.starts_on))}"
    if offer.kind == "support":
        return f"Support for the head in post{start}{reaches}."
    who = f"a {phase_words(school.phase)} {LEADERS[str(offer.leader_level)].lower()}"
    named = "" if offer.leader is None else f" ({offer.leader})"
    post = f"{who}{named} for the {POSTS[str(offer.level)]}{start}{reaches}."
    return f"To talk about, should such a post come open: {post}" if offer.kind == "ask" else post[0].upper() + post[1:]
