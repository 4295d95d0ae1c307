"""What a pack holds that is made for one reader outside the charity's planners: a trust, an authority, the trustees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pilotage.domain.forecast import Standing
from pilotage.domain.outcomes import HORIZON_MONTHS

OfferKind = Literal["place", "support", "ask"]


class AudienceKind(StrEnum):
    """Whom a pack may be made for; the value is how the command line writes it."""

    TRUST = "trust"
    AUTHORITY = "authority"
    TRUSTEES = "trustees"


@dataclass(frozen=True)
class Audience:
    """Whom a pack is made for; ``name``: of the trust or authority as the run's data writes it, empty for trustees."""

    kind: AudienceKind
    name: str = ""


@dataclass(frozen=True)
class Stamp:
    """What stands on every file of a pack.

    Attributes
    ----------
    audience
        Whom it is made for.
    as_of
        The day of the run: nothing known later was used.
    run
        The first digits of the checksum of the run's manifest, by which the charity finds the run again.
    signed_off_by
        The named person who signed the plan off before it is shared; None: the pack is a draft.
    named
        Whether leaders are named.
    banner
        What must be said of invented schools, leaders or posts; None where all are real.
    invented
        Whether the schools themselves are invented.
    caution
        What forbids reading the run as England now; None where nothing does.
    """

    audience: Audience
    as_of: date
    run: str
    signed_off_by: str | None = None
    named: bool = False
    banner: str | None = None
    invented: bool = False
    caution: str | None = None


@dataclass(frozen=True)
class Offer:
    """What the plan offers a school. ``leader_level``: None of support.

    ``leader``, ``leader_id``: name and identifier of the leader; None of support, and unless leaders are named.
    ``starts_on`` is a day as text; ``pupils``: disadvantaged pupils reached; both None where not known.
    """

    kind: OfferKind
    level: str | None
    leader_level: str | None
    starts_on: str | None = None
    pupils: int | None = None
    leader: str | None = None
    leader_id: str | None = None


@dataclass(frozen=True)
class SchoolForecast:
    """What is forecast of a school for the body that answers for it; chances are None where not known or not printed.

    Attributes
    ----------
    band
        Of ``report.words.BANDS``.
    fall, fall_low, fall_high
        The chance that leadership falls, if inspected within ``horizon_months``, and the model's range.
    stuck
        The chance that it stays below good.
    gap_months
        The gap now.
    reasons
        Why, as Pilotage words it; empty where the forecast is from a file of others.
    """

    band: str | None
    fall: float | None
    fall_low: float | None
    fall_high: float | None
    stuck: float | None
    gap_months: float | None
    reasons: str
    standing: Standing
    horizon_months: int = HORIZON_MONTHS


@dataclass(frozen=True)
class PackSchool:
    """One school of a body: published facts, and where the body answers for it also its forecast and what is offered.

    ``forecast`` is None, and ``offers`` is empty, for a school that the body does not answer for. What is not published
    is None. ``grade`` is in the words of the scale, ``judged_on`` a day as text.
    """

    urn: int
    name: str
    phase: str
    school_type: str | None
    authority: str
    trust: str | None
    pupils: int | None
    disadvantaged_pupils: int | None
    grade: str | None
    scale: str | None
    judged_on: str | None
    forecast: SchoolForecast | None = None
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class BodyPack:
    """A pack for a trust or an authority: its schools, those first that are offered something, by name and URN."""

    stamp: Stamp
    schools: tuple[PackSchool, ...]

    @property
    def answered_for(self) -> tuple[PackSchool, ...]:
        """Return the schools that the body answers for."""
        return tuple(school for school in self.schools if school.forecast is not None)


@dataclass(frozen=True)
class AreaCounts:
    """What lies in an area, in counts: schools in scope, those of high support priority, and those served.

    ``worry``: in the top tenth of their phase by need, or not to be told apart from it. ``placed``, ``supported``,
    ``asked``: schools where the plan places somebody, supports the leader in post, or asks. ``pupils``: disadvantaged
    pupils reached at schools placed or supported, a school's once.
    """

    area: str
    schools: int
    worry: int
    placed: int
    supported: int
    asked: int
    pupils: int


@dataclass(frozen=True)
class PlanTotals:
    """The plan as a whole. Benefit and its range are in pupil-months; money in pounds; None where not on record."""

    leaders: int
    leaders_placed: int
    benefit: float
    benefit_low: float | None
    benefit_high: float | None
    expected_yes: float | None
    in_post_after_three_years: float | None
    cost_if_all_accept_gbp: float | None
    cost_expected_gbp: float | None


@dataclass(frozen=True)
class TrusteesPack:
    """A pack for the charity's trustees: totals, and counts by area that together are all schools in scope."""

    stamp: Stamp
    totals: PlanTotals
    areas: tuple[AreaCounts, ...]

    @property
    def whole(self) -> AreaCounts:
        """Return the counts of all areas together."""
        names = ("schools", "worry", "placed", "supported", "asked", "pupils")
        return AreaCounts("All schools in scope", **{name: sum(getattr(a, name) for a in self.areas) for name in names})


Pack = BodyPack | TrusteesPack
