"""Placements and asks of earlier plans, which a rule may hold a new plan to."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilotage.config.scenario import Scenario
from pilotage.domain.answers import Answers, Asked, barring, holding, known_posts, post_ids
from pilotage.domain.inputs import EARLIER_PLAN, InputFile, Inputs, input_of
from pilotage.domain.prospects import prospect_id
from pilotage.domain.tables import LEVELS
from pilotage.errors import Problem
from pilotage.sources.cells.grid import shown
from pilotage.sources.files.tables import WHOLE, WORD, numbered, read_text_table, typed, where_of
from pilotage.sources.pool.answer_tables import Within
from pilotage.sources.pool.table_checks import unknown_names

PLACED = ["leader_id", "post_id"]
ASKED = ["leader_id", "urn", "level"]
ASK_KINDS = {"urn": WHOLE, "level": WORD}
PLACE, SUPPORT = "place", "support"
PLAN_KINDS = {"intervention": WORD} | ASK_KINDS


@dataclass(frozen=True)
class EarlierPlans:
    """Pairs (leader_id, post_id) of earlier plans by the name of the rule that asks for them, problems and files."""

    pairs: dict[str, pd.DataFrame]
    problems: list[Problem]
    inputs: Inputs


@dataclass(frozen=True)
class _Settled:
    """What answers have settled: where nobody or not everybody may go, and the placements that hold.

    ``one_post``: whether a leader takes one post, so that a placement that holds ends all others of the leader.
    """

    barred: tuple[Asked, ...]
    held: tuple[Asked, ...]
    one_post: bool

    @classmethod
    def of(cls, answers: Answers, scenario: Scenario) -> _Settled:
        """Return what the answers to a scenario have settled."""
        barred = tuple(answer.asked for answer in barring(answers))
        held = tuple(holding(answers, scenario.pool.binding_states))
        return cls(barred, held, scenario.one_post)

    def ended(self, asked: Asked) -> bool:
        """Return whether a placement or an ask is over: refused, its leader elsewhere, or its post another's."""
        if any(held.leader_id == asked.leader_id and held.covers(asked) for held in self.held):
            return False
        refused = any(bar.covers(asked) for bar in self.barred)
        elsewhere = self.one_post and any(held.leader_id == asked.leader_id for held in self.held)
        return refused or elsewhere or any(_same_post(held, asked) for held in self.held)


def _same_post(held: Asked, asked: Asked) -> bool:
    """Return whether a placement that holds has the post of another; where one names no post, the school has one."""
    there = (held.urn, held.level) == (asked.urn, asked.level)
    return there and (held.post_id is None or asked.post_id is None or held.post_id == asked.post_id)


def earlier_plans(scenario: Scenario, within: Within, answers: Answers) -> EarlierPlans:
    """Return what each rule's earlier plan placed and, where the rule counts them, asked, as far as it may hold still.

    What an answer or a decision has ended does not count. Support of leaders in post is no placement; leaders and posts
    that are no longer in the tables are problems.
    """
    plans, problems, inputs = dict[str, pd.DataFrame](), list[Problem](), list[InputFile]()
    settled = _Settled.of(answers, scenario)
    for name, rule in scenario.rules.items():
        placed, asked, pairs = rule.plan_before(), rule.asks_before(), []
        if placed is not None:
            pairs.append(_placements(placed, (within, settled), problems))
            inputs.append(input_of(placed, EARLIER_PLAN, key=f"rules.{name}.earlier_plan"))
        if asked is not None:
            pairs.append(_asks(asked, (within, settled), problems))
            inputs.append(input_of(asked, EARLIER_PLAN, key=f"rules.{name}.earlier_asks"))
        if pairs:
            plans[name] = pd.concat(pairs, ignore_index=True).drop_duplicates(ignore_index=True)
    return EarlierPlans(plans, problems, tuple(inputs))


def _placements(path: Path, beside: tuple[Within, _Settled], problems: list[Problem]) -> pd.DataFrame:
    """Return the pairs that a placements.csv places and that no answer has ended; problems are added."""
    within, settled = beside
    text = read_text_table(path, ("placements",), (*PLACED, *PLAN_KINDS))
    where = where_of(text, path)
    table, wrong = typed(text, PLAN_KINDS, where)
    if not _has(table, PLACED, path, ("placements.csv", problems)):
        return pd.DataFrame(columns=PLACED, dtype=object)
    of_leaders = table["intervention"] != SUPPORT if "intervention" in table else slice(None)
    placed = table.loc[of_leaders]
    problems += [*wrong, *_odd_interventions(placed, where)]
    problems += unknown_names(placed, "leader_id", within.leaders, where)
    problems += unknown_names(placed[~_agreed_ask(placed)], "post_id", within.posts, where)
    known = within.posts.set_index("post_id")[["urn", "level"]] if within.sound else pd.DataFrame()
    over = [_given_up(row, known, settled) for row in placed.to_dict("records")]
    return placed.loc[~np.array(over, dtype=bool), PLACED].reset_index(drop=True)


def _given_up(row: dict[Hashable, Any], known: pd.DataFrame, settled: _Settled) -> bool:
    """Return whether an answer has ended an earlier placement; one at a post that is not known is left as it is."""
    post, leader = row["post_id"], row["leader_id"]
    if post in known.index:
        return settled.ended(Asked(int(known.loc[post, "urn"]), str(known.loc[post, "level"]), leader, post))
    urn, level = row.get("urn"), row.get("level")
    if urn is None or level is None or pd.isna(urn) or pd.isna(level):
        return False
    return post == prospect_id(int(urn), str(level)) and settled.ended(Asked(int(urn), str(level), leader))


def _odd_interventions(placed: pd.DataFrame, where: str) -> list[Problem]:
    """Return a problem for each row that says neither that a leader was placed nor that one in post was supported."""
    allowed = f"{PLACE!r} or {SUPPORT!r}, as a run writes them"
    return [
        Problem(f"{where}, row {row + 2}", f"intervention = {shown(word)}", allowed, "please correct this cell")
        for row, word in (numbered(placed, "intervention") if "intervention" in placed else ())
        if pd.notna(word) and word != PLACE
    ]


def _agreed_ask(placed: pd.DataFrame) -> pd.Series:
    """Return which placements went to a post that was asked for: its name is that of the ask."""
    if not {"urn", "level"} <= set(placed):
        return pd.Series(False, index=placed.index)
    asks = zip(placed["urn"], placed["level"], strict=True)
    names = [None if pd.isna(urn) else prospect_id(int(urn), level) for urn, level in asks]
    return placed["post_id"] == pd.Series(names, index=placed.index, dtype=object)


def _asks(path: Path, beside: tuple[Within, _Settled], problems: list[Problem]) -> pd.DataFrame:
    """Return the pairs that an asks.csv asks for and that no answer has ended; problems are added."""
    within, settled = beside
    text = read_text_table(path, ("asks",), ASKED)
    where = where_of(text, path)
    table, wrong = typed(text, ASK_KINDS, where)
    if not _has(table, ASKED, path, ("asks.csv", problems)):
        return pd.DataFrame(columns=PLACED, dtype=object)
    wrong += unknown_names(table, "leader_id", within.leaders, where)
    wrong += _odd_rows(table, within, where)
    problems += wrong
    named = (
        [] if wrong or not within.sound else list(zip(table["urn"], table["level"], table["leader_id"], strict=True))
    )
    asks = [Asked(int(urn), level, leader) for urn, level, leader in named]
    known = known_posts(*(within.posts[column] for column in ("urn", "level", "post_id")))
    rows = [(asked.leader_id, post_ids(asked, known)[0]) for asked in asks if not settled.ended(asked)]
    return pd.DataFrame(rows, columns=PLACED, dtype=object)


def _has(table: pd.DataFrame, columns: list[str], path: Path, told: tuple[str, list[Problem]]) -> bool:
    """Return whether a list of a run has the columns that are read; a problem is added for each that it lacks."""
    name, problems = told
    lacking = [column for column in columns if column not in table]
    allowed = f"columns {', '.join(columns)}, as {name} of a run has them"
    problems += [Problem(str(path), f"no column {column!r}", allowed, "name such a file") for column in lacking]
    return not lacking


def _odd_rows(table: pd.DataFrame, within: Within, where: str) -> list[Problem]:
    """Return a problem for each earlier ask without a school, a level or a leader that there is."""
    allowed = "leader_id, a URN of the schools' data, and a level"
    rows = table[["urn", "level", "leader_id"]].itertuples(name=None)
    odd = ((row, _odd_cells(urn, level, leader, within)) for row, urn, level, leader in rows)
    return [
        Problem(f"{where}, row {row + 2}", words, allowed, "name the asks.csv of a run") for row, words in odd if words
    ]


def _odd_cells(urn: Any, level: Any, leader: Any, within: Within) -> str:
    """Return the cells of an earlier ask that name no school, no level or no leader; empty where each does."""
    right = {"urn": urn in within.schools, "level": level in LEVELS, "leader_id": leader is not None}
    cells = {"urn": urn, "level": level, "leader_id": leader}
    return ", ".join(
        f"{name} = {'blank' if pd.isna(cells[name]) else cells[name]}" for name in cells if not right[name]
    )
