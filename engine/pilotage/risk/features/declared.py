"""What a feature is, as a spec declares it: column, transformation, imputation, and the words of a reason.

A feature needs no code where it is one of ``TRANSFORMATIONS`` of a column of the panel's tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from string import Formatter
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pilotage.config.written.fault import short
from pilotage.domain import tables
from pilotage.errors import Problem


class Part(BaseModel):
    """A closed, frozen part of a spec."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Transformation = Literal[
    "value",  # what the table of schools says; only what does not change with time may be used so
    "last",  # the newest value known
    "before",  # the value at the inspection before the last graded one
    "less",  # the last value less that of the column ``other`` at the same inspection
    "months_since",  # months since the newest date known
    "months_between",  # months between the inspections of a labelled pair; else months since, to which waits are added
    "months_since_below_good",  # months since the last inspection known that found the column below good
    "known_count",  # how many values are known
    "worst",  # the worst grade known before the last graded inspection
    "years_old",  # years from the end of the school year of the newest value to the day
    "lag",  # the value ``years`` years before the newest
    "change",  # the newest less the value ``years`` years before
    "trend",  # slope a year of a straight line through the last ``years`` years
    "pooled_mean",  # mean of the last ``years`` years (results: weighted by pupils)
    "ratio",  # the newest value over that of the column ``other`` in the same year
    "since_opening",  # what the table of schools says, from the day on which the present school opened
    "km_to_nearest",  # km to the ``nearest``-th nearest school of the phase
    "neighbour_mean",  # mean of the newest values of the ``nearest`` nearest schools of the phase
    "deviation_from_similar",  # the newest value less the mean of the ``nearest`` schools nearest in intake
    "others_below_good",  # share below good among the other schools of the same ``group``
    "others_fell",  # share that fell below good at their last pair of grades, among the same schools
]
TABLES = {
    "schools": tables.SCHOOLS,
    "inspections": tables.INSPECTIONS,
    "school_years": tables.SCHOOL_YEARS,
    "results": tables.RESULTS,
}
YEARLY: frozenset[str] = frozenset({"lag", "change", "trend", "pooled_mean", "ratio", "deviation_from_similar"})
GRADED: frozenset[str] = frozenset(
    {
        *("before", "less", "worst", "months_since", "months_between", "months_since_below_good"),
        *("others_below_good", "others_fell"),
    }
)
TAKES: dict[str, frozenset[str]] = {
    "schools": frozenset({"value", "since_opening", "km_to_nearest"}),
    "inspections": GRADED | {"last", "known_count", "neighbour_mean"},
    "school_years": YEARLY | {"last", "years_old", "known_count", "neighbour_mean"},
    "results": YEARLY | {"last", "years_old", "known_count", "neighbour_mean"},
}
NEEDS: dict[str, tuple[str, ...]] = {
    "less": ("other",),
    "ratio": ("other",),
    "lag": ("years",),
    "change": ("years",),
    "trend": ("years",),
    "pooled_mean": ("years",),
    "km_to_nearest": ("nearest",),
    "neighbour_mean": ("nearest",),
    "deviation_from_similar": ("nearest",),
    "others_below_good": ("group",),
    "others_fell": ("group",),
}
PARAMETERS = ("other", "years", "nearest", "group")


class Feature(Part):
    """One feature of a spec.

    ``risk_rises_with`` says, by common sense, on which side of similar schools a reason may name it; ``none``: no
    reason names it. ``words`` is what a reason says of one that may be named, a template of ``value``; ``unit`` turns
    the value into what the words say; ``{years}`` and ``{nearest}`` may stand in it too.
    """

    column: tuple[str, ...]  # table.column; of several, the first that is known for the school
    transformation: Transformation = "last"
    years: Annotated[int, Field(ge=1, le=20)] | None = None
    other: str | None = None
    nearest: Annotated[int, Field(ge=1, le=200)] | None = None
    group: Literal["authority", "trust"] | None = None
    pupil_group: Literal["all", "disadvantaged", "other", "persistently_disadvantaged"] = "all"
    kind: Literal["continuous", "nominal"] = "continuous"
    against: Literal["phase"] | None = None  # less the mean of all schools of the phase on the day
    missing: Literal["bin", "median_of_phase", "median"] = "bin"
    risk_rises_with: Literal["higher", "lower", "none"] = "none"
    words: str = ""
    unit: Literal[
        "number", "grade", "share", "points", "points_apart", "months", "pounds", "pounds_apart", "ratio", "sd",
        "sd_change", "change", "score", "km",
    ] = "number"  # fmt: skip

    @field_validator("column", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _worded(self) -> Self:
        named = self.risk_rises_with != "none"
        if named and self.kind == "nominal":
            raise ValueError("risk_rises_with: a nominal feature has no higher and no lower side; write none")
        if named != bool(self.words):
            raise ValueError("words and risk_rises_with (higher or lower) belong together: give both or neither")
        sayable = {"value", *(name for name in ("years", "nearest") if getattr(self, name) is not None)}
        if not named_in(self.words) <= sayable:
            braces = ", ".join(f"{{{name}}}" for name in sorted(sayable))
            raise ValueError(f"words: braces may hold nothing but what the feature has: {braces}")
        return self

    @property
    def table(self) -> str:
        """Return the table that the feature is of."""
        return self.column[0].partition(".")[0]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the columns in the table."""
        return tuple(name.partition(".")[2] for name in self.column)


class Declares(Protocol):
    """Whatever declares features by name: a spec, or a part of one."""

    @property
    def features(self) -> Mapping[str, Feature]:
        """Return the features by name."""


class DeclaresOutcome(Declares, Protocol):
    """A spec that declares features for one outcome."""

    @property
    def outcome(self) -> str:
        """Return the outcome's name."""


def named_in(words: str) -> set[str]:
    """Return the names that stand in the braces of a template; the whole of it where its braces do not match."""
    try:
        parts = [part for part in Formatter().parse(words) if part[1] is not None]
    except ValueError:
        return {words}
    return {f"{name}{f'!{how}' if how else ''}{f':{form}' if form else ''}" for _, name, form, how in parts}


def problems(where: str, name: str, feature: Feature) -> list[Problem]:
    """Return what is wrong with a declaration: a column, a transformation of it, or a parameter."""
    here = f"{where}, features.{name}"
    unknown = [problem for column in feature.column for problem in _unknown_column(here, column)]
    if feature.other is not None:
        unknown += _unknown_column(f"{here}.other", f"{feature.table}.{feature.other}")
    if unknown:
        return unknown
    return [*_not_taken(here, feature), *_parameters(here, feature)]


def _unknown_column(where: str, column: str) -> list[Problem]:
    table, _, field = column.partition(".")
    if table not in TABLES:
        near = get_close_matches(table, TABLES, 1)
        hint = f"did you mean {near[0]!r}?" if near else "write table.column"
        return [Problem(where, f"no table {short(table)!r} in {short(column)!r}", ", ".join(TABLES), hint)]
    known = list(TABLES[table].columns)
    if field in known:
        return []
    near = get_close_matches(field, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else "remove the feature"
    return [Problem(where, f"no column {short(field)!r} in {table}", ", ".join(known), hint)]


def _not_taken(where: str, feature: Feature) -> list[Problem]:
    allowed = TAKES[feature.table]
    if len({name.partition(".")[0] for name in feature.column}) > 1:
        return [
            Problem(
                where,
                f"columns of several tables: {', '.join(map(short, feature.column))}",
                "columns of one",
                "split the feature",
            )
        ]
    if feature.transformation in allowed:
        return []
    stated = f"transformation {feature.transformation!r} of a column of {feature.table}"
    return [Problem(where, stated, ", ".join(sorted(allowed)), "choose one of these")]


def _parameters(where: str, feature: Feature) -> list[Problem]:
    wanted = NEEDS.get(feature.transformation, ())
    given = [name for name in PARAMETERS if getattr(feature, name) is not None]
    short = [
        Problem(where, f"{feature.transformation} without {name!r}", f"{name}: ...", f"add {name}")
        for name in wanted
        if name not in given
    ]
    allowed = ", ".join(wanted) or "no parameter"
    extra = [
        Problem(where, f"{name!r} given to {feature.transformation}", allowed, f"remove {name}")
        for name in given
        if name not in wanted
    ]
    return [*short, *extra]
