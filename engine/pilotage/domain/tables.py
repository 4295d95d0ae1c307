"""What one row of each table is: key, unit, range of every column (pandera schemas).

Dates are ``datetime64``; shares are in [0, 1]; distances in km; money in GBP; missing is null, never zero.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pilotage.errors import DataError, Problem

PHASES = ("primary", "secondary", "all_through", "special", "nursery", "pru", "sixteen_plus")
LEVELS = ("middle", "senior", "head", "executive")
PLACE_SOURCES = ("gias", "coords_2025", "outcode", "sample", "none")
CONSENTS = ("yes", "no", "unknown")
PAIR_STATES = ("preferred", "interviewed", "refused", "offered", "accepted", "started")
PUPIL_GROUPS = ("all", "disadvantaged", "other", "persistently_disadvantaged")
MOST_KM = 10_000
MOST_METRES = 10_000_000
MOST_GBP = 1_000_000  # of what one leader or one post costs
MOST_EFFECT_SD = 1  # pupil SD, of a leader's own evidence: a year's progress is about one
PUBLICATION_STATES = ("published", "suppressed", "not_published", "not_applicable", "not_collected")


WORDS = {
    r"isin\([\[(](.*?),?[\])]\)": "one of {}",
    r"greater_than_or_equal_to\((.*)\)": "at least {}",
    r"greater_than\((.*)\)": "more than {}",
    r"in_range\((.*), (.*)\)": "between {} and {}",
    r"less_than_or_equal_to\((.*)\)": "at most {}",
    r"not_nullable": "a value",
    r"(?:field|multiple_fields)_uniqueness": "each once",
    r"(?:coerce_)?dtype\('?(.*?)'?\)": "a value of type {}",
}


def _column(dtype: Any, *checks: pa.Check, nullable: bool = True, unique: bool = False) -> pa.Column:
    return pa.Column(dtype, list(checks), nullable=nullable, unique=unique, coerce=True)


def _share() -> pa.Column:
    return _column(float, pa.Check.in_range(0, 1))


def _count() -> pa.Column:
    return _column(float, pa.Check.ge(0))


def _grade() -> pa.Column:
    return _column("Int64", pa.Check.isin([1, 2, 3, 4]))


def _text(*allowed: str, nullable: bool = True) -> pa.Column:
    checks = [pa.Check.isin(allowed)] if allowed else []
    return _column(str, *checks, nullable=nullable)


#: One row per school: what and where it is as of the panel's date. Key: urn.
SCHOOLS = pa.DataFrameSchema(
    {
        "urn": _column("int64", pa.Check.gt(0), nullable=False, unique=True),
        "name": _text(nullable=False),
        "phase": _text(*PHASES, nullable=False),
        "school_type": _text(),
        "authority": _text(nullable=False),
        "region": _text(nullable=False),
        "district": _text(),
        "urban_rural": _text(),
        "area": _text(),  # name in the scenario's area list; null = in none
        "trust": _text(),
        "postcode": _text(),
        "easting": _column(float),  # metres, OSGB36
        "northing": _column(float),
        "place_source": _text(*PLACE_SOURCES, nullable=False),
        "opened_on": _column("datetime64[ns]"),
        "closed_on": _column("datetime64[ns]"),
        "pupils": _count(),
        "sponsor_led": _column(bool, nullable=False),
        "marks": _text(),  # opening, closing, joined or changed trust: in words, as known by the date
    },
    strict="filter",
)

#: One row per inspection with grades. Key: urn, inspected_on. ``urn`` is the present school's, by lineage.
INSPECTIONS = pa.DataFrameSchema(
    {
        "urn": _column("int64", nullable=False),
        "urn_at_time": _column("int64", nullable=False),
        "inspected_on": _column("datetime64[ns]", nullable=False),
        "known_on": _column("datetime64[ns]", nullable=False),
        "leadership_grade": _grade(),
        "overall_grade": _grade(),
        "teaching_grade": _grade(),
        "behaviour_grade": _grade(),
        "achievement_grade": _grade(),
    },
    unique=["urn", "inspected_on"],
    strict="filter",
)

#: Columns of a school's year beyond intake and absence: shares, counts, and scores and pounds (any number).
MORE_SHARES = (
    "temporary_staff_share",
    "five_good_gcses_share",
    "five_good_gcses_disadvantaged_share",
    "five_good_gcses_other_share",
    "good_english_maths_share",
    "ks2_expected_share",
    "destinations_share",
    "destinations_disadvantaged_share",
    "destinations_other_share",
)
MORE_COUNTS = (
    "capacity_used_share",
    "suspension_rate",
    "ks2_pupils",
    "ks4_pupils",
    "ks4_disadvantaged_pupils",
    "destinations_pupils",
    "attainment8",
    "prior_attainment",
)
SCORES = (
    "progress8",
    "value_added",
    "ks2_reading_progress",
    "ks2_writing_progress",
    "ks2_maths_progress",
    "income_per_pupil_gbp",  # refunds make money negative in some schools
    "expenditure_per_pupil_gbp",
    "supply_teachers_per_pupil_gbp",
    "balance_share",  # of income
)

#: One row per school and year (2014 = 2013/14): intake, absence, workforce, results, finance. Key: urn, year.
SCHOOL_YEARS = pa.DataFrameSchema(
    {
        "urn": _column("int64", nullable=False),
        "year": _column("int64", nullable=False),
        "known_on": _column("datetime64[ns]", nullable=False),
        "pupils": _count(),
        "fsm_share": _share(),
        "fsm6_share": _share(),
        "eal_share": _share(),
        "sen_share": _share(),
        "absence_share": _share(),
        "persistent_absence_share": _share(),
        "pupil_teacher_ratio": _count(),
        "teachers_fte": _count(),
        "mean_salary_gbp": _count(),
        **{name: _share() for name in MORE_SHARES},
        **{name: _count() for name in MORE_COUNTS},
        **{name: _column(float) for name in SCORES},
    },
    unique=["urn", "year"],
    strict="filter",
)

#: One row per school, year, key stage and pupil group: progress in national pupil SD. Key: all four.
RESULTS = pa.DataFrameSchema(
    {
        "urn": _column("int64", nullable=False),
        "year": _column("int64", nullable=False),
        "known_on": _column("datetime64[ns]", nullable=False),
        "key_stage": _text("ks2", "ks4", nullable=False),
        "pupil_group": _text(*PUPIL_GROUPS, nullable=False),
        "pupils": _count(),
        "progress_sd": _column(float),
        "state": _text(*PUBLICATION_STATES, nullable=False),
    },
    unique=["urn", "year", "key_stage", "pupil_group"],
    strict="filter",
)

#: One row per value that is absent, with the reason. Key: urn, field, year.
ABSENCES = pa.DataFrameSchema(
    {"urn": _column("int64", nullable=False), "field": _text(nullable=False), "reason": _text(nullable=False)},
    strict="filter",
)

#: One row per leader of the pool. Key: leader_id.
LEADERS = pa.DataFrameSchema(
    {
        "leader_id": _column(str, nullable=False, unique=True),
        "name": _text(),
        "level": _text(*LEVELS, nullable=False),
        "phases": _text(nullable=False),  # phases separated by ";"
        "subjects": _text(),
        "easting": _column(float, pa.Check.in_range(-MOST_METRES, MOST_METRES), nullable=False),
        "northing": _column(float, pa.Check.in_range(-MOST_METRES, MOST_METRES), nullable=False),
        "max_travel_km": _column(float, pa.Check.in_range(0, MOST_KM), nullable=False),
        "willing_regions": _text(),  # separated by ";"; null = any
        "relocates": _column(bool, nullable=False),
        "available_from": _column("datetime64[ns]", nullable=False),
        "span": _column("Int64", pa.Check.in_range(1, 6)),
        "current_urn": _column("Int64"),
        "effect_mean": _column(float, pa.Check.in_range(-MOST_EFFECT_SD, MOST_EFFECT_SD)),  # pupil SD, evidence
        "effect_sd": _column(float, pa.Check.gt(0), pa.Check.le(MOST_EFFECT_SD)),  # given with effect_mean, or neither
        "team_id": _text(),
        "meets": _text(),  # what the leader can offer to a post that requires it, separated by ";"
        "cost_gbp": _column(float, pa.Check.in_range(0, MOST_GBP)),
    },
    strict="filter",
)

#: One row per pair of which something is known already. Key: leader_id, post_id.
PAIRS = pa.DataFrameSchema(
    {
        "leader_id": _column(str, nullable=False),
        "post_id": _column(str, nullable=False),
        "state": _text(*PAIR_STATES, nullable=False),
        "date": _column("datetime64[ns]"),
        "by": _text(),
    },
    unique=["leader_id", "post_id"],
    strict="filter",
)

#: One row per post. Key: post_id.
POSTS = pa.DataFrameSchema(
    {
        "post_id": _column(str, nullable=False, unique=True),
        "urn": _column("int64", nullable=False),
        "level": _text(*LEVELS, nullable=False),
        "subject": _text(),
        "opens_on": _column("datetime64[ns]", nullable=False),
        "requires": _text(),
        "consent": _text(*CONSENTS, nullable=False),
        "created": _column(bool, nullable=False),
        "salary_gbp": _column(float, pa.Check.in_range(0, MOST_GBP)),  # what the charity pays of the post's salary
        "job_share": _column("boolean"),  # whether several people hold this headship together; null = no
    },
    strict="filter",
)

#: One row per school: a forecast of its risks, of Pilotage's or a charity's own making. Key: urn.
FORECAST = pa.DataFrameSchema(
    {
        "urn": _column("int64", nullable=False, unique=True),
        "p_fall_if_inspected": _share(),
        "p_fall_if_inspected_low": _share(),
        "p_fall_if_inspected_high": _share(),
        "p_fall_within_horizon": _share(),
        "p_stuck": _share(),
        "gap_months": _column(float),
        "gap_change_months": _column(float),
        "p_widens": _share(),
        "need": _share(),
        "reasons": _text(),
        "data_age_years": _count(),
        "missing": _text(),
    },
    strict="filter",
)


def validated(schema: pa.DataFrameSchema, frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return ``frame`` in the schema's types and columns, absent nullable columns added as null.

    Raises
    ------
    DataError
        With one problem per failing column or row, at most twenty.
    """
    filled = frame.copy()
    problems = []
    for name, column in schema.columns.items():
        if name not in filled:
            if not column.nullable:
                problems.append(Problem(where, f"no column {name!r}", f"columns {', '.join(schema.columns)}", "add it"))
            filled[name] = None
    if problems:
        raise DataError(problems)
    try:
        return schema.validate(filled, lazy=True)[list(schema.columns)].reset_index(drop=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(_schema_problems(error.failure_cases, where)) from None


def _in_words(check: str) -> str:
    """Return a failed check of pandera as a planner reads it."""
    for pattern, words in WORDS.items():
        found = re.fullmatch(pattern, check)
        if found:
            return words.format(*(_grouped(text) for text in found.groups()))
    return f"must satisfy {check}"


def _grouped(text: str) -> str:
    """Return a whole number with its thousands apart, as people write it; any other text as it is."""
    return f"{int(text):,}" if text.removeprefix("-").isdecimal() else text


def _schema_problems(cases: pd.DataFrame, where: str) -> list[Problem]:
    found = cases.drop_duplicates().head(20)
    columns = zip(found["index"], found["column"], found["failure_case"], found["check"], strict=True)
    return [
        Problem(
            f"{where}, row {int(row) + 2}" if pd.notna(row) else where,
            f"{column} = {value.item() if hasattr(value, 'item') else value!r}",
            _in_words(str(check)),
            "mend the value",
        )
        for row, column, value, check in columns
    ]
