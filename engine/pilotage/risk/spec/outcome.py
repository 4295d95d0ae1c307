"""Which outcomes a spec may be of: those of its kind in the table of outcomes."""

from __future__ import annotations

from pilotage.domain.outcomes import Kind, outcomes_of


def of_kind(kind: Kind, name: str) -> str:
    """Return the name of an outcome of a kind.

    Raises
    ------
    ValueError
        Where no outcome of the kind has the name.
    """
    names = [outcome.name for outcome in outcomes_of(kind)]
    if name not in names:
        raise ValueError(f"no {kind} outcome {name!r}; there are {', '.join(names)}")
    return name
