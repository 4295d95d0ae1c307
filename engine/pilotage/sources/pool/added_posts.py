"""Posts that a scenario adds to its own (``pool.added_posts``): the same columns, the same checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.inputs import POSTS, Inputs, input_of
from pilotage.errors import Problem
from pilotage.sources.cells.grid import shown
from pilotage.sources.pool import headships
from pilotage.sources.pool.table_checks import Given

KEY = "pool.added_posts"


def with_added(posts: Given, paths: Sequence[Path], read: Callable[[Path], Given], as_of: date) -> Given:
    """Return a table of posts with those of further files below it, and all that is wrong with any of them.

    ``read``: reads one file of posts. ``as_of``: the day of the plan, from which its years are counted.
    """
    if not paths:
        return posts
    every = [posts, *(read(path) for path in paths)]
    problems = [problem for given in every for problem in given.problems]
    if problems:
        return Given(posts.frame, problems, posts.notes)
    frame = pd.concat([given.frame for given in every], ignore_index=True)
    places = [place for given in every for place in _places(given)]
    problems = list(_there_already(every)) or list(headships.problems(frame, places, as_of))
    together = frame.drop_duplicates("post_id")
    notes = tuple(note for given in every for note in given.notes)
    return Given(tables.validated(tables.POSTS, together, "the posts"), problems, notes)


def _places(given: Given) -> tuple[tuple[str, int], ...]:
    """Return where each row of a table of posts stands; invented ones are numbered."""
    return given.places or tuple(("the invented posts", row) for row in range(1, len(given.frame) + 1))


def _there_already(tables_of_posts: Sequence[Given]) -> Iterator[Problem]:
    """Yield a problem for each post that an earlier table has already."""
    first: dict[str, str] = {}
    for given in tables_of_posts:
        places = (f"{where}, row {row}" for where, row in _places(given))
        own = dict(zip(given.frame["post_id"].tolist(), places, strict=True))
        for post, place in own.items():
            if post in first:
                what = f"post_id = {shown(post)} is there already ({first[post]})"
                do = "remove the row, or give the post an id of its own"
                yield Problem(place, what, "posts that the scenario does not have", do)
        first |= {post: place for post, place in own.items() if post not in first}


def added_ids(own: Given, together: Given) -> tuple[str, ...]:
    """Return the names of the posts that a table has beyond the scenario's own, in order; none where it is unsound."""
    if together is own or together.problems:
        return ()
    there = set(own.frame["post_id"])
    return tuple(sorted(post for post in together.frame["post_id"].tolist() if post not in there))


def inputs_of(paths: Sequence[Path]) -> Inputs:
    """Return the files of added posts as inputs."""
    return tuple(input_of(path, POSTS, key=KEY) for path in paths)
