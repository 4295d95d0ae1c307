"""The words of a comparison on the terminal, and its JSON."""

import json
from dataclasses import replace

import pytest

from pilotage.domain.findings.comparison import (
    Comparison,
    Difference,
    Differing,
    Figure,
    FigureChange,
    Setting,
    SettingWords,
)
from pilotage.report.compare import words
from pilotage.report.compare.as_json import comparison_json
from pilotage.report.compare.terminal import comparison_text


def test_the_terminal_says_who_what_and_why(found: Comparison) -> None:
    lines = comparison_text(found)
    assert lines[0] == "First run: /home/me/runs/first (spring, as of 31 August 2016)"
    assert "The second plan is modelled to add 90.0 pupil-months, 10.0 less than the first. " in "\n".join(lines)
    assert "1 leader gains a post, 1 loses the post, 1 moves." in "\n".join(lines)
    assert "cost expected: £1,500 -> £900 (−£600)" in lines
    assert "  L2 lost the post: Beech (2), post P2" in lines
    assert "  L3 gained a post: school (9), post P3" in lines
    assert "schools with support in post: the same schools" in lines
    assert "  Each setting alone, added up: −7.3 pupil-months" in lines
    assert "  Left over (what can't be told apart): −2.7 pupil-months" in lines


def test_forecasts_that_differ_are_laid_to_settings_where_there_are_some(found: Comparison) -> None:
    assert "The forecasts differ: they rest on settings that were changed (Phases in scope)." in words.warnings(found)
    without = replace(found, settings=found.settings[:3])
    assert "The forecasts differ, and no setting that they rest on was changed." in words.warnings(without)


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Difference(Differing.INPUT, "a.csv (posts)", "1" * 64, None), "Only the first run read a.csv (posts)."),
        (Difference(Differing.INPUT, "a.csv (posts)", None, "1" * 64), "Only the second run read a.csv (posts)."),
        (
            Difference(Differing.INPUT, "a.csv (posts)", "1" * 64, "2" * 64),
            "Another content of a.csv (posts): sha256 111111111111 -> 222222222222.",
        ),
        (Difference(Differing.VERSION, "pilotage", "1", None), "Another version of pilotage: 1 -> none."),
    ],
)
def test_each_difference_is_named(difference: Difference, text: str) -> None:
    assert words.difference(difference) == text


@pytest.mark.parametrize(
    ("after", "said"), [(90.0, "10.0 less than"), (110.0, "10.0 more than"), (100.04, "as much as")]
)
def test_the_headline_says_which_plan_adds_more(after: float, said: str, found: Comparison) -> None:
    figures = (FigureChange(Figure.BENEFIT, 100.0, after),)
    assert f"{said} the first." in words.headline(replace(found, figures=figures))


def test_the_json_is_one_object_with_its_schema_version(found: Comparison) -> None:
    stated = json.loads(json.dumps(comparison_json(found)))
    assert stated["schema_version"] == 1
    assert stated["audit_failed"] is None
    assert [each["of_forecast"] for each in stated["settings"]] == [False, False, False, True]
    assert stated["settings"][0]["words"] == {"what": "Rule cap", "before": "at most 8", "after": "at most 1"}
    assert stated["settings"][0]["before"] == "8"
    assert [each["proven"] for each in stated["attribution"]["settings"]] == [True, True, False, True]


def test_what_is_not_there_is_said_in_words(found: Comparison) -> None:
    bare = replace(found, settings=(), attribution=None, leaders=(), why_not=())
    assert {"No setting differs.", "Leaders whose posts differ: none"} <= set(comparison_text(bare))
    untold = comparison_text(replace(found, attribution=None, why_not=("The first run has other data.",)))
    assert "What each makes alone can't be said:" in untold
    assert "  The first run has other data." in untold
    assert not any("in brackets" in line for line in untold)
    told = comparison_text(replace(found, attribution=None, why_not=()))
    assert "What each makes alone can't be said:" not in told


@pytest.mark.parametrize(
    ("before", "after", "compared", "changed"),
    [
        ("8", "1", "A cap: 8 -> 1 [rules.cap.count]", "A cap: 1 (before: 8)"),
        ("8", "8", "A cap: 8 -> 8 [rules.cap.count]", "A cap: 8 (as before)"),
        (None, "1", "A cap: added (1) [rules.cap.count]", "A cap: added (1)"),
        ("8", None, "A cap: removed (8) [rules.cap.count]", "A cap: removed (8)"),
        (None, None, "A cap: not there -> not there [rules.cap.count]", "A cap: not there (as before)"),
    ],
)
def test_a_setting_is_told_with_both_values(before: str | None, after: str | None, compared: str, changed: str) -> None:
    told = SettingWords("A cap", before, after)
    assert words.setting(Setting("rules.cap.count", "{}", "[]", told)) == compared
    assert words.change(told) == changed


def test_long_lists_say_how_many_more(found: Comparison) -> None:
    many = replace(found, leaders=found.leaders * 5, lists=(replace(found.lists[0], came=tuple(range(1, 13))),))
    lines = comparison_text(many)
    assert "  and 5 more: --out writes them all" in lines
    assert any(line.startswith("  in: ") and line.endswith("; and 2 more") for line in lines)
