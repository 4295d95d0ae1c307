"""Case 11: evidence of a leader's own effect counts with its spread, within what an effect can be, or is refused."""

import json
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"effect_mean": 0.5}, ("effect_sd = blank, and effect_mean is 0.5", "give effect_sd")),
        ({"effect_sd": 0.1}, ("effect_mean = blank, and effect_sd is 0.1", "give effect_mean")),
        ({"effect_mean": 0.5, "effect_sd": 0}, ("effect_sd = 0", "more than 0, at most 1")),
        ({"effect_mean": 0.5, "effect_sd": -0.1}, ("effect_sd = -0.1", "more than 0, at most 1")),
        ({"effect_mean": 0.5, "effect_sd": 1.01}, ("effect_sd = 1.01", "more than 0, at most 1")),
        ({"effect_mean": 5, "effect_sd": 0.1}, ("effect_mean = 5", "from -1 to 1")),
        ({"effect_mean": -1.01, "effect_sd": 0.1}, ("effect_mean = -1.01", "from -1 to 1")),
    ],
)
def test_evidence_that_cannot_count_is_refused_by_row_and_column(case: Any, row: dict[str, Any], words: Any) -> None:
    done = case.place([{}, row], [{}])
    assert done.code == 3
    (line,) = done.err.splitlines()
    assert "leaders.csv, row 3 - " in line
    for word in words:
        assert word in line


def test_an_effect_and_a_spread_both_out_of_range_are_both_named(case: Any) -> None:
    done = case.place([{"effect_mean": 5, "effect_sd": 0}], [{}])
    assert done.code == 3
    assert [line.split(" - ")[1] for line in done.err.splitlines()] == ["effect_mean = 5", "effect_sd = 0"]


def test_evidence_with_its_spread_changes_the_benefit(case: Any) -> None:
    """A head of a primary school: 2 months on average, as unsure. Evidence of 0.33 SD = 4 months, as unsure: 3."""
    given = {"fall_value_months": 0, "sd_per_month": 0.0825, "leader_quality": 1, "months_per_sd_primary_above": 2}
    settings = [f"impact.parameters.{name}={value}" for name, value in given.items()]
    worth = {}
    for name, row in (("none", {}), ("own", {"effect_mean": 0.33, "effect_sd": 0.165})):
        assert case.place([row], [{}], *settings, out=name).code == 0
        worth[name] = json.loads((case.work / name / "plan.json").read_text(encoding="utf-8"))["benefit"]
    assert worth["own"] == pytest.approx(1.5 * worth["none"], abs=1e-5)
