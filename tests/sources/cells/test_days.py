"""Days as people and Excel write them: British, in words, as Excel's numbers; impossible and unclear ones refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotage.sources.cells.days import day_of
from pilotage.sources.cells.numbers import UnreadError

FORMS = (
    "{d:%Y-%m-%d}",
    "{d:%d/%m/%Y}",
    "{d.day}/{d.month}/{d.year}",
    "{d:%d.%m.%Y}",
    "{d:%Y/%m/%d}",
    "{d:%Y%m%d}",
    "{d.day} {d:%b} {d.year}",
    "{d.day} {d:%B} {d.year}",
    "{d:%B} {d.day}, {d.year}",
    "{d:%d-%b-%Y}",
    "{d:%Y-%m-%d} 00:00:00",
    "{d:%d/%m/%Y} 14:30",
)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_a_day_in_any_form_reads_the_same(day: date, form: str) -> None:
    assert day_of(form.format(d=day)).date() == day


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_excels_number_of_a_day_is_that_day(day: date) -> None:
    assert day_of(str((day - date(1899, 12, 30)).days)).date() == day


def test_days_in_words_may_have_an_ordinal() -> None:
    assert day_of("1st Sept 2016").date() == date(2016, 9, 1)
    assert day_of("42614").date() == date(2016, 9, 1)  # as Excel shows 1 September 2016 without a format


@pytest.mark.parametrize(
    "text",
    [
        *("31/06/2016", "2016-02-30", "2016-09-01garbage99", "soon", "September 2016", "2016", "01/09", "12", "99999"),
        *("1 Xyz 2016", "0000-01-01", "01/09/1066", "2016-9", "TRUE", "1,5", "#VALUE!"),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadError):
        day_of(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("09/13/2016", "the day comes before the month: write 2016-09-13 if that is meant"),
        ("31/06/2016", "there is no such day: correct it"),
        ("01/09/16", "write the year with four figures"),
        ("1-Sep-16", "write the year with four figures"),
    ],
)
def test_the_refusal_says_what_to_do(text: str, hint: str) -> None:
    with pytest.raises(UnreadError) as caught:
        day_of(text)
    assert caught.value.hint == hint
