"""What each column of the lists is, in a planner's words: one place for CSV, workbook and page."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.domain.outcomes import FIGURES

DECISION, FACT, FORECAST, MODELLED, LATER = "decision", "published", "forecast", "modelled", "not made yet"

#: What each kind of figure is; the workbook and the page print these next to the columns.
KINDS = {
    FACT: "Published data about the school or the post, as known on the date of the run.",
    FORECAST: "A forecast: what is likely if nothing is done. It says nothing about what a leader would change.",
    MODELLED: "A modelled benefit: made from the forecast, published effects and assumptions. Nobody measured it.",
    DECISION: "What this plan decides, and how the list is sorted.",
    LATER: "Left blank until a later version of Pilotage computes it. A blank is not zero.",
}

#: What each status of a school says.
STATUSES = {
    "placed": "The plan sends a leader there.",
    "supported": "The plan supports the leader in post, and sends nobody.",
    "reserve": "Next in line: the highest-ranked schools without a leader whose best eligible placement is worth "
    "something, as many as there are placements. It is an order of calling, not a promise that the rules allow it.",
    "not_chosen": "A leader could go there, but the plan does more elsewhere.",
    "ineligible": "No leader may or can go there; the reason is given.",
    "unknown": "No outcome could be forecast, so the school's need is not known.",
}

#: What the status of a school says that the plan asks; there are none without prospects.
ASKED = "Nobody is placed there: the plan asks the school, should a post come open. See the list of whom to ask next."


def statuses(*, prospects: bool) -> dict[str, str]:
    """Return what each status says that a school may have, where the scenario has prospects or not."""
    return {**dict(list(STATUSES.items())[:2]), **({"asked": ASKED} if prospects else {}), **STATUSES}


@dataclass(frozen=True)
class Column:
    """One column: its name in CSV files, heading, kind (a key of ``KINDS``), meaning, and how Excel shows it.

    ``form`` is ``text``, ``integer``, ``share``, ``chance`` (of a school or a placement), ``months``, ``years`` or
    ``km``; ``width`` is in characters.
    """

    name: str
    heading: str
    kind: str
    form: str
    width: int
    meaning: str

    @property
    def decimals(self) -> int:
        """Return the decimals that CSV files have."""
        return {"share": 4, "chance": 4, "months": 3, "years": 2, "km": 2}.get(self.form, 6)


PUPILS_REACHED = Column(
    *("pupils_reached", "Disadvantaged pupils reached", MODELLED, "integer", 13),
    "Disadvantaged pupils who finish primary or secondary school there within the years that the scenario counts. "
    "Those of later years count by the chance that the leader is still there, those of the first years by how far a "
    "new leader is felt by then. Blank = no eligible placement.",
)
PLACEMENT_REASON = Column(
    *("placement_reason", "Why this leader here", DECISION, "text", 50),
    "Why the plan sends this leader there, or supports the leader in post: level, post, distance, what the school has "
    "said, and pupils reached. Blank = the plan does neither.",
)
VALUE_IF_ASKED = Column(
    *("value_if_asked", "Value if asked, pupil-months", MODELLED, "months", 13),
    "By how much the best plan would rise, at most, if a post came open there and the school agreed: what the leader "
    "would add there less what the leader does now. Blank = not known; the list of whom to ask next says why.",
)

STARTS_ON = Column(
    *("starts_on", "Starts on", DECISION, "text", 12), "The day on which the post is open and the leader is free."
)
DECIDE_BY = Column(
    *("decide_by", "Notice by", FACT, "text", 12),
    "The last day for the leader to give notice at the present school and still start then, by the national conditions "
    "of service. Blank = the leader has no school to leave.",
)
MARKS = Column(
    *("marks", "To see to", DECISION, "text", 40),
    "Whether the last day for notice has passed, and on what conditions school, responsible body or leader agreed, in "
    "their own words; whether the post was advertised again; and what the table of schools says.",
)

RANKED = (
    Column(
        *("rank", "Rank", DECISION, "integer", 7),
        "Place on the list; sorted as the scenario's report.rank_by says. Special schools and pupil referral units "
        "come last.",
    ),
    Column("urn", "URN", FACT, "integer", 9, "The school's unique reference number."),
    Column("name", "School", FACT, "text", 38, "Name of the school."),
    Column("area", "Area", FACT, "text", 18, "Area of the scenario's area list; blank = in none of them."),
    Column("authority", "Local authority", FACT, "text", 24, "Local authority."),
    Column("region", "Region", FACT, "text", 22, "Region of England."),
    Column("trust", "Trust", FACT, "text", 24, "Academy trust; blank = none known."),
    Column("phase", "Phase", FACT, "text", 12, "Phase of education."),
    Column("pupils", "Pupils", FACT, "integer", 9, "Pupils on roll; blank = not published."),
    Column(
        *("disadvantaged_pupils", "Disadvantaged pupils", FACT, "integer", 12),
        "Pupils on roll times the share eligible for free school meals in the last six years (else now), as last "
        "published; blank = not published.",
    ),
    Column(
        *("current_grade", "Leadership, last judged", FACT, "text", 18),
        "What inspectors last said of the school's leadership, in the words of their scale: Outstanding to Inadequate, "
        "or from November 2025 Urgent improvement to Exceptional on a report card. Blank = not judged yet. Where the "
        "scenario lets the overall grade stand for leadership, it is that grade.",
    ),
    Column(
        *("current_scale", "Scale", FACT, "text", 12),
        "ofsted_1_4 = four grades; report_card = five points. Ofsted says that the two cannot be compared.",
    ),
    Column("inspected_on", "Inspected on", FACT, "text", 12, "The day of that inspection."),
    *(Column(f.name, f.heading, FORECAST, f.form, f.width, f.meaning) for f in FIGURES),
    Column(
        *("need", "Need, 0 to 1", FORECAST, "share", 9),
        "Weighted mean of the chance that leadership is below good and the chance that the gap is wide (or what the "
        "scenario takes instead). What is not known takes the average of the school's phase, and is marked. 0% = no "
        "risk seen, 100% = certain.",
    ),
    Column(
        *("need_rank", "Rank by need", FORECAST, "integer", 9),
        "Rank by need over all schools; blank for special schools and pupil referral units, which have no gap.",
    ),
    Column(
        *("need_rank_in_phase", "Rank by need in phase", FORECAST, "integer", 9),
        "Rank by need among the schools of its phase in scope.",
    ),
    Column(
        *("band", "Band by need", FORECAST, "text", 16),
        "top = surely in the top tenth of its phase by need: at least 90% of the model's resamples put it there. "
        "below = at most 10% do. tie = it can't be told apart from the top tenth. Blank = need is not known, or the "
        "forecast has no draws.",
    ),
    Column(
        *("benefit", "Modelled benefit, pupil-months", MODELLED, "months", 13),
        "Months of progress of disadvantaged pupils, summed over pupils, that the placement is modelled to add; for a "
        "school without a placement, of its best eligible one. Several placements are added up. Blank = none eligible.",
    ),
    Column("benefit_low", "… low", MODELLED, "months", 10, "Low end of the 90% interval; below zero = it may harm."),
    Column("benefit_high", "… high", MODELLED, "months", 10, "High end of the 90% interval."),
    PUPILS_REACHED,
    Column(
        *("ask_rank", "Rank for asking", DECISION, "integer", 9),
        "Place in the order of asking: chance of a yes times value if asked, of the school's best level. Blank = "
        "there is nothing to ask for, or nothing to gain by it.",
    ),
    VALUE_IF_ASKED,
    Column("status", "Status", DECISION, "text", 12, "What the plan does with the school; see the statuses."),
    Column(
        *("reasons", "Why", FORECAST, "text", 60),
        "Why the school is at risk: what raises its forecast most, beside similar schools (same phase, same fifth of "
        "disadvantaged share). Reasons are associations, not causes.",
    ),
    PLACEMENT_REASON,
    Column(
        *("data_age_years", "Age of data, years", FACT, "years", 10),
        "Years between the newest data used for the school and the date of the run.",
    ),
    Column("missing", "Not known", FACT, "text", 40, "What is missing for the school, and why."),
    Column(
        *("marks", "Marks", FACT, "text", 30),
        "Why nobody may go there, where nobody may; whether the school opened, merged, replaced another, joined or "
        "changed trust in the last two years, or shuts; whether a primary school has too few disadvantaged pupils for "
        "a gap to be known (too small to say); which part of its need is the average of its phase; and what the table "
        "of schools says: who supports it, posts advertised again, what its responsible body answered.",
    ),
)

#: What comes after a no: who is offered the post, and where the leader goes.
AFTER_A_NO = (
    Column(
        *("reserve_1", "First reserve", DECISION, "text", 14),
        "Best leader without a placement who could take the post, every rule kept; none = nobody.",
    ),
    Column("reserve_2", "Second reserve", DECISION, "text", 14, "Second best; none = nobody else."),
    Column(
        *("next_urn", "Next school's URN", FACT, "integer", 9),
        "Where the leader is offered a post next if the answer is no; see the next column.",
    ),
    Column(
        *("next_school", "Next school for this leader", DECISION, "text", 38),
        "If the answer is no: the school of the leader's next ask; where there is none, the best school at which the "
        "plan leaves a post free that the rules allow the leader, all else as planned. Blank = none.",
    ),
)

PLACEMENTS = (
    Column("leader_id", "Leader", DECISION, "text", 14, "The leader's identifier in the pool."),
    Column("post_id", "Post", DECISION, "text", 14, "The post's identifier."),
    Column("urn", "URN", FACT, "integer", 9, "The school's unique reference number."),
    Column(
        "level",
        "Level",
        FACT,
        "text",
        11,
        "Level of the post: middle, senior, head or executive; of support, the head's.",
    ),
    Column(
        *("intervention", "Intervention", DECISION, "text", 12),
        "place = the leader goes into the post; support = the leader in post is supported, by the region named.",
    ),
    Column(
        *("benefit", "Modelled benefit, pupil-months", MODELLED, "months", 13),
        "Months of progress of disadvantaged pupils, summed over pupils, that the placement is modelled to add; pupils "
        "that it shares with other leaders of the plan are counted once.",
    ),
    Column("low", "… low", MODELLED, "months", 10, "Low end of the 90% interval; below zero = it may harm."),
    Column("high", "… high", MODELLED, "months", 10, "High end of the 90% interval."),
    PUPILS_REACHED,
    Column("firmness", "Firmness", LATER, "share", 10, "How often the placement stays when the inputs wobble."),
    Column(
        *("acceptance", "Chance of acceptance", MODELLED, "chance", 12),
        "Assumed chance that school and leader agree. The benefit is already multiplied by it.",
    ),
    Column(
        *("stay", "Chance of staying three years", MODELLED, "chance", 13),
        "Chance that the leader is still in the post three years on.",
    ),
    Column("travel_km", "Distance, km", FACT, "km", 10, "Straight line from the leader's base to the school."),
    *AFTER_A_NO,
    STARTS_ON,
    DECIDE_BY,
    Column(
        *("shared_pupils", "Shared pupils", MODELLED, "text", 40),
        "What counts of the benefit that the placement would have alone, where other leaders of the plan share the "
        "school's pupils: each pupil is counted once. Blank = all of it counts.",
    ),
    PLACEMENT_REASON,
    MARKS,
)

SUPPORTED = (
    Column("leader_id", "Supported by", DECISION, "text", 22, "The region that gives the support."),
    *(
        column
        for column in PLACEMENTS
        if column.name in ("urn", "benefit", "low", "high", "pupils_reached", "acceptance", "stay", "starts_on")
    ),
    *(column for column in PLACEMENTS if column.name in ("shared_pupils", "placement_reason")),
)

UNPLACED = (
    Column("leader_id", "Leader", DECISION, "text", 14, "The leader's identifier in the pool."),
    Column("level", "Level", FACT, "text", 11, "Level of the leader: middle, senior, head or executive."),
    Column("phases", "Phases", FACT, "text", 20, "Phases that the leader is trained for."),
    Column("max_travel_km", "Travel limit, km", FACT, "km", 10, "How far the leader may travel, by the pool's table."),
    Column("reason_code", "Code", DECISION, "text", 22, "The reason as a code, to sort and count by."),
    Column(
        *("reason", "Why without a post", DECISION, "text", 70),
        "The nearest reason: the first rule that leaves the leader without a post, or what the plan does instead.",
    ),
    Column(
        *("nearest_post_id", "Post", FACT, "text", 14),
        "The post that the reason speaks of: the nearest, or where several are open the best. Blank = none.",
    ),
    Column("nearest_urn", "URN", FACT, "integer", 9, "That post's school."),
    Column("distance_km", "Distance, km", FACT, "km", 10, "Straight line from the leader's base to that school."),
)

RANKED_COLUMNS = tuple(column.name for column in RANKED)
PLACEMENT_COLUMNS = tuple(column.name for column in PLACEMENTS)
UNPLACED_COLUMNS = tuple(column.name for column in UNPLACED)
