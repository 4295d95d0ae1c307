"""The schema of a scenario: frozen, closed, and its attribute docstrings are the reference page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Phase = Literal["primary", "secondary", "all_through", "special", "nursery", "pru", "sixteen_plus"]
PairState = Literal["offered", "accepted", "started"]
Level = Literal["middle", "senior", "head", "executive"]
OutcomeName = Literal["leadership_fall", "leadership_stuck", "gap_widening"]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A closed, frozen part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Data(Part):
    """Where schools come from."""

    source: Literal["sample", "official"]
    """`sample`: the synthetic England that ships with the product. `official`: Ofsted and DfE files as downloaded."""
    folder: Path | None = None
    """Folder of the files; empty = the shipped sample, or the folder named by PILOTAGE_REAL_DATA, or data/raw."""
    area_list: str = "opportunity_areas_2016"
    """Which list of areas (data/reference/areas.yaml) fills the column `area`."""
    crosswalk: str | None = None
    """How report cards become grades (data/reference/regimes.yaml); empty = not at all: they are not comparable."""
    grade_proxy: Literal["overall_grade"] | None = None
    """Which grade stands for leadership where files publish no leadership grade; empty = none. Every output says so."""


class Scope(Part):
    """Which schools are ranked and may receive a leader; an empty list means all."""

    phases: tuple[Phase, ...] = ()
    """Phases in scope."""
    regions: tuple[str, ...] = ()
    """Regions in scope."""
    authorities: tuple[str, ...] = ()
    """Local authorities in scope."""
    exclude_urns: tuple[int, ...] = ()
    """Schools left out, by URN."""


class Outcome(Part):
    """One forecast outcome."""

    weight: Annotated[float, Field(ge=0)] = 1.0
    """Weight in need; need is the weighted mean over the outcomes that are available for a school."""
    horizon_months: Annotated[int, Field(ge=1, le=60)] = 24
    """How far ahead the forecast looks."""


class Impact(Part):
    """How a placement's benefit is reckoned; unit pupil-months of progress of disadvantaged pupils."""

    years: Annotated[int, Field(ge=1, le=10)] = 4
    """Years over which the benefit is summed."""
    parameters: dict[str, float] = {}
    """Values that replace those of data/reference/evidence.yaml, by name (see `pilotage evidence`)."""


class Pool(Part):
    """The leaders and the posts."""

    source: Literal["files", "synthetic"]
    """`files`: leaders and posts from tables. `synthetic`: invented over the real map from a seed, and stamped so."""
    leaders: Path | None = None
    """CSV of leaders; empty = the sample's."""
    posts: Path | None = None
    """CSV of posts; empty = the sample's."""
    pairs: Path | None = None
    """CSV of what is known of pairs already: refused, offered, started, ...; empty = nothing."""
    binding_states: tuple[PairState, ...] = ("accepted", "started")
    """Which states of a known pair hold the placement, as a pin does; `refused` always bars it, as a ban does."""
    size: Annotated[int, Field(ge=1, le=10000)] = 100
    """Number of synthetic leaders."""
    posts_per_leader: Annotated[float, Field(gt=0, le=100)] = 8.0
    """Number of synthetic posts for each synthetic leader."""
    seed: int = 1
    """Seed of the synthetic pool."""


class Interventions(Part):
    """What may be done for a school."""

    place: bool = True
    """Place a leader of the pool into a post."""


class Consent(Part):
    """A school must agree to receive a leader."""

    rule: Literal["consent"]
    accept_unknown: bool = False
    """Whether a post whose consent is not yet known may be planned."""


class PhaseRule(Part):
    """A leader goes only to phases that the leader is trained for."""

    rule: Literal["phase"]


class LevelRule(Part):
    """A leader takes only a post of the leader's own level."""

    rule: Literal["level"]


class Travel(Part):
    """A post lies within the leader's own travel limit, unless the leader relocates."""

    rule: Literal["travel"]
    max_km: Annotated[float, Field(ge=0)] | None = None
    """A ceiling for every leader, whatever the leader's own limit; empty = none."""
    relocation: bool = True
    """Whether leaders who relocate may go anywhere within their willing regions."""


class Availability(Part):
    """A leader is free when the post opens."""

    rule: Literal["availability"]
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0
    """How many days after its opening a post can wait."""


class AreaMinimum(Part):
    """At least so many placements in an area list, or in one area."""

    rule: Literal["area_minimum"]
    areas: tuple[str, ...] = ()
    """Areas meant; empty = every area of data.area_list."""
    count: Annotated[int, Field(ge=0)] | None = None
    """Minimum as a number of placements; give this or `share`."""
    share: Share | None = None
    """Minimum as a share of `of`; give this or `count`."""
    of: Literal["placements", "pool"] = "placements"
    """Denominator of the share: placements made, or leaders in the pool."""

    @model_validator(mode="after")
    def _one_of_count_and_share(self) -> Self:
        if (self.count is None) == (self.share is None):
            raise ValueError("needs either count or share, and not both")
        return self


class Cap(Part):
    """At most so many placements in any one authority, trust or region."""

    rule: Literal["authority_cap", "trust_cap", "region_cap"]
    count: Annotated[int, Field(ge=0)]
    """Maximum number of placements in each."""


class Budget(Part):
    """The plan's total cost stays within a sum."""

    rule: Literal["budget"]
    total_gbp: Annotated[int, Field(ge=0)]
    """The sum, in pounds."""


Rule = Annotated[
    Consent | PhaseRule | LevelRule | Travel | Availability | AreaMinimum | Cap | Budget, Field(discriminator="rule")
]


class Pin(Part):
    """A placement that must be in the plan."""

    leader_id: str
    """The leader."""
    post_id: str
    """The post."""
    reason: str
    """Why, for the record."""
    author: str
    """Who asked for it."""


class Ban(Part):
    """Placements that must not be in the plan; every field given must match."""

    leader_id: str | None = None
    """The leader; empty = every leader."""
    post_id: str | None = None
    """The post; empty = every post."""
    urn: int | None = None
    """The school; empty = every school."""
    reason: str
    """Why, for the record."""
    author: str
    """Who asked for it."""


class Objective(Part):
    """What the plan maximises."""

    measure: Literal["expected_benefit"] = "expected_benefit"
    """Expected benefit: the sum over placements."""


class Solver(Part):
    """How the plan is sought; the plan itself does not depend on the time limit unless it is reached."""

    seed: int = 1
    """Seed of the random baseline, of the forecast's resamples and of the integer solver."""
    time_limit_seconds: Annotated[float, Field(gt=0, le=86400)] = 120.0
    """Longest time for the solve."""


class Report(Part):
    """How the lists are sorted and cut."""

    rank_by: tuple[Literal["benefit", "need", "p_fall_if_inspected"], ...] = ("benefit", "need")
    """Sort keys of the ranked list, highest first; the last tie is broken by URN."""
    top: Annotated[int, Field(ge=1, le=1000)] = 20
    """How many schools the page shows first."""


class Scenario(Part):
    """A question that a planner asks: data, assumptions, rules."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """Short name in lower case; the run folder takes it."""
    why: str
    """What the scenario is for, in a sentence."""
    as_of: date
    """The date of the forecast: nothing known later is used."""
    data: Data
    scope: Scope = Scope()
    outcomes: dict[OutcomeName, Outcome]
    """The outcomes forecast, with their weights."""
    impact: Impact = Impact()
    pool: Pool
    interventions: Interventions = Interventions()
    rules: dict[str, Rule]
    """Rules by a name of your own; an overlay removes one by setting it to null."""
    pins: dict[str, Pin] = {}
    """Placements that must be made, by a name of your own."""
    bans: dict[str, Ban] = {}
    """Placements that must not be made, by a name of your own."""
    objective: Objective = Objective()
    solver: Solver = Solver()
    report: Report = Report()
