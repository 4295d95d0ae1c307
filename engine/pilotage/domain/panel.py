"""SchoolPanel, LeaderPool, Posts: what is known of schools, leaders and posts as of a date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from pilotage.domain.answers import Answers
from pilotage.domain.cover import Cover
from pilotage.domain.inputs import Inputs
from pilotage.domain.known_schools import KnownSchools

VISIT_COLUMNS = ["urn", "urn_at_time", "visited_on", "known_on", "outcome", "listed_on"]
LATEST = ("pupils", "fsm6_share", "fsm_share")  # columns of ``school_years``


@dataclass(frozen=True)
class SchoolPanel:
    """Schools and all that is known of them, each dated row with the date on which it became known (``known_on``).

    Attributes
    ----------
    as_of
        The date of the forecast. Rows known later stay in the panel (they are the labels of back-tests); ``risk``
        takes none of them as a feature.
    schools, inspections, school_years, results, absences
        Tables of ``domain.tables``.
    synthetic
        True where the schools are invented; every output then says so.
    snapshots
        Dates of the publications that the inspections were read from (empty: each is known on its own date).
    notes
        Plain sentences about the data that every report repeats.
    inputs
        Every file read.
    grade_proxy
        Which grade stands for leadership in ``inspections`` (a scenario's ``data.grade_proxy``); null = none, it is
        Ofsted's own leadership grade.
    other_urns
        URNs that schools of the panel had before or have since, by the official links of one school to one: the other
        URN -> the panel's.
    merged_urns
        URNs of schools that merged into one of the panel, or were split: the other URN -> the panel's.
    visits
        Ungraded visits, a table of ``domain.tables`` (empty: no list tells of any). They give no leadership grade.
    cover
        How much of England the list of schools covers; null for the sample, which is a whole England in small.
    not_recognised
        Which files of the folder were not recognised, in words, for the errors that miss one.
    """

    as_of: date
    schools: pd.DataFrame
    inspections: pd.DataFrame
    school_years: pd.DataFrame
    results: pd.DataFrame
    absences: pd.DataFrame
    synthetic: bool
    snapshots: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: Inputs = ()
    grade_proxy: str | None = None
    other_urns: dict[int, int] = field(default_factory=dict)
    merged_urns: dict[int, int] = field(default_factory=dict)
    cover: Cover | None = None
    visits: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=VISIT_COLUMNS))
    not_recognised: tuple[str, ...] = ()

    @cached_property
    def latest_years(self) -> pd.DataFrame:
        """Return ``LATEST`` as last known by the panel's date, by urn; made once, and not to be changed."""
        known = self.school_years[self.school_years["known_on"] <= pd.Timestamp(self.as_of)]
        return known.sort_values(["urn", "year"]).reindex(columns=["urn", *LATEST]).groupby("urn").last()


@dataclass(frozen=True)
class LeaderPool:
    """The leaders to place: ``leaders`` is a table of ``domain.tables.LEADERS``; ``notes`` say how it was read."""

    leaders: pd.DataFrame
    synthetic: bool
    inputs: Inputs = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Posts:
    """The posts that may be filled, a table of ``domain.tables.POSTS``, and what is known of pairs (``PAIRS``).

    ``earlier`` holds the pairs (leader_id, post_id) of earlier plans, by the name of the rule that asks for them.
    ``answers`` are those of schools, bodies and leaders, one of each party to each ask; ``schools`` is what planners
    know of schools; ``notes`` say how the tables were read. ``ended`` are decisions that later ones replaced;
    ``added`` are the names of posts that the scenario adds to its own.
    """

    posts: pd.DataFrame
    synthetic: bool
    inputs: Inputs = ()
    pairs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["leader_id", "post_id", "state"]))
    earlier: dict[str, pd.DataFrame] = field(default_factory=dict)
    answers: Answers = ()
    schools: KnownSchools = field(default_factory=KnownSchools)
    notes: tuple[str, ...] = ()
    ended: Answers = ()
    added: tuple[str, ...] = ()


def phases_of(panel: SchoolPanel, urns: pd.Series) -> pd.Series:
    """Return the phase of each school, in the order asked for; null where the panel lacks the school."""
    return panel.schools.set_index("urn")["phase"].reindex(urns).reset_index(drop=True)
