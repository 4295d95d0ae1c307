"""Progress: a message that also says how much of a long step is done."""

from __future__ import annotations

MINUTE = 60.0


class Progress(str):
    """A message, with how much is ``done`` of a ``total``; printed, it is the message alone."""

    done: int
    total: int

    def __new__(cls, message: str, done: int, total: int) -> Progress:
        """Return the message with its counts."""
        made = super().__new__(cls, message)
        made.done, made.total = done, total
        return made


def time_left(seconds: float, done: int, total: int) -> str:
    """Return how long the rest will take at the pace so far, in words."""
    if done >= total:
        return "done"
    left = seconds / max(done, 1) * (total - done)
    if left >= MINUTE:
        return f"about {left / MINUTE:.1f} minutes left"
    return f"about {left:.0f} seconds left" if round(left) > 1 else "a second left"
