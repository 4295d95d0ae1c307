"""The two lists: every school in scope ranked, and who goes where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.record import RunRecord
from pilotage.domain import deprivation
from pilotage.domain.bars import Bar
from pilotage.domain.findings.sharing import Sharing
from pilotage.domain.need import APART, GAP, LEADERSHIP, need_of, need_ranks, rates_compared
from pilotage.domain.outcomes import WIDENING
from pilotage.domain.small_cohorts import too_small_to_say
from pilotage.domain.stuck import stuck_by_dfe
from pilotage.report.columns import PLACEMENT_COLUMNS, RANKED_COLUMNS
from pilotage.report.lists.ask_next import ask_ranks
from pilotage.report.lists.counted import counted_pairs
from pilotage.report.lists.judgements import judgements
from pilotage.report.lists.known_schools import school_marks
from pilotage.report.lists.next_offers import after_a_no
from pilotage.report.lists.notice import decide_by_days, placement_marks
from pilotage.report.lists.placement_reasons import placement_reasons, reasons_by_school
from pilotage.report.lists.printed_chances import printed
from pilotage.report.run.rule_words import barred_words
from pilotage.report.words import STUCK_BY_DFE, number, share_counted, text_of

SCHOOL_COLUMNS = ["name", "area", "authority", "region", "trust", "phase", "pupils", "marks"]
AVERAGE = {  # what a mark says of a part of need that is not known of the school
    LEADERSHIP: "leadership counts in need as the phase's average",
    GAP: "the gap counts in need as the phase's average",
}
TOO_SMALL = "too small to say (gap)"  # the mark of a primary school with few disadvantaged pupils
WORTH = {"benefit": "sum", "benefit_low": "sum", "benefit_high": "sum", "pupils": "max"}  # over a school's placements


def ranked_schools(record: RunRecord) -> pd.DataFrame:
    """Return every school in scope, one row, ranked.

    Sorted by the keys of ``report.rank_by``, highest first, unknown last; the last tie is broken by URN, ascending.
    Special schools and pupil referral units come after all others (``apart``): they have no gap to be compared by.

    The benefit of a school that the plan serves is the sum over its placements (intervals likewise, the cautious
    reading); that of any other school is its best eligible pair's, and null without one. Pupils reached are those of
    the placement that reaches most: several leaders of a school reach the same pupils. ``status``:

    - ``placed``: the plan sends a leader there;
    - ``supported``: it sends nobody, and supports the leader in post;
    - ``asked``: it does neither, and asks the school about a post that may come open;
    - ``unknown``: neither, and its need could not be forecast;
    - ``ineligible``: no eligible pair, the reason is in ``marks`` (no post open, or why nobody may take it);
    - ``reserve``: among the rest, the next in ranked order whose best pair is worth more than zero, as many as there
      are placements: whom to call next, not a promise that the rules allow it;
    - ``not_chosen``: every other school.
    """
    frame = forecasts_of(record).join(_worth(record), on="urn").join(_asked(record), on="urn")
    frame = _sorted(frame, record.scenario.report.rank_by)
    status = _statuses(frame, record)
    barred = frame["urn"].map(_why_ineligible(record)).where(status == "ineligible")
    why_placed = reasons_by_school(record)
    made: dict[str, Any] = {
        **ranks_by_need(frame),
        "band": frame["urn"].map(record.need_bands),
        "pupils_reached": frame["pupils_reached"].round().astype("Int64"),
        "placement_reason": [why_placed.get(urn, "") for urn in frame["urn"]],
    }
    marks = marks_of(record, frame)
    frame["marks"] = [_joined(_not_eligible(why), mark) for why, mark in zip(barred, marks, strict=True)]
    numbered = frame.assign(status=status, reasons=frame["reasons"].map(text_of), **made)
    return printed(record, numbered.assign(rank=np.arange(1, len(frame) + 1))[list(RANKED_COLUMNS)])


def ranks_by_need(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the rank of each school by need, over all schools and within its phase."""
    over_all, within = need_ranks(frame["need"], frame["phase"])
    return {"need_rank": over_all, "need_rank_in_phase": within}


def _joined(*texts: str) -> str:
    return "; ".join(text for text in texts if text)


def marks_of(record: RunRecord, frame: pd.DataFrame) -> list[str]:
    """Return the marks of each school that the leaders and posts have no part in, and what planners know of it."""
    known = school_marks(record, frame["urn"])
    rows = zip(frame["marks"], *_marks(record, frame), known, strict=True)
    return [_joined(text_of(mark), *more) for mark, *more in rows]


def _marks(record: RunRecord, frame: pd.DataFrame) -> list[NDArray[np.str_]]:
    """Return the marks of each school: stuck, too small, which part of need is its phase's average."""
    made = need_of(
        frame, frame["phase"], record.scenario.outcomes, rates_compared(record.forecast, record.scenario.outcomes)
    )
    asked = WIDENING.name in record.scenario.outcomes
    small = frame["urn"].isin(too_small_to_say(record.panel)) & frame[WIDENING.risk].isna() & asked
    parts = [np.where(made.average[name], AVERAGE[name], "") for name in AVERAGE]
    stuck = frame["urn"].isin(stuck_by_dfe(record.panel))
    return [np.where(stuck, STUCK_BY_DFE, ""), np.where(small, TOO_SMALL, ""), *parts]


def _not_eligible(reason: object) -> str:
    words = text_of(reason)
    return f"not eligible: {words}" if words else ""


def forecasts_of(record: RunRecord) -> pd.DataFrame:
    """Return the forecast of each school in scope with what the school is; a school without a forecast stays."""
    scope = pd.DataFrame({"urn": record.urns})
    schools = record.panel.schools.set_index("urn")[SCHOOL_COLUMNS]
    frame = scope.merge(record.forecast.table, on="urn", how="left").join(schools, on="urn")
    disadvantaged = frame["urn"].map(deprivation.pupils(record.panel)).round().astype("Int64")
    frame = frame.assign(pupils=frame["pupils"].round().astype("Int64"), disadvantaged_pupils=disadvantaged)
    return frame.join(judgements(record), on="urn")


def _worth(record: RunRecord) -> pd.DataFrame:
    """Return benefit, interval and pupils reached by URN: the plan's where it serves the school, else its best one's.

    The index is the URN; columns as in the list.
    """
    urn = record.problem.urns[record.problem.post]
    worth = record.impact.pairs[list(WORTH)].assign(urn=urn)
    chosen = counted_pairs(record)[list(WORTH)].assign(urn=urn[record.plan.chosen]).groupby("urn").agg(WORTH)
    best = worth.iloc[_first_of_each(urn, worth["benefit"].to_numpy(dtype=float))].set_index("urn")
    whole = pd.concat([chosen, best[~best.index.isin(chosen.index)]])
    return whole.rename(columns={"pupils": "pupils_reached"})


def _asked(record: RunRecord) -> pd.DataFrame:
    """Return the rank and the value of asking each school by URN: of its best level."""
    ranked = ask_ranks(record)
    rows = [(v.urn, rank, v.value) for v, rank in zip(record.ask_values, ranked, strict=True) if v.value is not None]
    frame = pd.DataFrame(rows, columns=["urn", "ask_rank", "value_if_asked"]).drop_duplicates("urn")
    typed = frame.astype({"urn": "int64", "ask_rank": "Int64", "value_if_asked": float})
    return typed.set_index("urn")


def _first_of_each(urn: NDArray[np.int64], benefit: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the position of each school's best pair; the earlier pair wins a tie."""
    order: NDArray[np.int64] = np.lexsort((-benefit, urn))
    first = np.ones(len(order), dtype=bool)
    first[1:] = urn[order][1:] != urn[order][:-1]
    return order[first]


def _sorted(frame: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    ascending = [True] + [False] * len(keys) + [True]
    ordered = frame.assign(apart=apart(frame)).sort_values(
        ["apart", *keys, "urn"], ascending=ascending, na_position="last", ignore_index=True
    )
    return ordered.drop(columns="apart")


def apart(ranked: pd.DataFrame) -> pd.Series:
    """Return which schools of a list have a list of their own: special schools and pupil referral units."""
    return ranked["phase"].isin(APART)


def served_urns(record: RunRecord, intervention: str = "place") -> NDArray[np.int64]:
    """Return the URN of each placement, or of each support of a leader in post, in the order of the chosen pairs."""
    post = record.problem.post[record.plan.chosen]
    urns: NDArray[np.int64] = record.problem.urns[post[interventions(record) == intervention]]
    return urns


def interventions(record: RunRecord, chosen: NDArray[np.int64] | None = None) -> NDArray[np.object_]:
    """Return what each chosen pair is: ``place``, ``ask`` or ``support``; ``chosen`` are those of another plan."""
    pairs = record.plan.chosen if chosen is None else chosen
    placed = np.where(record.impact.asks(pairs), "ask", "place")
    return np.where(record.impact.supports(pairs), "support", placed).astype(object)


def _statuses(frame: pd.DataFrame, record: RunRecord) -> pd.Series:
    """Return each school's status; ``frame`` is in ranked order."""
    placed = frame["urn"].isin(served_urns(record))
    supported = ~placed & frame["urn"].isin(served_urns(record, "support"))
    asked = ~placed & ~supported & frame["urn"].isin(served_urns(record, "ask"))
    served = placed | supported | asked
    unknown = ~served & frame["need"].isna()
    ineligible = ~served & ~unknown & frame["benefit"].isna()
    worthy = ~served & ~unknown & (frame["benefit"] > 0)
    reserve = worthy & (worthy.cumsum() <= len(record.plan.chosen) - int(record.impact.asks(record.plan.chosen).sum()))
    tests = {
        "placed": placed,
        "supported": supported,
        "asked": asked,
        "unknown": unknown,
        "ineligible": ineligible,
        "reserve": reserve,
    }
    named = np.select([test.to_numpy(dtype=bool) for test in tests.values()], list(tests), "not_chosen")
    return pd.Series(named, index=frame.index)


def _why_ineligible(record: RunRecord) -> pd.Series:
    """Return, by URN in scope, why nobody may take its posts; a school without a post says so."""
    barred = record.impact.ineligible
    urn = record.problem.urns[barred["post_index"].to_numpy(dtype=np.int64)]
    nearest = barred.assign(urn=urn).groupby(["urn", "reason"], as_index=False)["nearest_km"].min()
    figures = zip(nearest["reason"].astype(str), nearest["nearest_km"].tolist(), strict=True)
    reasons = nearest.assign(reason=[_barred_in_scope(reason) + _how_far(km) for reason, km in figures])
    by_school: pd.Series = reasons.sort_values(["urn", "reason"]).groupby("urn")["reason"].agg(", ".join)
    has_post = pd.Series(np.isin(record.urns, record.problem.urns), index=record.urns)
    return by_school.reindex(record.urns).where(has_post, "no post open")


def _barred_in_scope(reason: str) -> str:
    """Return why nobody may take a post of a school in scope, which is not open only if its pupils are unknown."""
    return "its disadvantaged pupils are not known" if reason == Bar.OUT_OF_SCOPE else barred_words(reason)


def _how_far(km: float) -> str:
    return "" if np.isnan(km) else f" (the nearest lives {number(km)} km away)"


def placements(
    record: RunRecord, chosen: NDArray[np.int64] | None = None, sharing: Sharing | None = None
) -> pd.DataFrame:
    """Return one row per placement and per support, highest benefit first, then URN and leader; no ``firmness`` yet.

    What the plan asks for is no placement: ``lists.asks`` has it. ``only`` tells placements from support.

    ``chosen``, ``sharing``: pairs of another plan than the record's, whose reserves are not known, and what they lose
    to other leaders of their school.
    """
    problem = record.problem
    pairs = counted_pairs(record, chosen, sharing)
    parts = record.sharing if sharing is None else sharing
    chosen = record.plan.chosen if chosen is None else chosen
    kept = ~record.impact.asks(chosen)
    pairs, chosen = pairs[kept].reset_index(drop=True), chosen[kept]
    leader, post = problem.leader[chosen], problem.post[chosen]
    named = pairs.rename(columns={"benefit_low": "low", "benefit_high": "high", "pupils": "pupils_reached"}).assign(
        leader_id=[problem.leader_ids[position] for position in leader],
        post_id=[problem.post_ids[position] for position in post],
        urn=problem.urns[post],
        level=_levels(record, post),
        intervention=interventions(record, chosen),
        starts_on=starting_days(record, leader, post),
        firmness=np.nan,
        **after_a_no(record, chosen),
        shared_pupils=pd.Series(_shared_words(pairs, chosen, parts), dtype=object),
        placement_reason=pd.Series(placement_reasons(record, chosen), dtype=object),
    )
    named = named.assign(
        pupils_reached=named["pupils_reached"].round().astype("Int64"),
        decide_by=pd.Series(decide_by_days(record, named["leader_id"], named["starts_on"]), dtype=object),
    )
    named = named.assign(marks=placement_marks(record, named))
    keys = ["benefit", "urn", "leader_id"]
    return named.sort_values(keys, ascending=[False, True, True], ignore_index=True)[list(PLACEMENT_COLUMNS)]


def only(placed: pd.DataFrame, intervention: str) -> pd.DataFrame:
    """Return the rows of one intervention: ``place``, or ``support`` of the leader in post."""
    return placed[placed["intervention"] == intervention].reset_index(drop=True)


def _shared_words(pairs: pd.DataFrame, chosen: NDArray[np.int64], parts: Sharing) -> list[str]:
    """Return what each placement counts of what it would add alone; empty where it counts all."""
    figures = zip(chosen.tolist(), pairs["benefit"], pairs["alone"], strict=True)
    return [
        f"{share_counted(own, alone)}: the school's pupils are shared with {', '.join(parts[pair].beside)}"
        if pair in parts
        else ""
        for pair, own, alone in figures
    ]


def starting_days(record: RunRecord, leader: NDArray[np.int32], post: NDArray[np.int32]) -> list[str]:
    """Return the day on which each placement (the post is open and the leader is free) or support starts."""
    offer, placed = record.impact.support, post < len(record.posts.posts)
    starts = np.full(len(post), None if offer is None else offer.starts_on, dtype="datetime64[ns]")
    opens = record.posts.posts["opens_on"].to_numpy()[post[placed]]
    free = record.pool.leaders["available_from"].to_numpy()[leader[placed]]
    starts[placed] = np.maximum(opens, free)
    return [str(day)[:10] for day in starts]


def _levels(record: RunRecord, post: NDArray[np.int32]) -> NDArray[np.object_]:
    """Return the level of each placement's post; it is the head who is supported."""
    levels = record.posts.posts["level"].to_numpy(dtype=object)
    return np.concatenate([levels, np.full(max(0, int(post.max(initial=-1)) + 1 - len(levels)), "head")])[post]


def with_schools(frame: pd.DataFrame, record: RunRecord) -> pd.DataFrame:
    """Return the placements with each school's name, authority, region and phase."""
    return frame.join(record.panel.schools.set_index("urn")[["name", "authority", "region", "phase"]], on="urn")
