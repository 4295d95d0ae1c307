"""What the rest of the code knows of a rule: its traits. Each module of a rule lists its own in ``RULES``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.explanation import Acts
from pilotage.domain.plan import Measure, Unit
from pilotage.errors import Problem
from pilotage.placement.candidates import Candidates
from pilotage.placement.context import Context
from pilotage.placement.rules.constraint import Constraint, RowName

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]  # positions of leaders and of posts

#: (row name, rule, candidates) -> the rule's constraints.
Rows = Callable[[RowName, Any, Candidates], Iterable[Constraint]]


@dataclass(frozen=True)
class Spans:
    """Leaders who take several posts or none, under the rule ``key``; each array of shape (leaders,).

    ``who``: which leaders; ``least`` and ``most``: the fewest and the most posts that each of them takes, if any.
    """

    key: str
    who: Bools
    least: Ints
    most: Ints


@dataclass(frozen=True)
class ClosesPosts:
    """A rule that closes posts whoever the leader is.

    Attributes
    ----------
    why
        (rule, context, table) -> the code of why each row of ``table`` is closed, empty text where it stays open. The
        rows are posts.
    comes_first
        Whether its reason is given where a post is also out of scope or opens too late.
    why_no_support
        The same of schools (urn) whose leader in post may be supported; None where the rule does not speak of support.
    needs_need
        Whether it can be asked only where need is known.
    """

    why: Callable[[Any, Context, pd.DataFrame], NDArray[np.object_]]
    comes_first: bool = False
    why_no_support: Callable[[Any, Context, pd.DataFrame], NDArray[np.object_]] | None = None
    needs_need: bool = False


@dataclass(frozen=True)
class MatchesKinds:
    """A rule that lets a leader into some kinds of post.

    Attributes
    ----------
    columns
        What it looks at of a post: posts with the same of these are one kind.
    lets
        (rule, leaders, post) -> which leaders it lets in, shape (leaders,).
    about_time
        Whether it is about when and not about whom: reasons of leaders ask for it after the distance.
    """

    columns: tuple[str, ...]
    lets: Callable[[Any, pd.DataFrame, pd.Series], pd.Series]
    about_time: bool = False


@dataclass(frozen=True)
class Reaches:
    """A rule on where leaders can go.

    Attributes
    ----------
    posts
        (rules of this kind, posts, leaders, which posts are asked for) -> leader by leader, the posts that all of these
        rules let the leader reach, ascending.
    limit_km
        (rules, leaders) -> how far each leader may travel, shape (leaders,).
    """

    posts: Callable[[list[Any], pd.DataFrame, pd.DataFrame, Bools], Iterator[Ints]]
    limit_km: Callable[[list[Any], pd.DataFrame], Floats]


@dataclass(frozen=True)
class Pruned:
    """Which pairs a rule leaves, shape (pairs,).

    ``why``: the code of posts that lose their last pair by it. ``closed``: posts that it closes by name, for
    ``why_closed``. ``held_back``: URNs of schools that it bars from support of their leader in post too.
    """

    left: Bools
    why: str
    closed: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    why_closed: str = ""
    held_back: Ints | None = None


@dataclass(frozen=True)
class PrunesPairs:
    """A rule that bars pairs by what all the pairs together are: teams, spans, lots.

    Attributes
    ----------
    stage
        Rules of a lower stage act first: lots are drawn from what all other rules leave.
    prune
        (key, rule, context, pairs) -> the pairs left.
    """

    stage: int
    prune: Callable[[str, Any, Context, Pairs], Pruned]


@dataclass(frozen=True)
class RuleTraits:
    """What a rule does.

    Attributes
    ----------
    models
        The models of its keys in ``config``; none for what holds whatever the scenario's rules are.
    acts
        Whether it counts over the plan's pairs, or bars pairs before anything is chosen.
    unit, measure
        What its constraints count, and how, as of a ``Row``; of a rule that bars, what it bars.
    rows
        Writes the constraints of a rule that counts.
    always
        Writes constraints that every plan has, from the scenario's settings.
    spans
        (key, rule, leaders, scenario) -> the leaders who take several posts or none under the rule.
    closes, matches, reaches, prunes
        How the rule bars pairs, if it does.
    about
        (leaders, scenario) -> the leaders whom the rule is about, shape (leaders,); None: all of them.
    faults
        (key, rule, context) -> what is wrong with the rule for these schools and leaders, said before pairs are made.
    """

    models: tuple[type[RuleModel], ...]
    acts: Acts
    unit: Unit
    measure: Measure = "number"
    rows: Rows | None = None
    always: Callable[[Candidates], Iterable[Constraint]] | None = None
    spans: Callable[[str, Any, pd.DataFrame, Scenario], Spans] | None = None
    closes: ClosesPosts | None = None
    matches: MatchesKinds | None = None
    reaches: Reaches | None = None
    prunes: PrunesPairs | None = None
    about: Callable[[pd.DataFrame, Scenario], Bools] | None = None
    faults: Callable[[str, Any, Context], Iterable[Problem]] | None = None

    @property
    def soft(self) -> bool:
        """Return whether the rule may be broken at a price."""
        return bool(self.models) and all(issubclass(model, Priced) for model in self.models)
