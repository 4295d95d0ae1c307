"""The schema of a scenario: frozen, closed, and its attribute docstrings are the reference page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pilotage.config.objective import Objective
from pilotage.config.part import Label, Part, Phase, Seed, Share, Urn, Weight
from pilotage.config.places import Places
from pilotage.config.pool import Pool
from pilotage.config.rules.catalogue import Rule
from pilotage.domain.outcomes import HORIZON_MONTHS, OUTCOMES

FIRST_YEAR, LAST_YEAR = 1900, 2200
if TYPE_CHECKING:
    OutcomeName = str
    SortKey = str
    NeedFigure = str
else:  # the schema of a scenario names them one by one
    OutcomeName = Literal[*OUTCOMES]
    NeedFigure = Literal[*dict.fromkeys(name for outcome in OUTCOMES.values() for name in outcome.need_figures)]
    SortKey = Literal["benefit", "need", *(outcome.risk for outcome in OUTCOMES.values() if outcome.sorts)]


class Data(Part):
    """Where schools come from."""

    source: Annotated[Literal["sample", "official"], Label("Source of the schools")]
    """`sample`: the synthetic England that ships with the product. `official`: Ofsted and DfE files as downloaded."""
    folder: Annotated[Path | None, Label("Folder of the schools' files", "the usual one")] = None
    """Folder of the files; empty = the shipped sample, or the folder named by PILOTAGE_REAL_DATA, or data/raw."""
    area_list: Annotated[str, Label("List of areas")] = "opportunity_areas_2016"
    """Which list of areas (data/reference/areas.yaml) fills the column `area`."""
    crosswalk: Annotated[str | None, Label("How report cards become grades", "not at all")] = None
    """How report cards become grades (data/reference/regimes.yaml); empty = not at all: they are not comparable."""
    grade_proxy: Annotated[Literal["overall_grade"] | None, Label("Grade that stands for leadership")] = None
    """Which grade stands for leadership where files publish no leadership grade; empty = none. Every output says so."""
    partial: Annotated[Literal["refuse", "accept"], Label("A list of a part of England")] = "refuse"
    """Whether a list of schools that covers a part of England may be used: ranks and averages are then of that part."""


class Scope(Part):
    """Which schools are ranked and may receive a leader; an empty list means all."""

    phases: Annotated[tuple[Phase, ...], Label("Phases in scope", "all")] = ()
    """Phases in scope."""
    regions: Annotated[tuple[str, ...], Label("Regions in scope", "all")] = ()
    """Regions in scope."""
    authorities: Annotated[tuple[str, ...], Label("Local authorities in scope", "all")] = ()
    """Local authorities in scope."""
    areas: Annotated[Places, Label("Places in scope", "all")] = ()
    """Places in scope by name: authorities, districts, regions, areas, lists (`data.area_list` and others)."""
    trusts: Annotated[tuple[str, ...], Label("Trusts in scope", "all")] = ()
    """Trusts in scope, as the data names them."""
    exclude_trusts: Annotated[tuple[str, ...], Label("Trusts left out")] = ()
    """Trusts left out; a school of no trust stays."""
    exclude_urns: tuple[Urn, ...] = ()
    """Schools left out, by URN."""


class Outcome(Part):
    """One forecast outcome."""

    weight: Annotated[Weight, Label("Weight in need")] = 1.0
    """Weight in need: of the chance that leadership is below good, or that the gap is wide. A value, not a fact."""
    need: Annotated[NeedFigure | None, Label("Figure that counts in need", "the usual one")] = None
    """Which figure counts in need; empty = `p_below_good` of leadership, `p_gap_wide` of the gap."""
    horizon_months: Annotated[int, Field(ge=1, le=60), Label("Months that the forecast looks ahead")] = HORIZON_MONTHS
    """How far ahead the forecast looks."""


class Risk(Part):
    """From what the forecast of leadership is learnt."""

    labels_from: Annotated[date | None, Label("Inspections that are learnt from begin on", "all")] = None
    """Learn from inspections of this day on alone, where lists of earlier years hold surviving schools; empty = all."""


class Impact(Part):
    """How a placement's benefit is calculated; unit pupil-months of progress of disadvantaged pupils."""

    years: Annotated[int, Field(ge=1, le=10)] = 4
    """Years over which the benefit is summed."""
    parameters: Annotated[dict[str, float], Label("Assumptions")] = Field(default_factory=dict)
    """Values that replace those of data/reference/evidence.yaml, by name (see `pilotage evidence`)."""


class Support(Part):
    """Support of the leader in post: coaching by the charity."""

    capacity: Annotated[
        dict[str, Annotated[int, Field(ge=0, le=10_000)]], Field(min_length=1), Label("Most schools with support")
    ]
    """How many schools can be supported, by region."""
    cost_gbp: Annotated[
        Annotated[float, Field(ge=0, le=1_000_000)] | None,
        Label("Cost of supporting one school, in pounds", "the evidence's"),
    ] = None
    """Cost of supporting one school, in pounds; empty = the evidence's default."""


class Interventions(Part):
    """What may be done for a school."""

    place: Annotated[bool, Label("Leaders are placed into posts")] = True
    """Place a leader of the pool into a post."""
    support: Annotated[Support | None, Label("Support of leaders in post", "not offered")] = None
    """Support the leader in post instead; empty = not offered."""

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not self.place and self.support is None:
            raise ValueError("offers neither placing nor support: switch one on")
        return self


class Time(Part):
    """How far ahead the plan places; a planning year begins on 1 September."""

    years: Annotated[int, Field(ge=1, le=10), Label("Planning years")] = 1
    """Planning years: later posts are out. The first lasts to the 31 August after the next 1 September to come."""
    term_years: Annotated[int, Field(ge=1, le=10), Label("Years that a placement binds a leader")] = 3
    """Years that a leader stays bound by a placement; afterwards the leader may start again within the plan."""
    discount_rate: Annotated[Share, Label("Discount for each year that a placement starts later")] = 0.0
    """By how much a placement's benefit is worth less for each year that it starts later."""


class Pin(Part):
    """A placement that must be in the plan; give a post (known, or `ask: URN LEVEL` of a prospect) or a school."""

    leader_id: str
    """The leader."""
    post_id: str | None = None
    """The post; empty = the school says it."""
    urn: Urn | None = None
    """The school: the leader takes its best post or prospect that the rules allow, of the leader's level if any."""
    reason: str
    """Why, for the record."""
    author: str
    """Who asked for it."""
    on: date | None = None
    """When it was asked for; empty = not known."""

    @model_validator(mode="after")
    def _post_or_school(self) -> Self:
        if (self.post_id is None) == (self.urn is None):
            raise ValueError("needs either post_id or urn, and not both")
        return self

    @property
    def where(self) -> str:
        """Return what the leader takes, in words: the post, or a post at the school."""
        return self.post_id if self.post_id is not None else f"a post at school {self.urn}"


class Ban(Part):
    """Placements that must not be in the plan; every field given must match."""

    leader_id: str | None = None
    """The leader; empty = every leader."""
    post_id: str | None = None
    """The post; empty = every post."""
    urn: Urn | None = None
    """The school; empty = every school."""
    reason: str
    """Why, for the record."""
    author: str
    """Who asked for it."""
    on: date | None = None
    """When it was asked for; empty = not known."""

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.leader_id is None and self.post_id is None and self.urn is None:
            raise ValueError("bars every placement: give leader_id, post_id or urn, or set interventions.place: false")
        return self


class ConflictBan(Ban):
    """A ban that no planner writes: a conflict of interest of the leader with the school is on record."""


class Solver(Part):
    """How the plan is sought; the plan itself does not depend on the time limit unless it is reached."""

    seed: Annotated[Seed, Label("Seed of the calculation")] = 1
    """Seed of the random baseline, of the forecast's resamples and of the integer solver."""
    time_limit_seconds: Annotated[float, Field(gt=0, le=86400), Label("Longest time for the solve, in seconds")] = 120.0
    """Longest time for the solve."""
    gap: Annotated[float, Field(ge=0, le=0.1), Label("Gap at which the search may stop, as a share of the best")] = 0.0
    """Stop once the plan is proven within this relative gap of the best (0.0001 for all England); 0 = to the end."""


class Alternatives(Part):
    """Other plans that are nearly as good, each in as many other schools as can be."""

    count: Annotated[int, Field(ge=0, le=20), Label("Other plans to look for")] = 0
    """How many to look for."""
    loss: Annotated[float, Field(ge=0, le=0.5), Label("How far another plan may fall short, as a share")] = 0.02
    """How far each may fall short of the best plan's objective, as a share of it."""
    differ: Annotated[Share, Label("Share of another plan's placements in new schools")] = 0.1
    """Each has at least this share of its placements in schools of no plan before it, else the search ends."""


class Report(Part):
    """How the lists are sorted and cut."""

    rank_by: Annotated[tuple[SortKey, ...], Label("Sort keys of the ranked list", "URN alone")] = ("benefit", "need")
    """Sort keys of the ranked list, highest first; the last tie is broken by URN."""
    top: Annotated[int, Field(ge=1, le=1000)] = 20
    """How many schools the page shows first."""
    alternatives: Alternatives = Alternatives()
    """Other plans to show beside the best one."""
    hangs_on: Annotated[bool, Label("The plan is tried against other assumptions")] = True
    """Whether the plan is tried against other assumptions, which takes some seconds more."""


# What the forecast rests on, as the first parts of keys: all else is of the pool, the plan and its report.
OF_FORECAST = (("as_of",), ("data",), ("scope",), ("outcomes",), ("risk",), ("solver", "seed"))


class Scenario(Part):
    """A question that a planner asks: data, assumptions, rules."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100), Label("Short name")]
    """Short name in lower case; the run folder takes it."""
    why: str
    """What the scenario is for, in a sentence."""
    as_of: Annotated[date, Label("Day of the forecast")]
    """The date of the forecast: nothing known later is used."""
    data: Data
    scope: Scope = Scope()
    outcomes: dict[OutcomeName, Outcome]
    """The outcomes forecast, with their weights."""
    risk: Risk = Risk()
    impact: Impact = Impact()
    pool: Pool
    interventions: Interventions = Interventions()
    time: Time = Time()
    rules: Annotated[dict[str, Rule], Label("Rules")]
    """Rules by a name of your own; an overlay removes one by setting it to null."""
    pins: dict[str, Pin] = Field(default_factory=dict)
    """Placements that must be made, by a name of your own."""
    bans: dict[str, Ban] = Field(default_factory=dict)
    """Placements that must not be made, by a name of your own."""
    objective: Objective = Objective()
    solver: Solver = Solver()
    report: Report = Report()

    @field_validator("risk")
    @classmethod
    def _learnt_before(cls, risk: Risk, info: ValidationInfo) -> Risk:
        day = info.data.get("as_of")
        if risk.labels_from is not None and day is not None and risk.labels_from >= day:
            raise ValueError(
                f"has labels_from {risk.labels_from}, which is not before as_of {day}: give an earlier day"
            )
        return risk

    @property
    def one_post(self) -> bool:
        """Return whether a leader takes one post in the plan."""
        return self.time.years <= self.time.term_years and all(rule.one_post for rule in self.rules.values())

    @field_validator("outcomes")
    @classmethod
    def _figures(cls, outcomes: dict[str, Outcome]) -> dict[str, Outcome]:
        for name, outcome in outcomes.items():
            allowed = OUTCOMES[name].need_figures
            if outcome.need is not None and outcome.need not in allowed:
                raise ValueError(
                    f"{name}.need is {outcome.need}, which is no figure of {name}: give {' or '.join(allowed)}"
                )
        if outcomes and not any(outcome.weight for outcome in outcomes.values()):
            raise ValueError("have only weights of 0, so that no school would have a need: give one a weight above 0")
        return outcomes

    @field_validator("time")
    @classmethod
    def _of_one_year(cls, time: Time, info: ValidationInfo) -> Time:
        pool = info.data.get("pool")
        if time.years > 1 and pool is not None and pool.prospects is not None:
            raise ValueError("has several years, and pool.prospects are for a plan of one: remove the one or the other")
        return time

    @field_validator("rules")
    @classmethod
    def _of_one_post(cls, rules: dict[str, Rule], info: ValidationInfo) -> dict[str, Rule]:
        pool = info.data.get("pool")
        several = [name for name, rule in rules.items() if not rule.one_post]
        if several and pool is not None and pool.prospects is not None:
            raise ValueError(
                f"has {', '.join(several)}, and pool.prospects are for leaders who take one post, each alone: remove "
                "the one or the other"
            )
        return rules

    @field_validator("rules")
    @classmethod
    def _once(cls, rules: dict[str, Rule]) -> dict[str, Rule]:
        for kind, why in {rule.rule: rule.once for rule in rules.values() if rule.once}.items():
            names = [name for name, rule in rules.items() if rule.rule == kind]
            if len(names) > 1:
                raise ValueError(f"has several rules {kind} ({', '.join(names)}): {why}")
        return rules

    @field_validator("rules")
    @classmethod
    def _of_known_schools(cls, rules: dict[str, Rule], info: ValidationInfo) -> dict[str, Rule]:
        asking = [name for name, rule in rules.items() if rule.supporters() is not None]
        pool = info.data.get("pool")
        if asking and pool is not None and pool.schools is None:
            raise ValueError(
                f"has {', '.join(asking)}, and pool.schools names no table that says who supports a school: name one, "
                "or remove the rule"
            )
        return rules

    @field_validator("as_of")
    @classmethod
    def _of_our_time(cls, day: date) -> date:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(f"is not a day from {FIRST_YEAR} to {LAST_YEAR}")
        return day
