"""The figures of a card: a value with its interval, and a dash where there is none."""

from pilotage.report.cards.words import ranged, signed
from pilotage.report.words import DASH


def test_a_value_stands_with_its_interval_without_one_alone_and_missing_as_a_dash() -> None:
    value = {"value": 0.664, "low": 0.62, "high": 0.7}
    assert ranged(value, "share") == "66% (62% to 70%)"
    assert ranged(value, "share", bare=True) == "62% to 70%"
    # Where under nine in ten resamples have a value, there is no interval.
    assert ranged(value | {"low": None, "high": None}, "share") == "66%"
    assert ranged(dict.fromkeys(value), "share") == DASH


def test_a_difference_without_a_value_or_an_interval_is_a_dash_whatever_it_won() -> None:
    value = {"value": 0.08, "low": 0.05, "high": 0.12}
    assert signed(value, won=True) == "+0.080 (+0.050 to +0.120)"
    assert signed(value, won=False) == "+0.080 (+0.050 to +0.120) **not beaten**"
    assert signed(value | {"low": None, "high": None}, won=False) == DASH
    assert signed(dict.fromkeys(value), won=True) == DASH
