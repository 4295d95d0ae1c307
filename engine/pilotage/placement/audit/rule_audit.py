"""What the audit knows of a rule: which pairs satisfy it, how it is counted, which rows it asks for, and the rest.

Each module of ``rules`` says that of a rule in an object of this kind. What a rule has nothing to do with stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.part import Part
from pilotage.domain.findings.explanation import Check
from pilotage.placement.audit.case import AuditCase, Bools, Capacities, Ints
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated

R = TypeVar("R", bound=Part)
Reasons = NDArray[np.object_]  # what bars each pair, None where nothing does
PositionTest = Callable[[Ints, Ints], Bools]  # leaders and posts of pairs (positions in the tables) -> which are barred
GroupTest = Callable[[int, Ints], Reasons]  # a leader and posts -> what bars each pair because of other pairs


@dataclass(frozen=True)
class PairTable:
    """Pairs with the columns of their leader, post and school, and what rules on one pair ask of schools.

    Attributes
    ----------
    frame
        A row for each pair; columns as in ``case.pair_frame``.
    need
        Need by URN, null where unknown.
    exempt
        Schools (URNs) that may receive a leader whatever their need.
    phases
        Phase by URN.
    supported
        Who supports schools on the day of the plan, by URN, as the table of schools has it; of all others nothing.
    """

    frame: pd.DataFrame
    need: pd.Series
    exempt: frozenset[int]
    phases: pd.Series
    supported: pd.Series


@dataclass(frozen=True)
class SeveralPosts:
    """Leaders who take several posts at a time, the fewest and the most of each; shape (leaders,)."""

    leaders: Bools
    fewest: int
    most: Ints


@dataclass(frozen=True)
class Reach:
    """What a rule that bars pairs because of other pairs looks at.

    ``posts_of``: leader -> the posts that nothing before this rule bars, ascending.
    """

    case: AuditCase
    capacities: Capacities
    posts_of: Callable[[int], Ints]


@dataclass(frozen=True)
class Lots(Generic[R]):
    """Posts held back by lot.

    ``draw``: the posts drawn from those that could be filled (ascending positions), None where they are too few.
    ``stated``: the posts (post_id) that the plan says are held back.
    """

    draw: Callable[[R, AuditCase, Ints], Ints | None]
    stated: Callable[[AuditCase], tuple[str, ...]]


@dataclass(frozen=True)
class RuleAudit(Generic[R]):
    """What the audit knows of a rule of the scenario.

    Attributes
    ----------
    models
        The rule's models in ``config.rules``.
    satisfied
        Of a rule on one pair: which pairs satisfy it, shape (pairs,). Such a rule needs no ``recount``.
    for_support
        Whether ``satisfied`` also concerns pairs of support.
    by_position
        The same as ``satisfied`` for a hard rule, without a table of pairs: a quick test, made first.
    recount
        (name, rule, counted): how many units of the rule the placements miss.
    rows
        (name, rule, stated): the constraints that the rule asks for.
    group_test
        (name, rule, reach): what the rule bars because of other pairs, None where it bars nothing.
    order
        The place of ``group_test`` among those of other rules: lower first.
    lots
        Of a rule that holds posts back by lot.
    exempts
        The schools (URNs) that the rule makes eligible whatever their need.
    together
        (rule, leaders): who goes only together with other leaders, shape (leaders,).
    several_posts
        (rule, leaders, free): who takes several posts at a time; ``free``: leaders who may go alone.
    """

    models: tuple[type[R], ...]
    satisfied: Callable[[R, PairTable], pd.Series] | None = None
    for_support: bool = False
    by_position: Callable[[R, AuditCase], PositionTest] | None = None
    recount: Callable[[str, R, Counted], RuleCount] | None = None
    rows: Callable[[str, R, Stated], Iterator[Expected]] | None = None
    group_test: Callable[[str, R, Reach], GroupTest | None] | None = None
    order: int = 0
    lots: Lots[R] | None = None
    exempts: Callable[[R], Iterable[int]] | None = None
    together: Callable[[R, pd.DataFrame], Bools] | None = None
    several_posts: Callable[[R, pd.DataFrame, Bools], SeveralPosts] | None = None


@dataclass(frozen=True)
class StructureAudit:
    """What the audit knows of a rule that every plan keeps and no scenario names.

    Attributes
    ----------
    checks
        The checks of the plan's placements.
    rows
        The constraints that the rule asks for.
    order
        Where the checks stand: below 0 before those of single placements, above 0 after them.
    barred
        What bars a pair by itself, in words, and the test.
    most_posts
        (case, most): the most posts of each leader, with what the rule says of them; shape (leaders,).
    """

    checks: Callable[[Counted], Iterator[Check]]
    rows: Callable[[Stated], Iterator[Expected]]
    order: int
    barred: Callable[[AuditCase], tuple[str, PositionTest]] | None = None
    most_posts: Callable[[AuditCase, Ints], Ints] | None = None
