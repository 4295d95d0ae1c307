"""``null`` in a mapping by names removes an entry of what is extended; what is not there cannot be removed."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.config.leaf import Key, Leaves, names_below, removes
from pilotage.config.refusals.nearest import nearest
from pilotage.config.written.fault import short
from pilotage.errors import Problem


def refused_removals(base: Leaves, over: Leaves) -> Iterator[Problem]:
    """Yield a problem for each entry of ``over`` that removes what ``base`` does not have."""
    there = [key for key, leaf in base.items() if not removes(key, leaf)]
    removed = {key: leaf for key, leaf in over.items() if removes(key, leaf)}
    names = {above: names_below(there, above) for above in {key[:-1] for key in removed}}
    for key, leaf in removed.items():
        known = names[key[:-1]]
        if key[-1] not in known:
            yield _nothing_there(key, leaf.origin, known)


def without_removed(leaves: Leaves) -> Leaves:
    """Return the leaves without those that remove an entry."""
    return {key: leaf for key, leaf in leaves.items() if not removes(key, leaf)}


def _nothing_there(key: Key, origin: str, known: list[str]) -> Problem:
    above = ".".join(key[:-1])
    where = f"{origin}: {above}.{short(key[-1])}"
    allowed = f"one of {', '.join(known[:20])}" if known else f"nothing: there are no {key[-2]} to remove"
    do = nearest(key[-1], known) if known else "remove the line"
    return Problem(where, f"removes what is not there: no {key[-1]!r} in what it extends", allowed, do)
