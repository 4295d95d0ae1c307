"""Words that a column allows: as they are, by a synonym, or refused with the nearest."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotage.domain.tables import CONSENTS, LEVELS, PAIR_STATES, PHASES
from pilotage.sources.cells.choices import one_of, plain_words, several_of, synonyms
from pilotage.sources.cells.kinds import YES_NO
from pilotage.sources.cells.numbers import UnreadError

REGIONS = ("East Midlands", "East of England", "London", "North West", "South East", "Yorkshire and the Humber")
SUBJECTS = {"level": LEVELS, "consent": CONSENTS, "phases": PHASES, "state": PAIR_STATES, "yes_no": ("yes", "no")}


@pytest.mark.parametrize(
    ("text", "subject", "allowed", "word"),
    [
        ("deputy head", "level", LEVELS, "senior"),
        ("Head-Teacher", "level", LEVELS, "head"),
        ("HEAD", "level", LEVELS, "head"),
        ("Y", "consent", CONSENTS, "yes"),
        ("TRUE", "consent", CONSENTS, "yes"),
        ("Not known", "consent", CONSENTS, "unknown"),
        ("NW", "region", REGIONS, "North West"),
        ("north-west", "region", REGIONS, "North West"),
        ("Yorkshire & Humber", "region", REGIONS, "Yorkshire and the Humber"),
        ("All-through", "phases", PHASES, "all_through"),
    ],
)
def test_a_word_or_its_synonym_is_read(text: str, subject: str, allowed: tuple[str, ...], word: str) -> None:
    assert one_of(text, subject, allowed) == word


@pytest.mark.parametrize(
    ("text", "value"), [("Y", True), ("yes", True), ("TRUE", True), ("1", True), ("N", False), ("0", False)]
)
def test_yes_and_no_in_all_forms(text: str, value: bool) -> None:
    assert YES_NO.parse(text) is value


@pytest.mark.parametrize("text", ["2", "maybe", "10", "-1", "yesno"])
def test_what_is_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(UnreadError):
        YES_NO.parse(text)


def test_a_near_miss_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnreadError) as caught:
        one_of("North Wst", "region", REGIONS)
    assert caught.value.hint == "did you mean 'North West'?"


def test_a_region_that_the_data_does_not_have_is_refused_by_its_synonym_too() -> None:
    with pytest.raises(UnreadError):
        one_of("sw", "region", REGIONS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("primary;all_through", "primary;all_through"),
        ("Primary, Secondary", "primary;secondary"),
        ("primary; primary ;", "primary"),
        ("PRU;16+", "pru;sixteen_plus"),
    ],
)
def test_several_words_may_be_parted_by_commas(text: str, words: str) -> None:
    assert several_of(text, "phases", PHASES) == words


def test_a_name_that_holds_a_comma_is_one_name() -> None:
    names = ("North East, Yorkshire and the Humber", "London")
    assert several_of("London;North East, Yorkshire and the Humber", "region", names) == f"{names[1]};{names[0]}"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_synonym_is_one_of_the_allowed_words_or_stands_for_two(subject: str) -> None:
    others = synonyms(subject)
    assert set(others.values()) <= set(SUBJECTS[subject])
    assert not set(others) & {plain_words(word) for word in SUBJECTS[subject]}


@given(st.text(max_size=10))
def test_any_text_is_an_allowed_word_or_refused(text: str) -> None:
    with suppress(UnreadError):
        assert one_of(text, "level", LEVELS) in LEVELS
