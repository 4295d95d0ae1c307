"""What is given is used, refused, or said to count for nothing; it is never dropped without a word."""

import json
from typing import Any

import pytest


def _notes(case: Any) -> list[str]:
    notes: list[str] = json.loads((case.work / "out" / "manifest.json").read_text(encoding="utf-8"))["notes"]
    return [note for note in notes if "counts for nothing" in note]


@pytest.mark.parametrize(
    ("parameter", "stages"),
    [("leader_quality_sd", 2), ("months_per_sd_primary_above", 1), ("months_per_sd_secondary_above", 1)],
)
def test_evidence_that_a_parameter_of_zero_shrinks_away_is_noted(case: Any, parameter: str, stages: int) -> None:
    done = case.place([{"effect_mean": 0.3, "effect_sd": 0.1}], [{}], f"impact.parameters.{parameter}=0")
    assert done.code == 0
    assert len(_notes(case)) == stages
    assert f"(L1) counts for nothing: impact.parameters.{parameter} is 0." in _notes(case)[0]


def test_spans_and_subjects_that_nothing_looks_at_are_noted(case: Any) -> None:
    done = case.place([{"span": 3}], [{"subject": "science"}])
    assert done.code == 0
    assert _notes(case) == [
        "The span of leaders (L1) counts for nothing: only executive leaders lead several schools.",
        "The subject of posts (P1) counts for nothing: only posts of middle leaders are filled by subject.",
    ]


def test_a_team_of_one_is_noted(case: Any) -> None:
    done = case.place([{"team_id": "A"}, {"team_id": "a"}, {"team_id": "B"}, {"team_id": "B"}], [{}])
    assert done.code == 0
    assert _notes(case) == ["The team of leaders (L1, L2) counts for nothing: nobody else has the same team_id."]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (("rules.a={rule: executive_span}", "rules.b={rule: executive_span}"), "executive_span (a, b)"),
        (("pool.source=synthetic",), "pool - is synthetic and names a file"),
    ],
)
def test_settings_of_which_one_would_be_dropped_are_refused(case: Any, settings: Any, words: str) -> None:
    done = case.place([{}], [{}], *settings)
    assert done.code == 2
    assert words in done.err


def test_what_counts_is_not_noted(case: Any) -> None:
    leaders = [{"level": "executive", "span": 3}, {"level": "middle", "subjects": "science"}]
    done = case.place(leaders, [{"level": "middle", "subject": "science"}])
    assert done.code == 0
    assert _notes(case) == []
