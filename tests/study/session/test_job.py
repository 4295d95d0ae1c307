"""Work beside the screen: what it says, what it ends in, and how it is cancelled."""

import threading
from collections.abc import Callable

import pytest

from pilotage.domain.progress import Progress
from pilotage.errors import Problem, UsageError
from pilotage.study.session.job import Cancelled, Job

Say = Callable[[str], None]


def test_work_that_ends_gives_its_result_and_cannot_be_cancelled_any_more() -> None:
    job = Job(lambda say: 7)
    assert job.wait(10)
    job.cancel()
    assert (job.done, job.cancelled, job.result) == (True, False, 7)


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def work(say: Say) -> int:
        raise UsageError(Problem("here", "wrong"))

    job = Job(work)
    assert job.wait(10)
    with pytest.raises(UsageError, match="wrong"):
        job.result  # noqa: B018


def test_cancelled_work_stops_at_the_next_thing_it_says_and_writes_nothing() -> None:
    goes_on, wrote = threading.Event(), list[str]()

    def work(say: Say) -> int:
        say(Progress("Training", 1, 4))
        goes_on.wait(10)
        say("Writing")
        wrote.append("half")
        return 1

    job = Job(work)
    while job.said == "Starting":
        pass
    assert job.share == 0.25
    assert not job.done
    job.cancel()
    assert job.done
    goes_on.set()
    assert job.wait(10)
    assert wrote == []
    with pytest.raises(Cancelled):
        job.result  # noqa: B018


def test_a_plain_message_has_no_share() -> None:
    job = Job(lambda say: say("Solving") or 1)
    assert job.wait(10)
    assert (job.said, job.share) == ("Solving", None)
