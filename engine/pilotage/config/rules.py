"""The rules of a scenario, one model each: hard, or broken at a price in pupil-months for each unit of breach."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import Count, Part, Phase, Pounds, Price, Seed, Share, Urn

Counted = Literal["place", "support", "both"]


class Priced(Part):
    """A rule that is hard, or that a plan may break at a price."""

    hard: bool | None = None
    """`true`: never broken (what an empty value means, unless a price is given); `false`: broken at `price`."""
    price: Price | None = None
    """Pupil-months that each unit of breach costs the plan; empty = the rule is hard."""

    @model_validator(mode="after")
    def _hard_or_priced(self) -> Self:
        if self.hard and self.price is not None:
            raise ValueError("is hard and has a price: give one of the two")
        if self.hard is False and self.price is None:
            raise ValueError("is not hard and has no price: give a price in pupil-months")
        return self


class Consent(Priced):
    """A school must agree to receive a leader; a breach is one placement."""

    rule: Literal["consent"]
    accept_unknown: bool = False
    """Whether a post whose consent is not yet known may be planned."""


class PhaseRule(Priced):
    """A leader goes only to phases that the leader is trained for; a breach is one placement."""

    rule: Literal["phase"]


class LevelRule(Priced):
    """A leader takes only a post of the leader's own level; a breach is one placement."""

    rule: Literal["level"]


class Subject(Priced):
    """A middle leader's post that names a subject goes to a leader of that subject; a breach is one placement."""

    rule: Literal["subject"]


class Requirement(Priced):
    """A leader meets all that the post requires, such as a faith; a breach is one placement."""

    rule: Literal["requirement"]


class Travel(Priced):
    """A post lies within the leader's own travel limit, unless the leader relocates; a breach is one placement."""

    rule: Literal["travel"]
    max_km: Annotated[float, Field(ge=0, le=10_000)] | None = None
    """A ceiling for every leader, whatever the leader's own limit; empty = none."""
    relocation: bool = True
    """Whether leaders who relocate may go anywhere within their willing regions."""


class Availability(Priced):
    """A leader is free when the post opens; a breach is one placement."""

    rule: Literal["availability"]
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0
    """How many days after its opening a post can wait."""


class NeedThreshold(Priced):
    """Only schools of high need, and those of a case quota, receive a leader; a breach is one placement."""

    rule: Literal["need_threshold"]
    minimum: Share | None = None
    """The least need; give this or `top_share`."""
    top_share: Annotated[float, Field(gt=0, le=1)] | None = None
    """The share of the schools of known need, highest first; give this or `minimum`."""
    unknown: Literal["bar", "keep"] = "bar"
    """What becomes of a school whose need is not known: unknown is not zero, so it is said here."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.minimum is None) == (self.top_share is None):
            raise ValueError("needs either minimum or top_share, and not both")
        return self


class HoldBack(Part):
    """Schools drawn by lot receive nobody: the comparison group of a trial."""

    rule: Literal["hold_back"]
    posts: Annotated[int, Field(ge=1, le=100_000)]
    """How many of the posts that could be filled are drawn; their schools receive nobody at all."""
    seed: Seed = 1
    """Seed of the draw: the same seed and the same eligible posts give the same draw."""


class InAreas(Priced):
    """A number or a share of placements in areas."""

    areas: tuple[str, ...] = ()
    """Areas meant; empty = every area of data.area_list."""
    count: Count | None = None
    """The limit as a number of placements; give this or `share`."""
    share: Share | None = None
    """The limit as a share of `of`; give this or `count`."""
    of: Literal["placements", "pool"] = "placements"
    """Denominator of the share: placements made, or leaders in the pool."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    @model_validator(mode="after")
    def _one_of_count_and_share(self) -> Self:
        if (self.count is None) == (self.share is None):
            raise ValueError("needs either count or share, and not both")
        return self


class AreaMinimum(InAreas):
    """At least so many placements in an area list, or in one area; a breach is one placement too few."""

    rule: Literal["area_minimum"]


class AreaMaximum(InAreas):
    """At most so many placements in an area list, or in one area; a breach is one placement too many."""

    rule: Literal["area_maximum"]


class Cap(Priced):
    """At most so many placements in any one authority, trust or region; a breach is one placement too many."""

    rule: Literal["authority_cap", "trust_cap", "region_cap"]
    count: Count
    """Maximum number of placements in each."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""


class Budget(Priced):
    """The cost of the plan (relocation, salary and support included) stays within a sum; a breach is GBP 1,000."""

    rule: Literal["budget"]
    total_gbp: Pounds
    """The sum, in pounds."""
    per_year: bool = False
    """Whether the sum is for each planning year, by the start of the placement, instead of the whole plan."""


class Between(Part):
    """A share between two limits."""

    minimum: Share = 0.0
    """The least share."""
    maximum: Share = 1.0
    """The largest share."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("has a minimum above its maximum")
        return self


class PhaseBalance(Priced):
    """Each phase named gets a share of the placements between two limits; a breach is one placement."""

    rule: Literal["phase_balance"]
    shares: Annotated[dict[Phase, Between], Field(min_length=1)]
    """Limits of the share of placements, by phase."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    @model_validator(mode="after")
    def _together_possible(self) -> Self:
        if sum(one.minimum for one in self.shares.values()) > 1 + 1e-9:
            raise ValueError("has minimums that add up to more than the whole")
        return self


class DeprivedShare(Priced):
    """At least a share of the benefit goes to the most deprived schools; a breach is one pupil-month too few."""

    rule: Literal["deprived_share"]
    share: Share
    """The least share of the plan's benefit."""
    most_deprived: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Which schools count: this part of those in scope, by share of pupils with free school meals in six years."""


class Case(Part):
    """A school that local knowledge puts forward."""

    urn: Urn
    """The school."""
    reason: str
    """Why, for the record."""
    author: str
    """Who made the case."""


class CaseQuota(Priced):
    """Schools put forward by local knowledge: eligible whatever their need; a breach is one placement."""

    rule: Literal["case_quota"]
    cases: Annotated[dict[str, Case], Field(min_length=1)]
    """The schools, by a name of your own."""
    minimum_count: Count | None = None
    """At least so many placements for them."""
    maximum_count: Count | None = None
    """At most so many placements for them."""
    minimum_share: Share | None = None
    """At least this share of the placements made is for them."""
    maximum_share: Share | None = None
    """At most this share of the placements made is for them."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""


class Moves(Priced):
    """At most so many placements of an earlier plan are given up; a breach is one more."""

    rule: Literal["moves"]
    earlier_plan: Path
    """The placements.csv of the earlier plan."""
    count: Count
    """How many of its placements may be given up."""


class ExecutiveSpan(Priced):
    """An executive leader leads several schools or none; a breach is one post below the minimum."""

    rule: Literal["executive_span"]
    minimum: Annotated[int, Field(ge=1, le=6)] = 3
    """The fewest posts an executive leader takes, if any; the most is the leader's own span."""
    span_when_blank: Annotated[int, Field(ge=1, le=6)] = 3
    """The span of an executive leader whose table gives none."""
    one_trust: bool = False
    """Whether the schools of one executive leader all belong to one trust."""
    when_short: Literal["refuse", "reduce"] = "refuse"
    """Where a leader's span exceeds the posts in reach: refuse to plan and name the leader, or reduce the span."""


class Teams(Priced):
    """Leaders of one team are all placed together, or none of them; a breach is one team that is not."""

    rule: Literal["teams"]
    together: Literal["school", "authority"] = "school"
    """What together means: in one school, or in one local authority."""
    when_impossible: Literal["refuse", "leave"] = "refuse"
    """Where no school can take a whole team: refuse to plan and name the team, or leave the team out of the plan."""


PairRule = (
    Consent | PhaseRule | LevelRule | Subject | Requirement | Travel | Availability | NeedThreshold
)  # rules that bar pairs
CountRule = (
    AreaMinimum | AreaMaximum | Cap | Budget | PhaseBalance | DeprivedShare | CaseQuota | Moves | ExecutiveSpan | Teams
)  # rules that count over pairs
Rule = Annotated[PairRule | HoldBack | CountRule, Field(discriminator="rule")]
