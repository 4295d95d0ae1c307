"""Leaders without a post: the list, and each reason in a planner's words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.config.rules.catalogue import BARS, NO_POSTS
from pilotage.domain.bars import Bar
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.report.columns import UNPLACED_COLUMNS
from pilotage.report.run.rule_words import asks
from pilotage.report.words import number, plural, text_of

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

#: What each reason is called where many leaders share it; rules bring the words of theirs.
GROUPS = {
    Why.PLACING_OFF: "Placing leaders is switched off",
    Why.OUT_OF_REACH: "No suitable post is within reach",
    Why.NOT_FREE: "The posts in reach open before the leader is free, or the plan ends before",
    Why.CLOSED: "The suitable posts in reach are not open: consent, need, scope or date",
    Why.OWN_POST: "The only posts in reach are those that the leaders hold already",
    Why.BAN: "A ban bars every post in reach",
    Why.NO_ADDED_VALUE: "No added value is expected at any post in reach",
    Why.BELOW_ZERO: "The benefit would not be above zero",
    Why.PRICE: "What a priced rule charges exceeds the benefit",
    Why.BUDGET: "The budget is spent",
    Why.SUPPORTED: "The leader in post is supported instead",
    Why.RULE: "Another rule is at its limit",
    Why.BETTER_USE: "A better use elsewhere: every post open to the leader goes to another",
    Why.SHARED_PUPILS: "The pupils are counted for other leaders of the school already",
    Why.WORST_DRAWS: "The worst simulations would not gain",
    Why.NOT_PROVEN: "A post is left open: the plan is not proven best",
}
CLOSED: dict[str, tuple[str, str]] = {  # what no post in reach is, and what so many of them are
    Bar.OUT_OF_SCOPE: ("is at a school in scope whose disadvantaged pupils are known", "not"),
    Bar.LATE: ("opens within the plan's years", "later"),
    Bar.BODY_REFUSED: ("is at a school whose responsible body agrees or has not said no", "refused"),
    Bar.NO_PLACE: ("is at a school whose place is known", "not"),
}


def group_name(why: str) -> str:
    """Return what a reason is called where many leaders share it."""
    return NO_POSTS[why].group if why in NO_POSTS else GROUPS[Why(why)]


def unplaced_leaders(record: RunRecord) -> pd.DataFrame:
    """Return one row per leader without a post, in the order of the pool; columns as ``UNPLACED``."""
    rows = [_row(record, unplaced) for unplaced in record.unplaced]
    frame = pd.DataFrame(rows, columns=list(UNPLACED_COLUMNS))
    return frame.astype({"nearest_urn": "Int64"}).astype({"max_travel_km": float, "distance_km": float})


def unplaced_groups(record: RunRecord) -> list[dict[str, str]]:
    """Return each reason with how many leaders have it and the first of them, the most frequent first."""
    ordered = sorted(record.unplaced, key=lambda unplaced: unplaced.why)
    groups = [(why, list(some)) for why, some in groupby(ordered, key=lambda unplaced: unplaced.why)]
    by_count = sorted(groups, key=lambda pair: (-len(pair[1]), pair[0]))
    return [_group(record, why, some) for why, some in by_count]


def _group(record: RunRecord, why: str, some: list[Unplaced]) -> dict[str, str]:
    first = f"{_leader(record, some[0].leader)}: {_reason(record, some[0])}"
    return {"count": f"{len(some):,}", "reason": group_name(why), "example": first}


def _row(record: RunRecord, unplaced: Unplaced) -> dict[str, object]:
    leader = record.pool.leaders.iloc[unplaced.leader]
    return {
        "leader_id": _leader(record, unplaced.leader),
        "level": str(leader["level"]),
        "phases": str(leader["phases"]),
        "max_travel_km": float(leader["max_travel_km"]),
        "reason_code": str(unplaced.why),
        "reason": _reason(record, unplaced),
        "nearest_post_id": "" if unplaced.post is None else record.problem.post_ids[unplaced.post],
        "nearest_urn": None if unplaced.post is None else int(record.problem.urns[unplaced.post]),
        "distance_km": unplaced.distance_km,
    }


def _leader(record: RunRecord, position: int) -> str:
    return str(record.problem.leader_ids[position])


def _reason(record: RunRecord, unplaced: Unplaced) -> str:
    """Return the reason in words."""
    return _by_rule(record, unplaced) if unplaced.why in NO_POSTS else WORDS[Why(unplaced.why)](record, unplaced)


def _by_rule(record: RunRecord, unplaced: Unplaced) -> str:
    """Return the words that a rule brings: its own figures where it has some, else those of its kind."""
    rule, leader = record.scenario.rules.get(unplaced.rule), record.pool.leaders.iloc[unplaced.leader]
    figures = None if rule is None else rule.no_post_words(unplaced.why)
    return (figures or NO_POSTS[unplaced.why].words).format(
        noun=_noun(record, unplaced),
        level=leader["level"],
        subjects=_listed(leader["subjects"]) or "none given",
        posts=plural(unplaced.posts, "post"),
        rule=unplaced.rule,
    )


def _noun(record: RunRecord, unplaced: Unplaced) -> str:
    """Return what the leader looks for: ``secondary head post``."""
    leader = record.pool.leaders.iloc[unplaced.leader]
    phases = [name.strip().replace("_", "-") for name in str(leader["phases"]).split(";") if name.strip()]
    return f"{' or '.join(phases)} {leader['level']} post".strip()


def _listed(cell: object) -> str:
    """Return what a cell of the table lists, separated by ``;``, as people write it."""
    return ", ".join(part.strip() for part in text_of(cell).split(";"))


def _counted(count: int) -> str:
    return SMALL[count] if count < len(SMALL) else f"{count:,}"


def _far(record: RunRecord, unplaced: Unplaced) -> str:
    noun, leader = _noun(record, unplaced), record.pool.leaders.iloc[unplaced.leader]
    if unplaced.within_km is None or unplaced.limit_km is None:
        return f"no {noun} on the list has a known place"
    regions = _listed(leader["willing_regions"])
    verb = "is" if unplaced.posts == 1 else "are"
    there = f"at {number(unplaced.within_km)} km there {verb} {_counted(unplaced.posts)}"
    if regions and (bool(leader["relocates"]) or unplaced.within_km <= unplaced.limit_km):
        return f"no {noun} in reach where the leader is willing to work ({regions}); elsewhere, {there}"
    return f"no {noun} within {number(unplaced.limit_km)} km; {there}"


def _not_free(record: RunRecord, unplaced: Unplaced) -> str:
    free = pd.Timestamp(record.pool.leaders["available_from"].iloc[unplaced.leader])
    day = f"{free.day} {free:%B %Y}"
    if not unplaced.posts:
        return f"free only from {day}, after the plan's last year"
    many = "both open" if unplaced.posts == 2 else f"all {_counted(unplaced.posts)} open"
    which = "the only one opens" if unplaced.posts == 1 else many
    return f"no {_noun(record, unplaced)} in reach is open when the leader is free ({day}): {which} earlier"


def _closed(record: RunRecord, unplaced: Unplaced) -> str:
    code = Bar.OUT_OF_SCOPE.value if unplaced.bar is None else unplaced.bar
    wanted, count = (BARS[code].wanted, BARS[code].count) if code in BARS else CLOSED[code]
    return f"no {_noun(record, unplaced)} in reach {wanted} ({_counted(unplaced.posts)} {count})"


def _own(record: RunRecord, unplaced: Unplaced) -> str:
    posts = "the only post" if unplaced.posts == 1 else "all posts"
    return f"holds that level already at {posts} in reach"


def _banned(record: RunRecord, unplaced: Unplaced) -> str:
    return f"barred from {plural(unplaced.posts, 'post')} in reach by {unplaced.rule}"


def _unsuited(text: str) -> Callable[[RunRecord, Unplaced], str]:
    def words(record: RunRecord, unplaced: Unplaced) -> str:
        return text.format(noun=_noun(record, unplaced), level=record.pool.leaders["level"].iloc[unplaced.leader])

    return words


def _budget(record: RunRecord, unplaced: Unplaced) -> str:
    spent = f"budget spent: the cheapest post costs £{unplaced.cost_gbp or 0:,}, £{unplaced.left_gbp or 0:,} is left"
    year = f" in planning year {unplaced.part[-1]}" if unplaced.part else ""
    return f"{spent}{year}"


def _rule(record: RunRecord, unplaced: Unplaced) -> str:
    states = [state for state in record.rule_states if state.key == unplaced.rule and unplaced.part in (state.part, ())]
    of_row = [state for state in states if state.part == unplaced.part] or states
    asked = f": {asks(of_row[0], record.scenario)}" if of_row else ""
    return f"the best free post would break the rule {unplaced.rule}{asked}"


def _better(record: RunRecord, unplaced: Unplaced) -> str:
    holder = "another leader" if unplaced.holder is None else _leader(record, unplaced.holder)
    return f"a better use elsewhere: the best post open to this leader goes to {holder}"


WORDS: dict[Why, Callable[[RunRecord, Unplaced], str]] = {
    Why.PLACING_OFF: _unsuited("placing leaders is switched off in this scenario"),
    Why.OUT_OF_REACH: _far,
    Why.NOT_FREE: _not_free,
    Why.CLOSED: _closed,
    Why.OWN_POST: _own,
    Why.BAN: _banned,
    Why.NO_ADDED_VALUE: _unsuited("no added value is expected, at the best post in reach too"),
    Why.BELOW_ZERO: _unsuited("the benefit would not be above zero, at the best post too"),
    Why.PRICE: _unsuited("what priced rules or weights take off exceeds the benefit, at the best post too"),
    Why.BUDGET: _budget,
    Why.SUPPORTED: _unsuited("the leader in post of the best school open is supported instead"),
    Why.RULE: _rule,
    Why.BETTER_USE: _better,
    Why.SHARED_PUPILS: _unsuited("the school's pupils are counted for its other leaders already"),
    Why.WORST_DRAWS: _unsuited("would add expected benefit, but not in the worst simulations that the plan weighs"),
    Why.NOT_PROVEN: _unsuited("a post is left open: the plan is not proven best"),
}
