"""Schools to worry about: every school in scope by need, whatever leaders and posts there are."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.chances import Chances
from pilotage.report.columns import RANKED, Column
from pilotage.report.lists.by_facts import worry_by_facts
from pilotage.report.lists.printed_chances import chances, printed
from pilotage.report.lists.ranked_schools import apart, forecasts_of, marks_of, ranks_by_need
from pilotage.report.words import text_of

OF_THE_POOL = ("rank", "benefit", "benefit_low", "benefit_high", "pupils_reached", "ask_rank", "value_if_asked")
OF_THE_PLAN = ("status", "placement_reason")
FIRST = ("need_rank", "need_rank_in_phase", "band", "need")
MARKS = Column(
    *("marks", "Marks", "published", "text", 30),
    "Whether the school opened, merged, replaced another, joined or changed trust in the last two years, or shuts; "
    "whether a primary school has too few disadvantaged pupils for a gap to be known (too small to say); which "
    "part of its need is the average of its phase; and what the table of schools says: who supports it, posts "
    "advertised again, what its responsible body answered.",
)


def _columns() -> tuple[Column, ...]:
    """Return the columns of the ranked list that leaders, posts and the plan have no part in, need first."""
    left = {column.name: column for column in RANKED if column.name not in (*OF_THE_POOL, *OF_THE_PLAN)}
    left["marks"] = MARKS
    school = [name for name in list(left)[: list(left).index("inspected_on") + 1] if name not in FIRST]
    rest = [name for name in left if name not in (*school, *FIRST)]
    return tuple(left[name] for name in (*FIRST[:2], *school, *FIRST[2:], *rest))


WORRY_ABOUT = _columns()


def worry_about(record: RunRecord) -> pd.DataFrame:
    """Return the ``WORRY_ABOUT``: one row per school in scope, highest need first, then URN; unknown need last.

    Where scales are not compared, so that no need is known, the order is that of ``worry_by_facts``.

    Special schools and pupil referral units come after all others. Made from the panel and the forecast alone.
    """
    frame = forecasts_of(record)
    made = {"band": frame["urn"].map(record.need_bands), "reasons": frame["reasons"].map(text_of)}
    named = frame.assign(**ranks_by_need(frame), **made, marks=marks_of(record, frame), apart=apart(frame))
    keys = {"apart": True, "need": False, "urn": True}
    if chances(record) is Chances.NOTHING:
        named = named.join(worry_by_facts(record, named["urn"]))
        keys = dict.fromkeys(["apart", "tier", "place", "urn"], True)
    ordered = named.sort_values(list(keys), ascending=list(keys.values()), na_position="last", ignore_index=True)
    return printed(record, ordered[[column.name for column in WORRY_ABOUT]])
