"""As few groups as can be, without which a plan exists: each is a way to repair a scenario.

By implicit hitting sets, the other way round than in ``conflict``: whatever is let go has a member in common with every
conflict. A hitting set of the conflicts known, as small as can be, lets a plan exist, or shows one more conflict.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from pilotage.placement.analysis.infeasible.conflict import irreducible
from pilotage.placement.analysis.infeasible.feasibility import Feasibility, OutOfTimeError
from pilotage.placement.analysis.infeasible.hitting import smallest_hitting_set

Groups = frozenset[int]


def smallest_corrections(feasibility: Feasibility, loose: Groups) -> Iterator[Groups]:
    """Yield every set of as few groups as can be, all of them ``loose``, without which some plan keeps the rest.

    Raises
    ------
    OutOfTimeError
        Once time is up.
    """
    conflicts, found = list[Groups](), list[Groups]()
    while True:
        left = feasibility.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        hitting = smallest_hitting_set(conflicts, feasibility.seed, found, left)
        if hitting is None or (found and len(hitting) > len(found[0])):
            return
        core = feasibility.core(feasibility.every - hitting)
        if core is None:
            found.append(hitting)
            yield hitting
            if not hitting:
                return
            continue
        conflict = irreducible(feasibility, core) & loose
        if not conflict:
            return
        conflicts.append(conflict)
