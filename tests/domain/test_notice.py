"""The last day for notice, by hand, as the conditions of service say."""

from datetime import date

import pytest

from pilotage.domain.notice import decide_by

DAYS = [
    # heads: 30 April for September, 30 September for January, 31 January for the summer term
    ("head", "2016-09-01", "2016-04-30"),
    ("executive", "2017-01-01", "2016-09-30"),
    ("head", "2017-01-04", "2016-09-30"),
    ("head", "2017-04-20", "2017-01-31"),
    ("head", "2017-05-01", "2017-01-31"),
    # everybody else: 31 May, 31 October, 28 February
    ("senior", "2016-09-01", "2016-05-31"),
    ("middle", "2017-01-04", "2016-10-31"),
    ("middle", "2017-04-20", "2017-02-28"),
    # within a term: whoever starts then has left at the end of the term before
    ("head", "2016-11-15", "2016-04-30"),
    ("head", "2017-03-31", "2016-09-30"),
    ("senior", "2017-08-31", "2017-02-28"),
]


@pytest.mark.parametrize(("level", "starts_on", "last_day"), DAYS)
def test_the_last_day_to_give_notice(level: str, starts_on: str, last_day: str) -> None:
    assert decide_by(level, date.fromisoformat(starts_on)).isoformat() == last_day
