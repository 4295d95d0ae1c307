"""Work beside the screen: it says what it is doing, and stops at the next thing it says once it is cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from pilotage.domain.progress import Progress

Result = TypeVar("Result")
Say = Callable[[str], None]


class Cancelled(BaseException):
    """The planner cancelled the work; no error, so that nothing on the way takes it for one."""


class Job(Generic[Result]):
    """A piece of work in a thread of its own.

    Nothing is half written by one that is cancelled: folders appear whole or not at all. What computes without saying
    anything, such as a solver, goes on to its end, and its result is dropped.
    """

    def __init__(self, work: Callable[[Say], Result]) -> None:
        self._cancelled, self._ended = threading.Event(), threading.Event()
        self._result: Result | None = None
        self.said: str = "Starting"
        self.error: BaseException | None = None
        threading.Thread(target=self._do, args=(work,), daemon=True).start()

    @property
    def done(self) -> bool:
        """Return whether the work has ended, or is cancelled."""
        return self._ended.is_set() or self.cancelled

    @property
    def cancelled(self) -> bool:
        """Return whether it was cancelled before it had ended."""
        return self._cancelled.is_set()

    @property
    def share(self) -> float | None:
        """Return how much of the step that is being done is done, where that is known."""
        said = self.said
        return said.done / said.total if isinstance(said, Progress) and said.total else None

    @property
    def result(self) -> Result:
        """Return what came of the work; raises what it ended in.

        Raises
        ------
        Cancelled
            Where it was cancelled.
        """
        if self.cancelled:
            raise Cancelled
        if self.error is not None:
            raise self.error
        assert self._result is not None
        return self._result

    def cancel(self) -> None:
        """Stop at the next thing that the work says; nothing changes once it has ended."""
        if not self._ended.is_set():
            self._cancelled.set()

    def wait(self, seconds: float) -> bool:
        """Return whether the thread ended within some seconds."""
        return self._ended.wait(seconds)

    def _do(self, work: Callable[[Say], Result]) -> None:
        try:
            self._result = work(self._say)
        except BaseException as error:  # it is raised again where the result is asked for
            self.error = error
        finally:
            self._ended.set()

    def _say(self, message: str) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self.said = message
