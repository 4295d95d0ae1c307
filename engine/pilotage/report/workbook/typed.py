"""The cells of a list in which planners type: what was decided before, what a cell takes, and the key of its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from pilotage.case.record import RunRecord
from pilotage.domain.answers import ASKED, OF_PLANNERS, Answer, Asked, Known, known_posts
from pilotage.domain.decision_rows import DECIDE_BY, HEADINGS, MEANS, NOTE, OWNER, TICKED, TYPED
from pilotage.domain.support import SUPPORT
from pilotage.report.words import absent

WIDTHS = dict.fromkeys(TICKED, 11) | {OWNER: 12, NOTE: 24, DECIDE_BY: 11}
MEANINGS = {
    "asked": "To type in: yes, or the day on which it was asked. Blank = not asked yet.",
    "agreed": "To type in: yes, or the day of the yes of all who have a say. The next plan keeps the row.",
    "refused": "To type in: yes, or the day of the no. The next plan does not have it again.",
    OWNER: "To type in: who sees to it. It is kept for the next run.",
    NOTE: "To type in: anything worth keeping, in words. It is kept for the next run, and nothing acts on it.",
    DECIDE_BY: "To type in: the day by which it is to be decided. The next run says where that day has passed.",
}
SPARE_ROWS = 50  # below a list, for rows that planners add
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LONGEST = {OWNER: 120, NOTE: 2000}


@dataclass(frozen=True)
class Typing:
    """What planners noted before, to be found by what a row is about."""

    record: RunRecord

    @cached_property
    def answers(self) -> dict[Asked, Answer]:
        """Return the planners' own decisions."""
        return {each.asked: each for each in self.record.posts.answers if each.party in OF_PLANNERS}

    @cached_property
    def asked_on(self) -> dict[Asked, Answer]:
        """Return that something was asked before it was decided."""
        return {each.asked: each for each in self.record.posts.ended if each.said == ASKED}

    @cached_property
    def _posts(self) -> Known:
        posts = self.record.posts.posts
        return known_posts(posts["urn"], posts["level"], posts["post_id"])

    def cells(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the cells of the columns to type in as they were noted before, blank where they were not."""
        rows = [self._cells(asked) for asked in asked_in(frame)]
        return pd.DataFrame(rows, index=frame.index, columns=list(TYPED), dtype=object)

    def _cells(self, asked: Asked) -> dict[str, Any]:
        answer = self._answer(asked)
        if answer is None:
            return {}
        made: dict[str, Any] = {OWNER: answer.by, NOTE: answer.reason, DECIDE_BY: answer.decide_by}
        before = self.asked_on.get(answer.asked)
        ticks = [answer] if before is None else [before, answer]
        return made | {MEANS.get(each.said, each.said): each.on or "yes" for each in ticks}

    def _answer(self, asked: Asked) -> Answer | None:
        at_level = Asked(asked.urn, asked.level, asked.leader_id)
        there = self._posts.get((asked.urn, str(asked.level)), ())
        alone = Asked(asked.urn, asked.level, asked.leader_id, there[0]) if len(there) == 1 else at_level
        return self.answers.get(asked) or self.answers.get(at_level) or self.answers.get(alone)


def asked_in(frame: pd.DataFrame) -> Iterator[Asked]:
    """Yield what each row of a list is about; of a list of support, which names no level, the support."""
    if "level" not in frame:
        yield from (Asked(int(urn), SUPPORT) for urn in frame["urn"])
        return
    posts = frame["post_id"] if "post_id" in frame else [None] * len(frame)
    for urn, level, leader, post in zip(frame["urn"], frame["level"], frame["leader_id"], posts, strict=True):
        yield Asked(int(urn), str(level), None if absent(leader) else leader, None if absent(post) else post)


def expect(sheet: Any, position: int, name: str, rows: int) -> None:
    """Set what the cells of a column to type in take; other things are refused with a sentence."""
    last, heading = rows + SPARE_ROWS, HEADINGS[name]
    rule: dict[str, Any] = {"input_title": heading, "error_title": heading, "ignore_blank": True}
    if name in TICKED:
        cell = f"{xl_col_to_name(position)}2"
        words = "".join(f',LOWER(TRIM({cell}))="{word}"' for word in ("yes", "x", "no"))
        rule |= {"validate": "custom", "value": f"=OR(ISNUMBER({cell}){words})"}
        rule |= {"input_message": "yes, or the day, as 22/04/2016. Blank = no."}
        rule |= {"error_message": "Please correct this cell: type yes, or a day as 22/04/2016, or empty it."}
    elif name == DECIDE_BY:
        rule |= {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        rule |= {"input_message": "The day by which it is to be decided, as 22/04/2016."}
        rule |= {"error_message": "Please correct this cell: type a day as 22/04/2016, or empty it."}
    else:
        most = LONGEST[name]
        rule |= {"validate": "length", "criteria": "<=", "value": most, "input_message": MEANINGS[name][9:]}
        rule |= {"error_message": f"Please shorten this cell: it takes at most {most:,} characters."}
    sheet.data_validation(1, position, last, position, rule)
