"""What is said beside the errors of a scenario whose rules cannot hold together: what would make a plan possible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pilotage.cli.streams import say

if TYPE_CHECKING:
    from pilotage.config.overlay import Resolved
    from pilotage.pipeline import Say


@contextmanager
def with_repairs(resolved: Resolved, tell: Say, *, as_json: bool = False) -> Iterator[None]:
    """Add to the error of rules that cannot hold together, as a note, what may be changed; or print it as JSON too."""
    from pilotage.pipeline import NoPlanKeepsError

    try:
        yield
    except NoPlanKeepsError as error:
        from pilotage.config.leaf import places_of
        from pilotage.report.repair.words import repairs_json, repairs_words, ways_out
        from pilotage.study.repair.repairs import Broken, repairs

        found = repairs(Broken(resolved, error.case, error.forecast), tell)
        error.add_note("\n".join(repairs_words(found)))
        error.ways_out = tuple(ways_out(found, places_of(resolved.leaves)))
        if as_json:
            say(json.dumps(repairs_json(resolved.scenario.name, error.problems, found)))
        raise
