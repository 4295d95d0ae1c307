"""Figures in words, and the terminal's lines."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Audit, Check
from pilotage.report import words
from pilotage.report.columns import KINDS, PLACEMENTS, RANKED
from pilotage.report.terminal import summary_json, summary_text


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, pd.NA, pd.NaT])
def test_missing_is_a_dash(value: Any) -> None:
    assert words.absent(value)
    assert words.text_of(value) == ""
    assert words.number(value) == words.DASH
    assert words.percent(value) == words.DASH


def test_numbers() -> None:
    assert words.number(1234.56, 1) == "1,234.6"
    assert words.number(-12.5, 1) == "−12.5"
    assert words.number(-0.01, 1) == "0.0"
    assert words.span(-1, 2) == "−1 to 2"
    assert words.span(None, 2) == words.span_of_100(0.1, None) == ""
    assert words.span_of_100(0.004, 0.487) == "the model's range: 0 to 49"
    assert words.plural(1, "school") == "1 school"
    assert words.plural(2500, "school") == "2,500 schools"


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0%"), (0.004, "under 1%"), (0.34, "34%"), (0.996, "over 99%"), (1.0, "100%")]
)
def test_a_forecast_is_never_rounded_to_certainty(value: float, text: str) -> None:
    assert words.percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, words.DASH),
        (0.0, "fewer than 1 in 100"),
        (0.0099, "fewer than 1 in 100"),
        (0.01, "about 1 in 100"),
        (0.304, "about 30 in 100"),
        (0.99, "about 99 in 100"),
        (0.991, "more than 99 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_a_chance_is_told_of_a_hundred_schools(value: float | None, text: str) -> None:
    assert words.of_100(value) == text
    assert words.schools_of_100(value) == (text if value is None else f"{text} schools like this")


def test_levels_are_thirds_of_the_benefits_and_equal_benefits_are_medium() -> None:
    cuts = words.level_cuts(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, np.nan]))
    assert [words.level_words(value, cuts) for value in (1, 2, 3, 4, 5, 6)] == [
        *["low"] * 2,
        *["medium"] * 2,
        *["high"] * 2,
    ]
    assert words.level_words(np.nan, cuts) == words.level_words(3.0, None) == words.DASH
    assert words.level_words(2.0, words.level_cuts(pd.Series([2.0, 2.0]))) == "medium"
    assert words.level_cuts(pd.Series([np.nan])) is None


def test_pupils_are_whole() -> None:
    assert words.pupils_words(39.6) == "40 disadvantaged pupils"
    assert words.pupils_words(1.2) == "1 disadvantaged pupil"
    assert words.pupils_words(0.3) == "fewer than 1 disadvantaged pupil"
    assert words.pupils_words(pd.NA) == words.DASH


def test_every_column_is_explained() -> None:
    for column in (*RANKED, *PLACEMENTS):
        assert column.kind in KINDS
        assert column.meaning.endswith(".")


def test_terminal_lines(record: RunRecord) -> None:
    lines = summary_text(record)
    assert lines[0].startswith("Synthetic England")
    text = "\n".join(lines)
    assert "small, as of 31 August 2016: 8 schools ranked" in text
    assert "At random among eligible pairs: 11, the plan scores 9 more; misses budget" in text
    assert "1. Alder School (105): placed, benefit high, reaches 20 disadvantaged pupils, need 40% (tie band" in text
    assert "; Absence 6.0%, 1.2 points above similar schools" in text
    assert lines[-2].startswith("Benefit: high, medium or low is the highest, middle or lowest third")
    assert len([line for line in lines if line.lstrip()[:2] in {"1.", "2.", "3.", "4.", "5."}]) == 5


def test_terminal_lines_of_real_inputs_and_a_failed_audit(make: Callable[..., RunRecord]) -> None:
    failed = Audit((Check("budget", False, "overspent"),))
    lines = summary_text(make(school=False, leader=False, audit=failed))
    assert "ynthetic" not in "\n".join(lines)
    assert lines[0] == "Not to be used: the audit failed. What does not hold: budget."


def test_summary_json(record: RunRecord) -> None:
    found = summary_json(record)
    assert (found["status"], found["objective"], found["gap"], found["placements"]) == ("optimal", 19.75, 0.0, 2)
    assert (found["schools"], found["audit_clean"]) == (8, True)
    assert found["synthetic"] == {"schools": True, "leaders": True}


def test_a_peer_that_misses_rules_may_score_more_than_the_plan() -> None:
    assert words.compared(9.4) == "9 more"
    assert words.compared(-33.2) == "33 less"
