"""What is known of pairs and asks already: tables read, put together, and checked; and earlier plans.

Read ``domain.answers`` first, which says what an answer means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain import tables
from pilotage.domain.answers import CONFLICT, PAIR, Answers, with_standing
from pilotage.domain.inputs import ASKS, PAIRS, InputFile, Inputs, input_of
from pilotage.domain.known_schools import KnownSchools
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem
from pilotage.sources.pool import answer_checks
from pilotage.sources.pool.answer_merge import merged
from pilotage.sources.pool.answer_tables import Within, read_asks, read_pairs
from pilotage.sources.pool.settled.decisions import decided
from pilotage.sources.pool.settled.overdue import overdue_note


@dataclass(frozen=True)
class KnownAnswers:
    """The answers of all tables, the states of pairs (``tables.PAIRS``), what is wrong, the files, and notes.

    ``ended``: decisions that later ones replaced.
    """

    answers: Answers
    pairs: pd.DataFrame
    problems: list[Problem]
    inputs: Inputs
    notes: tuple[str, ...]
    ended: Answers = ()


def what_may_be_named(
    leaders: pd.DataFrame, posts: pd.DataFrame, panel: SchoolPanel, scope: NDArray[np.int64]
) -> Within:
    """Return what rows may name; ``scope``: URNs."""
    return Within(leaders, posts, panel, frozenset(scope.tolist()))


def known_answers(scenario: Scenario, within: Within, schools: KnownSchools) -> KnownAnswers:
    """Return what the scenario's tables of pairs and of asks say together, and bodies of whole ``schools``."""
    answers, problems, inputs = list[Answers](), list[Problem](), list[InputFile]()
    pool = scenario.pool
    for role, files, read in ((PAIRS, pool.files_of_pairs, read_pairs), (ASKS, pool.files_of_asks, read_asks)):
        for path in files:
            found, wrong = read(path, within)
            answers.append(found)
            problems += wrong
            inputs.append(input_of(path, role, key=f"pool.{role}"))
    together = merged(tuple(answer for table in answers for answer in table))
    decisions = decided(pool.files_of_decisions, within)
    settled = with_standing((*together.answers, *decisions.holding), schools.standing)
    problems += [*together.problems, *decisions.problems]
    sound = within.sound and not problems
    problems += answer_checks.problems(settled, scenario, within.posts, schools.standing) if sound else []
    late = overdue_note(decisions.holding, scenario.as_of)
    notes, ended = (*together.notes, *decisions.notes, *late), tuple(decisions.ended)
    return KnownAnswers(settled, _states(settled), problems, (*inputs, *decisions.files), notes, ended)


def _states(answers: Answers) -> pd.DataFrame:
    """Return the states of pairs, as the tables give them."""
    rows = [
        {
            "leader_id": answer.asked.leader_id,
            "post_id": answer.asked.post_id,
            "state": answer.said,
            "date": pd.Timestamp(answer.on) if answer.on is not None else None,
            "by": answer.by,
        }
        for answer in answers
        if answer.party == PAIR and answer.said != CONFLICT
    ]
    empty = pd.DataFrame(rows, columns=list(tables.PAIRS.columns))
    return tables.validated(tables.PAIRS, empty, "pairs") if rows else empty
