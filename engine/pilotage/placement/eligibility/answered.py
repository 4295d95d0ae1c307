"""What was answered to asks, made into known posts, pins and bans; ``domain.answers`` says what an answer means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.case.case import Case
from pilotage.config.scenario import Ban, ConflictBan, Pin
from pilotage.domain.answers import (
    SUPPORTING,
    Answer,
    Answers,
    Asked,
    Known,
    barring,
    holding,
    known_posts,
    opening,
    post_ids,
)
from pilotage.domain.prospects import OPENS_BY, prospect_id, with_last_days
from pilotage.domain.support import support_id
from pilotage.placement.eligibility.known_pairs import AnsweredBan, AnsweredPin
from pilotage.placement.prospects import last_opening_day, opening_day


def with_opened_posts(case: Case) -> Case:
    """Return the case with each post that school and body agreed to among its known posts, with consent.

    A post that the table does not have gets the name of its ask, and opens when prospects may.
    """
    opened = opening(case.posts.answers)
    if not opened:
        return case
    posts, known = case.posts.posts, _known(case.posts.posts)
    agreed = {name for asked in opened for name in post_ids(asked, known)}
    places = {(asked.urn, asked.level) for asked in opened if asked.post_id is None and asked.level is not None}
    new = sorted(places - set(known))
    posts = with_last_days(posts) if new else posts
    consent = posts["consent"].where(~posts["post_id"].isin(agreed), "yes")
    made = _made(case, new).reindex(columns=list(posts.columns)).astype(posts.dtypes.to_dict())
    both = pd.concat([posts.assign(consent=consent), made], ignore_index=True)
    return replace(case, posts=replace(case.posts, posts=both.sort_values(["urn", "post_id"], ignore_index=True)))


def with_answers(case: Case) -> Case:
    """Return the case with a pin for each placement that answers hold, and a ban for each that they refuse.

    Each is named after its place in the table, as ``answer in asks.csv, row 3 (head at school 900123 for L1)``. What
    the scenario pins already is not pinned again.
    """
    scenario, known = case.scenario, _known(case.posts.posts)
    there = {(pin.leader_id, pin.post_id) for pin in scenario.pins.values()}
    held = [(asked, why, post_ids(asked, known)[0]) for asked, why in holding(case.posts.answers).items()]
    made = {(asked.leader_id, post): (asked, why) for asked, why, post in held}
    pins = {_name(why[0]): _pin(asked, why, pair[1]) for pair, (asked, why) in made.items() if pair not in there}
    names = set(case.posts.posts["post_id"])
    names |= {support_id(answer.asked.urn) for answer in case.posts.answers if answer.party == SUPPORTING}
    barred = list(_bans(barring(case.posts.answers), known))
    bans = {name: ban for name, ban in barred if ban.post_id is None or ban.post_id in names}
    answered = scenario.model_copy(update={"pins": scenario.pins | pins, "bans": scenario.bans | bans})
    return replace(case, scenario=answered)


def _known(posts: pd.DataFrame) -> Known:
    return known_posts(posts["urn"], posts["level"], posts["post_id"])


def _made(case: Case, places: list[tuple[int, str]]) -> pd.DataFrame:
    """Return a row for each post that is known only because it was agreed to."""
    return pd.DataFrame(
        {
            "post_id": [prospect_id(urn, level) for urn, level in places],
            "urn": np.array([urn for urn, _ in places], dtype=np.int64),
            "level": [level for _, level in places],
            "opens_on": opening_day(case.scenario.as_of),
            OPENS_BY: last_opening_day(case.scenario.as_of),
            "consent": "yes",
            "created": False,
        }
    )


def _name(answer: Answer) -> str:
    return f"answer in {answer.place} ({answer.asked.words})"


def _author(answer: Answer) -> str:
    return answer.place if answer.by is None else answer.by


def _pin(asked: Asked, why: Answers, post: str) -> Pin:
    reason = ", ".join(answer.words for answer in why)
    record = {"leader_id": asked.leader_id, "post_id": post, "reason": reason, "author": _author(why[0])}
    return AnsweredPin.model_validate(record | {"answered_in": why[0].where})


def _bans(answers: Answers, known: Known) -> Iterator[tuple[str, Ban]]:
    """Yield a ban, with its name, for each post that an answer keeps one leader or every leader from, or support."""
    for answer in answers:
        if answer.asked.level is None:  # a conflict of interest is with the school, whatever the post
            whole = {"leader_id": answer.asked.leader_id, "urn": answer.asked.urn, "reason": answer.words}
            yield _name(answer), ConflictBan.model_validate(whole | {"author": _author(answer)})
            continue
        whose = post_ids(answer.asked, known)
        posts = (support_id(answer.asked.urn),) if answer.party == SUPPORTING else whose
        for number, post in enumerate(posts):
            name = _name(answer) if number == 0 else f"{_name(answer)}: {post}"
            record = {"leader_id": answer.asked.leader_id, "post_id": post, "reason": answer.words}
            yield name, AnsweredBan.model_validate(record | {"author": _author(answer), "answered_in": answer.where})
