"""Reasons in words: each beside similar schools, on the side of risk, and on one line."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotage.risk.features.declared import Feature
from pilotage.risk.reasons import LONGEST, SMALLEST, middle_value, of_proxy, one_line, phrase, reasons
from pilotage.risk.similar import Peers, Usual, usual
from pilotage.risk.spec.leadership import LeadershipSpec


def _usual(middle: float, *, shared: bool = True, similar: bool = True) -> Usual:
    return Usual(np.array([middle]), np.array([shared]), np.array([similar]))


def test_reasons_name_values_beside_similar_schools_in_order_of_contribution(fall: LeadershipSpec) -> None:
    values = pd.DataFrame(
        {
            "absence_share": [0.063],
            "leadership_grade": [3.0],
            "balance_share": [None],
            "months_between_inspections": [2.0],
        }
    )
    declared = {name: fall.features[name] for name in values.columns}
    among = {"absence_share": _usual(0.051), "leadership_grade": _usual(2.0), "balance_share": _usual(0.05)}
    assert reasons(values, declared, np.array([[0.2, 0.5, 0.9, 0.8]]), among) == [
        (
            "leadership judged requires improvement, most similar schools good",
            "absence 6.3%, 1.2 points above similar schools",
        )
    ]


@pytest.mark.parametrize(
    ("value", "middle", "contribution"),
    [
        (0.063, 0.051, -0.4),  # it lowers the risk
        (0.063, 0.051, SMALLEST / 2),  # it hardly raises it
        (0.049, 0.051, 0.4),  # the model goes against sense: less absence than similar schools
        (0.051, 0.051, 0.4),
        (0.0511, 0.0508, 0.4),  # both read 5.1%
        (0.063, np.nan, 0.4),  # nothing to compare with
        (np.nan, 0.051, 0.4),
        (0.063, 0.051, np.nan),  # no forecast
    ],
)
def test_what_is_no_reason_is_not_named(fall: LeadershipSpec, value: float, middle: float, contribution: float) -> None:
    declared = {"absence_share": fall.features["absence_share"]}
    values = pd.DataFrame({"absence_share": [value]})
    assert reasons(values, declared, np.array([[contribution]]), {"absence_share": _usual(middle)}) == [()]


def test_a_feature_whose_risk_falls_with_it_is_named_below_similar_schools_alone(fall: LeadershipSpec) -> None:
    declared = {"ks2_expected_share": fall.features["ks2_expected_share"]}
    values, among = pd.DataFrame({"ks2_expected_share": [0.52]}), {"ks2_expected_share": _usual(0.61)}
    (said,) = reasons(values, declared, np.array([[0.3]]), among)
    assert said == ("52.0% at the expected standard over three years, 9.0 points below similar schools",)
    assert reasons(values + 0.2, declared, np.array([[0.3]]), among) == [()]


@pytest.mark.parametrize("outcome", ["leadership_fall", "leadership_stuck"])
def test_days_since_inspection_phase_and_region_are_never_named(specs: dict, outcome: str) -> None:
    features = specs[outcome].features
    for name in ("months_between_inspections", "phase", "region", "pupils", "eal_share", "mean_salary_gbp"):
        assert features[name].risk_rises_with == "none"
    grades = [feature for feature in features.values() if feature.unit == "grade"]
    assert len(grades) == 5
    assert all(feature.risk_rises_with == "higher" for feature in grades)  # 4 is the worst
    for name in ("absence_share", "persistent_absence_share", "fsm_share", "pupil_teacher_ratio"):
        assert features[name].risk_rises_with == "higher"
    for name in ("attainment8", "ks2_expected_share", "prior_attainment", "progress_all"):
        assert features[name].risk_rises_with == "lower"


@pytest.mark.parametrize(
    ("name", "value", "middle", "words"),
    [
        ("fsm_share_change", 0.012, -0.003, "free school meals up 1.2 points in two years, 1.5 points above similar"),
        ("fsm_share_change", -0.01, -0.03, "free school meals down 1.0 points in two years, 2.0 points above similar"),
        ("suspension_rate", 12.44, 7.5, "12.4 suspensions for every 100 pupils, 4.9 above similar"),
        ("balance_share", -0.031, 0.02, "a balance of -3.1% of income, 5.1 points below similar"),
        ("progress_all", -0.31, 0.02, "pupils' progress 0.31 SD below the national average in three years, 0.33 SD"),
        ("pupil_teacher_ratio", 21.1, 18.0, "21.1 pupils to a teacher, 3.1 above similar schools"),
        ("grade_before", 4.0, 2.0, "judged inadequate the time before, most similar schools good"),
    ],
)
def test_a_feature_is_told_in_words(fall: LeadershipSpec, name: str, value: float, middle: float, words: str) -> None:
    assert phrase(fall.features[name], value, _usual(middle), 0).startswith(words)


def test_grades_say_of_most_similar_schools_only_what_holds(fall: LeadershipSpec) -> None:
    grade = fall.features["leadership_grade"]
    assert phrase(grade, 3.0, _usual(2.0, shared=False), 0).endswith("most similar schools better")
    assert phrase(grade, 4.0, _usual(3.0), 0).endswith("most similar schools better")
    assert phrase(grade, 2.0, _usual(1.0), 0).endswith("most similar schools outstanding")
    phase_alone = _usual(2.0, similar=False)
    assert phrase(grade, 3.0, phase_alone, 0).endswith("most schools of its phase good")


def test_a_line_has_three_parts_and_140_characters_at_most_the_gap_second() -> None:
    assert one_line(("a", "b", "c"), "gap") == "A; gap; b."
    assert one_line((), "gap") == "Gap."
    assert one_line((), "") == ""
    assert one_line(("a" * 139,), "gap") == "A" + "a" * 138 + "."
    assert one_line(("a" * 100, "b" * 60, "c" * 10), "g" * 50) == "A" + "a" * 99 + "; " + "c" * 10 + "."


def test_a_proxy_is_named() -> None:
    assert of_proxy("leadership judged good", "overall_grade") == "overall grade judged good"
    assert of_proxy("leadership judged good", None) == "leadership judged good"


FEATURES = {
    "bad": Feature(column="school_years.absence_share", risk_rises_with="higher", words="bad {value}", unit="share"),
    "fine": Feature(column="school_years.attainment8", risk_rises_with="lower", words="fine {value}", unit="ratio"),
    "judged": Feature(
        column="inspections.leadership_grade", risk_rises_with="higher", words="judged {value}", unit="grade"
    ),
    "silent": Feature(column="inspections.inspected_on", transformation="months_since"),
}
SHARES = st.one_of(st.none(), st.integers(0, 1000).map(lambda thousandth: thousandth / 1000))
SCORES = st.one_of(st.none(), st.integers(0, 900).map(lambda tenth: tenth / 10))
ROWS = st.tuples(
    SHARES,
    SCORES,
    st.sampled_from([None, 1.0, 2.0, 3.0, 4.0]),
    st.sampled_from(["primary", "secondary"]),
    st.sampled_from([None, 1.0, 2.0]),
    st.tuples(*[st.floats(-2, 2)] * 4),
)


@given(st.lists(ROWS, min_size=1, max_size=30))
def test_no_reason_names_a_feature_on_its_safe_side_or_one_that_does_not_raise_the_risk(rows: list) -> None:
    bad, fine, judged, phase, fifth, weights = zip(*rows, strict=True)
    values = pd.DataFrame({"bad": bad, "fine": fine, "judged": judged, "silent": 3.0}, dtype=float)
    peers = Peers(pd.Series(phase), pd.Series(fifth, dtype=float))
    named = {name: feature for name, feature in FEATURES.items() if feature.risk_rises_with != "none"}
    among = {name: usual(values[name], peers, middle_value(feature)) for name, feature in named.items()}
    for row, said in enumerate(reasons(values, FEATURES, np.array(weights), among)):
        assert len(one_line(said, "disadvantaged pupils 16 months behind, 4 more than in similar schools")) <= LONGEST
        for part in said:
            name = part.split()[0]
            place = list(FEATURES).index(name)
            assert weights[row][place] >= SMALLEST
            in_phase = [at for at in range(len(rows)) if phase[at] == phase[row] and values[name].notna()[at]]
            near = [at for at in in_phase if fifth[row] is not None and fifth[at] == fifth[row]]
            assert ("similar" in part) == (len(near) >= 5)
            group = values[name].iloc[near if len(near) >= 5 else in_phase].sort_values().tolist()
            middle = (group[(len(group) - 1) // 2] + group[len(group) // 2]) / 2
            own = values[name].iloc[row]
            assert own < middle if name == "fine" else own > middle
            if name == "judged":
                assert sum(grade < own for grade in group) > len(group) / 2
