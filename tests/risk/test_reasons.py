"""Reasons in words."""

import numpy as np
import pandas as pd
import pytest

from pilotage.risk.reasons import gap_reason, of_proxy, phrase, reasons
from pilotage.risk.spec.leadership import LeadershipSpec


def test_reasons_name_the_schools_own_values_in_order_of_contribution(fall: LeadershipSpec) -> None:
    asked = pd.DataFrame(
        {"absence_share": [0.061], "leadership_grade": [2.0], "pupils": [None], "months_since_inspection": [62.0]}
    )
    declared = {name: fall.features[name] for name in asked.columns}
    found = reasons(asked, declared, np.array([[0.2, 0.5, 0.9, -0.4]]))
    assert found == [
        "Raises the risk: leadership last judged good; absence of 6.1%. Lowers it: last inspected 62 months ago."
    ]


def test_a_category_that_most_of_the_list_shares_is_no_reason(fall: LeadershipSpec) -> None:
    phases = ["secondary"] * 9 + ["all_through"]
    asked = pd.DataFrame({"phase": phases, "absence_share": [0.061] * 10})
    declared = {name: fall.features[name] for name in asked.columns}
    found = reasons(asked, declared, np.full((10, 2), 0.5))
    assert found[0] == "Raises the risk: absence of 6.1%."
    assert found[9] == "Raises the risk: all-through school; absence of 6.1%."
    assert "secondary school" in reasons(asked[:1], declared, np.full((1, 2), 0.5))[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fsm_share_change", 0.012, "free school meals up 1.2 points in two years"),
        ("fsm_share_change", -0.012, "free school meals down 1.2 points in two years"),
        ("leadership_above_overall", 1.0, "leadership judged better than its overall grade"),
        ("leadership_above_overall", 0.0, "leadership judged the same as its overall grade"),
        ("mean_salary_gbp", 41_800.0, "mean teacher's salary of £41,800"),
        ("balance_share", -0.031, "a balance of -3.1% of its income"),
        ("phase", "all_through", "all-through school"),
        ("phase", "pru", "pupil referral unit"),
    ],
)
def test_a_feature_is_told_in_words(fall: LeadershipSpec, name: str, value: object, words: str) -> None:
    assert phrase(fall.features[name], value) == words


def test_the_gap_is_told_with_its_sign() -> None:
    assert "about 14 months behind" in gap_reason(14.2, 19.0, 1.1)
    assert "widening by 1.1" in gap_reason(14.2, 19.0, 1.1)
    assert "about 3 months ahead of" in gap_reason(-3.0, -2.0, -0.5)
    assert "narrowing by 0.5" in gap_reason(-3.0, -2.0, -0.5)
    assert "(1 month ahead of them in the last year alone), not likely to change" in gap_reason(-3.0, -1.2, 0.01)
    assert of_proxy("leadership last judged good", "overall_grade") == "overall grade last judged good"
    assert of_proxy("leadership last judged good", None) == "leadership last judged good"
    assert gap_reason(float("nan"), 0, 0) == ""
