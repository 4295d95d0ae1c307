"""Progress in words."""

from pilotage.domain.progress import Progress, time_left


def test_progress_is_a_message_with_counts() -> None:
    message = Progress("half", 5, 10)
    assert (f"{message}", message.done, message.total) == ("half", 5, 10)
    assert time_left(10, 5, 10) == "about 10 seconds left"
    assert time_left(100, 1, 4) == "about 5.0 minutes left"
    assert time_left(6, 4, 5) == "about 2 seconds left"
    assert time_left(4, 4, 5) == time_left(1, 9, 10) == "a second left"
    assert time_left(3, 4, 4) == "done"
