"""The tables of schools: what they are, inspections, years, results, and what is absent."""

from __future__ import annotations

import pandera.pandas as pa

from pilotage.domain.report_cards import REPORT_CARD_AREAS, REPORT_CARD_POINTS
from pilotage.domain.tables.columns import column, count, grade, share, text

PHASES = ("primary", "secondary", "all_through", "special", "nursery", "pru", "sixteen_plus")
PLACE_SOURCES = ("gias", "coords_2025", "outcode", "sample", "none")
PUPIL_GROUPS = ("all", "disadvantaged", "other", "persistently_disadvantaged")
CONCERNS = ("special_measures", "serious_weaknesses", "notice_to_improve", "significant_improvement")
VISIT_OUTCOMES = ("confirmed", "improving", "concerns")
SHORT_VISIT, UNCLEAR = "short_visit", "unclear"
INSPECTION_KINDS = ("graded", SHORT_VISIT, UNCLEAR)
PUBLICATION_STATES = ("published", "suppressed", "not_published", "not_applicable", "not_collected")

#: One row per school: what and where it is as of the panel's date. Key: urn.
SCHOOLS = pa.DataFrameSchema(
    {
        "urn": column("int64", pa.Check.gt(0), nullable=False, unique=True),
        "name": text(nullable=False),
        "phase": text(*PHASES, nullable=False),
        "school_type": text(),
        "authority": text(nullable=False),
        "region": text(nullable=False),
        "district": text(),
        "urban_rural": text(),
        "area": text(),  # name in the scenario's area list; null = in none
        "trust": text(),
        "trust_id": column("Int64", pa.Check.gt(0)),  # UID of the multi-academy trust, as its list gives it
        "idaci_fifth": column("Int64", pa.Check.in_range(1, 5)),  # of children's income deprivation; 5 = most deprived
        "postcode": text(),
        "easting": column(float),  # metres, OSGB36
        "northing": column(float),
        "place_source": text(*PLACE_SOURCES, nullable=False),
        "opened_on": column("datetime64[ns]"),
        "closed_on": column("datetime64[ns]"),
        "pupils": count(),
        "sponsor_led": column(bool, nullable=False),
        "marks": text(),  # opening, closing, joined or changed trust: in words, as known by the date
    },
    strict="filter",
)

#: One row per inspection, with grades or a report card. Key: urn, inspected_on. ``urn`` is the present one, by lineage.
#: ``kind``: a short visit confirms the grade before and has no leadership grade; of an unclear one the files do not
#: tell whether it was one; null = the file has graded inspections alone.
INSPECTIONS = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False),
        "urn_at_time": column("int64", nullable=False),
        "inspected_on": column("datetime64[ns]", nullable=False),
        "known_on": column("datetime64[ns]", nullable=False),
        "leadership_grade": grade(),
        "overall_grade": grade(),
        "teaching_grade": grade(),
        "behaviour_grade": grade(),
        "achievement_grade": grade(),
        **{f"{area}_judgement": text(*REPORT_CARD_POINTS) for area in REPORT_CARD_AREAS},  # null: no report card
        "safeguarding_met": column("boolean"),  # of a report card
        "concern": text(*CONCERNS),  # Ofsted's category of concern
        "listed_on": column("datetime64[ns]"),  # day of the first list that shows it
        "last_listed_on": column("datetime64[ns]"),  # day of the last list that shows it
        "lists": column("Int64", pa.Check.ge(1)),  # how many lists show it; 1 = one witness
        "kind": text(*INSPECTION_KINDS),
    },
    unique=["urn", "inspected_on"],
    strict="filter",
)

#: One row per ungraded visit, which gives no leadership grade. Key: urn, visited_on. ``outcome`` is null if unclear.
VISITS = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False),
        "urn_at_time": column("int64", nullable=False),
        "visited_on": column("datetime64[ns]", nullable=False),
        "known_on": column("datetime64[ns]", nullable=False),
        "outcome": text(*VISIT_OUTCOMES),
        "listed_on": column("datetime64[ns]", nullable=False),
    },
    unique=["urn", "visited_on"],
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
    "ks2_level4_share",  # level 4 or above in English and maths, to 2011
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
    "ks2_progress",  # mean of those of reading, writing and maths that are known
    "income_per_pupil_gbp",  # refunds make money negative in some schools
    "expenditure_per_pupil_gbp",
    "supply_teachers_per_pupil_gbp",
    "balance_share",  # of income
)

#: One row per school and year (2014 = 2013/14): intake, absence, workforce, results, finance. Key: urn, year.
SCHOOL_YEARS = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False),
        "year": column("int64", nullable=False),
        "known_on": column("datetime64[ns]", nullable=False),
        "pupils": count(),
        "fsm_share": share(),
        "fsm6_share": share(),
        "eal_share": share(),
        "sen_share": share(),
        "absence_share": share(),
        "persistent_absence_share": share(),
        "pupil_teacher_ratio": count(),
        "teachers_fte": count(),
        "mean_salary_gbp": count(),
        **{name: share() for name in MORE_SHARES},
        **{name: count() for name in MORE_COUNTS},
        **{name: column(float) for name in SCORES},
    },
    unique=["urn", "year"],
    strict="filter",
)

#: One row per school, year, key stage and pupil group: progress in national pupil SD. Key: all four.
RESULTS = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False),
        "year": column("int64", nullable=False),
        "known_on": column("datetime64[ns]", nullable=False),
        "key_stage": text("ks2", "ks4", nullable=False),
        "pupil_group": text(*PUPIL_GROUPS, nullable=False),
        "pupils": count(),
        "progress_sd": column(float),
        "state": text(*PUBLICATION_STATES, nullable=False),
    },
    unique=["urn", "year", "key_stage", "pupil_group"],
    strict="filter",
)

#: One row per value that is absent, with the reason. Key: urn, field, year.
ABSENCES = pa.DataFrameSchema(
    {"urn": column("int64", nullable=False), "field": text(nullable=False), "reason": text(nullable=False)},
    strict="filter",
)
