"""What schools, responsible bodies and leaders have answered, and what their answers mean.

An ask is about the posts of one level at a school, or about one post there, and either for one leader or for any. The
school, its responsible body (its trust or local authority) and the leader each answer on their own. A blank is not
asked yet.

- ``refused``, ``withdrawn``, of school or body: with no leader named, nobody may go there at that level; with a leader
  named, that leader may not. Of the leader: that leader may not go there.
- ``agreed``, of school and body: the post is known and open, with the school's consent. An answer that names no leader
  counts here for a leader whose own row has none. If both rows name a leader, and the leader agreed too, the placement
  holds.
- ``started``, of anyone: the placement holds.

Where a placement holds for that, or a table of pairs says ``accepted`` or ``started``, the yes is no chance any more.
- ``asked``, ``interested``: the ask stays open, as before. No chance changes.

A body may answer once for all posts of a school, or of all its schools (``standing``). A refusal of that kind closes
the school's posts to everybody. Any other counts where the school or the leader has answered an ask, and the body has
not answered that ask itself.

A conflict of interest is a state of a leader with a school, whatever the post: the leader may not go there.

A decision is what planners note of an ask once it is settled, whoever said so. ``agreed`` or ``started`` with a leader:
the placement holds. ``agreed`` without one: the post is known and open. ``refused`` and ``withdrawn`` bar as above.
``noted``: nothing is decided yet, and planners keep an owner, a note or a day by which it is to be decided.

Conditions are kept and shown, never interpreted. An answer of the party ``pair`` is the one state of a pair that older
tables of pairs have; the scenario says which states hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain.prospects import prospect_id
from pilotage.errors import Spot

SCHOOL, BODY, LEADER, PAIR, DECISION = "school", "body", "leader", "pair", "decision"
SUPPORTING = "support"  # the party of a decision about support of the leader in post: no placement
OF_PLANNERS = (DECISION, SUPPORTING)
PARTIES = (SCHOOL, BODY, LEADER)
ASKED, INTERESTED, AGREED, REFUSED, WITHDRAWN, STARTED = (
    *("asked", "interested", "agreed", "refused", "withdrawn", "started"),
)
ANSWERS = (ASKED, INTERESTED, AGREED, REFUSED, WITHDRAWN, STARTED)
NOTED = "noted"  # of a decision alone: an owner, a note or a day to decide by, and no word of an answer
ENDED = (REFUSED, WITHDRAWN)
OPEN = (NOTED, ASKED, INTERESTED)  # nothing is settled yet, from what says least
DECISIONS = (NOTED, *ANSWERS)
CONFLICT = "conflict"  # state of a pair: a conflict of interest of the leader with the school
STANDING = (ASKED, INTERESTED, AGREED, REFUSED, WITHDRAWN)  # what a body may answer for all posts of a school
AGREED_PAIRS = ("accepted", STARTED)  # states of a pair after which nobody is to be asked any more
DETAILS = ("date", "by", "condition")  # of each answer, in columns named ``school_date``, ...
ANSWER_COLUMNS = tuple(name for party in PARTIES for name in (party, *(f"{party}_{detail}" for detail in DETAILS)))

#: Columns of a run's asks.csv beside the ask and its answers: a planner gives them back unchanged, and nothing reads
#: them.
WRITTEN_BESIDE = (
    *("name", "ask_order", "chance_open", "acceptance", "chance", "benefit", "travel_km", "responsible_body"),
    *("reserve_1", "reserve_2", "next_urn", "next_school", "starts_on", "decide_by", "marks"),
)


@dataclass(frozen=True)
class Asked:
    """What was asked for: the level at a school, or one post there, for one leader or (None) for any.

    ``level``: None where every post of the school is meant.
    """

    urn: int
    level: str | None
    leader_id: str | None = None
    post_id: str | None = None

    @property
    def words(self) -> str:
        """Return what was asked for, in words."""
        school = f"school {self.urn}" if self.level is None else f"{self.level} at school {self.urn}"
        place = school if self.post_id is None else f"post {self.post_id}"
        return place if self.leader_id is None else f"{place} for {self.leader_id}"

    def covers(self, other: Asked) -> bool:
        """Return whether an answer to this is about the other too: the same place, and the same leader or any."""
        there = self.urn == other.urn and self.level in (None, other.level)
        post = self.post_id is None or other.post_id is None or self.post_id == other.post_id
        return there and post and self.leader_id in (None, other.leader_id)


@dataclass(frozen=True)
class Answer:
    """What one party said to an ask, and where it is written (``row`` as a spreadsheet counts, the header is row 1).

    ``standing``: whether the body said it for all posts of the school, and not to this ask. ``reason``: why, of a
    decision; ``source``: file and row in which it was first written, where it was read from a ledger. ``decide_by``:
    the day by which planners want an answer.
    """

    asked: Asked
    party: str
    said: str
    on: date | None
    by: str | None
    condition: str | None
    file: Path
    row: int
    standing: bool = False
    reason: str | None = None
    source: str | None = None
    decide_by: date | None = None
    sheet: str | None = None

    @property
    def where(self) -> str:
        """Return the file, as the scenario names it, and the row."""
        return f"{self.file}{self._sheet}, row {self.row}"

    @property
    def spot(self) -> Spot:
        """Return the row as a place in a table."""
        return Spot(str(self.file), self.row)

    @property
    def place(self) -> str:
        """Return the file's name and the row: no folder of the machine."""
        return f"{self.file.name}{self._sheet}, row {self.row}"

    @property
    def _sheet(self) -> str:
        return "" if self.sheet is None else f", sheet {self.sheet!r}"

    @property
    def words(self) -> str:
        """Return who said what and when, in words."""
        dated = "" if self.on is None else f" on {self.on:%d %b %Y}"
        who = {SCHOOL: " by the school", BODY: " by the responsible body", LEADER: " by the leader"}
        said = "not possible: a conflict of interest is on record" if self.said == CONFLICT else self.said
        return f"{said}{who.get(self.party, '')}{dated}"


Answers = tuple[Answer, ...]
Known = dict[tuple[int, str], tuple[str, ...]]  # post_id of each known post, by school and level


def by_asked(answers: Iterable[Answer]) -> dict[Asked, dict[str, Answer]]:
    """Return the answers to each ask by party; each party answers an ask once."""
    grouped: dict[Asked, dict[str, Answer]] = {}
    for answer in answers:
        grouped.setdefault(answer.asked, {})[answer.party] = answer
    return grouped


def answers_to(asked: Asked, answers: dict[Asked, dict[str, Answer]]) -> dict[str, Answer]:
    """Return the answers that count for an ask: its own, and those for any leader where a party has given none."""
    general = answers.get(Asked(asked.urn, asked.level), {}) | answers.get(
        Asked(asked.urn, asked.level, None, asked.post_id), {}
    )
    return general | answers.get(asked, {})


def barring(answers: Iterable[Answer]) -> Answers:
    """Return the answers that keep a leader, or every leader, from a place."""
    return tuple(answer for answer in answers if answer.said in (*ENDED, CONFLICT))


def with_standing(answers: Answers, standing: Mapping[int, Answer]) -> Answers:
    """Return the answers, with what a body said for all posts of a school where it has not answered an ask itself.

    Only asks that the school or the leader has answered get one. ``standing``: by URN; refusals are left out, since
    they close the school's posts altogether.
    """
    made = [
        replace(standing[asked.urn], asked=asked)
        for asked, given in by_asked(answers).items()
        if {SCHOOL, LEADER} & set(given) and BODY not in given and asked.urn in standing
    ]
    return (*answers, *(answer for answer in made if answer.said not in ENDED))


def closed_by_bodies(standing: Mapping[int, Answer]) -> frozenset[int]:
    """Return the schools (URN) whose responsible body wants nobody there."""
    return frozenset(urn for urn, answer in standing.items() if answer.said in ENDED)


def holding(answers: Iterable[Answer], binding: tuple[str, ...] = ()) -> dict[Asked, Answers]:
    """Return the asks whose placement holds, each with the answers that say so.

    ``binding``: the states of a pair that hold, beside what the parties answered.
    """
    held = {}
    for asked, given in by_asked(answers).items():
        started = [given[party] for party in PARTIES if party in given and given[party].said == STARTED]
        decided = [given[DECISION]] if DECISION in given and given[DECISION].said in (AGREED, STARTED) else []
        stated = [given[PAIR]] if PAIR in given and given[PAIR].said in binding else []
        agreed = [given[party] for party in PARTIES if party in given and given[party].said == AGREED]
        why = (*started, *decided, *stated, *(agreed if len(agreed) == len(PARTIES) else ()))
        if asked.leader_id is not None and why:
            held[asked] = why
    return held


def certain(answers: Iterable[Answer], posts: pd.DataFrame) -> frozenset[tuple[str, str]]:
    """Return the pairs (leader_id, post_id) to which all have said yes; ``posts``: with urn, level and post_id."""
    held = holding(answers, AGREED_PAIRS)
    known = known_posts(posts["urn"], posts["level"], posts["post_id"]) if held else {}
    return frozenset((str(asked.leader_id), post) for asked in held for post in post_ids(asked, known))


def opening(answers: Iterable[Answer]) -> dict[Asked, Answers]:
    """Return the asks that make a post known and open, each with the answers that say so.

    School and body agreed, or planners decided so for any leader, or a placement there holds.
    """
    grouped = by_asked(answers)
    opened = holding(answers)
    for asked in grouped:
        given = answers_to(asked, grouped)
        agreed = tuple(given[party] for party in (SCHOOL, BODY) if party in given and given[party].said == AGREED)
        decided = given.get(DECISION) if asked.leader_id is None else None
        if decided is not None and decided.said == AGREED:
            opened[asked] = (decided,)
        elif len(agreed) == 2 and asked not in opened:
            opened[asked] = agreed
    return opened


def post_ids(asked: Asked, known: Known) -> tuple[str, ...]:
    """Return the posts that an ask is about: the one that it names, the known ones, or the prospect.

    Of an ask about every post of a school the known ones.
    """
    if asked.post_id is not None:
        return (asked.post_id,)
    if asked.level is None:
        return tuple(post for (urn, _), posts in known.items() if urn == asked.urn for post in posts)
    return known.get((asked.urn, asked.level)) or (prospect_id(asked.urn, asked.level),)


def known_posts(urns: Iterable[int], levels: Iterable[str], names: Iterable[str]) -> Known:
    """Return the posts by school and level, from the columns of their table."""
    known: dict[tuple[int, str], list[str]] = {}
    for urn, level, name in zip(urns, levels, names, strict=True):
        known.setdefault((int(urn), str(level)), []).append(str(name))
    return {place: tuple(posts) for place, posts in known.items()}
