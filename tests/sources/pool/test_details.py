"""Owner, note and day of one thing, from several tables."""

from datetime import date
from pathlib import Path

from pilotage.domain.answers import AGREED, ASKED, DECISION, NOTED, REFUSED, STARTED, Answer, Asked
from pilotage.sources.pool.settled.details import with_details


def _answer(said: str, by: str | None = None, reason: str | None = None, until: date | None = None) -> Answer:
    asked = Asked(1, "head", "L1")
    return Answer(asked, DECISION, said, None, by, None, Path("d.csv"), 2, reason=reason, decide_by=until)


def _told(answer: Answer) -> tuple[str | None, str | None, date | None]:
    return answer.by, answer.reason, answer.decide_by


def test_what_is_left_blank_stays() -> None:
    before = _answer(NOTED, "Kim", "call", date(2016, 5, 1))
    assert _told(with_details(_answer(AGREED), before, [_answer(AGREED)])) == ("Kim", "call", date(2016, 5, 1))


def test_what_one_changed_replaces_and_what_several_changed_stands_side_by_side() -> None:
    before = _answer(NOTED, "Kim", "call", date(2016, 5, 1))
    one = [_answer(NOTED, "Kim", "called", date(2016, 6, 1)), _answer(NOTED, "Kim", "call", date(2016, 5, 1))]
    assert _told(with_details(before, before, one)) == ("Kim", "called", date(2016, 6, 1))
    two = [*one, _answer(ASKED, "Lee", "wrote", date(2016, 5, 20)), _answer(ASKED, "Lee", "called")]
    assert _told(with_details(before, before, two)) == ("Lee", "called; wrote", date(2016, 5, 20))


def test_reasons_of_another_decision_do_not_count() -> None:
    before = _answer(AGREED, "chair", "governors said yes")
    refused = _answer(REFUSED, "Kim", "took another job")
    assert _told(with_details(refused, before, [refused, before])) == ("Kim", "took another job", None)
    started = _answer(STARTED)
    assert with_details(started, before, []).reason == "governors said yes"
