"""Area lists and evidence parameters: what they hold and what they refuse."""

import pandas as pd
import pytest

from pilotage.domain.area_lists import area_list, area_lists
from pilotage.errors import ScenarioError
from pilotage.sources.evidence import load_evidence
from pilotage.sources.schools.areas import fill_area


def test_the_lists_have_as_many_areas_as_were_announced() -> None:
    sizes = {name: len(found["areas"]) for name, found in area_lists().items()}
    assert sizes == {
        "opportunity_areas_2016": 6,
        "opportunity_areas": 12,
        "priority_education_investment_areas": 24,
        "education_investment_areas": 55,
    }


def test_areas_are_found_by_authority_district_and_outcode() -> None:
    schools = pd.DataFrame(
        {
            "authority": ["Derby", "Norfolk", "Norfolk", "Somerset", "Somerset"],
            "district": ["Derby", "Norwich", "Breckland", "Somerset West and Taunton", "Somerset West and Taunton"],
            "postcode": [None, None, None, "ta24 5XX", "TA1 1AA"],
        }
    )
    found = fill_area(schools, "opportunity_areas_2016")["area"]
    assert found.where(found.notna(), "-").tolist() == ["Derby", "Norwich", "-", "West Somerset", "-"]


def test_an_unknown_list_is_told_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'opportunity_areas'"):
        area_list("opportunity_area")


def test_every_parameter_has_unit_source_and_a_known_grade() -> None:
    for parameter in load_evidence({}).parameters.values():
        assert parameter.grade in ("measured", "inferred", "assumed"), parameter.name
        assert parameter.unit
        assert parameter.source
        assert parameter.minimum <= parameter.value <= parameter.maximum


def test_a_replaced_parameter_says_so() -> None:
    evidence = load_evidence({"fall_reduction": 0.5})
    assert evidence.value("fall_reduction") == 0.5
    assert "set by the scenario" in evidence.parameters["fall_reduction"].sentence


def test_all_wrong_parameters_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_evidence({"fall_reduction": 2.0, "fal_reduction": 0.1})
    told = str(caught.value)
    assert "found 2 - 0 to 1" in told
    assert "did you mean 'fall_reduction'?" in told


@pytest.mark.parametrize(
    ("retired", "instead"),
    [
        ("responsiveness_slope", "inspection_validity and carry_over"),
        ("fall_value_pupil_months", "fall_value_months"),
        ("effect_head_primary_months", "months_per_sd_primary_below"),
        ("effect_head_secondary_months", "months_per_sd_secondary_above"),
        ("effect_sd_ratio", "leader_quality_sd"),
    ],
)
def test_a_retired_parameter_names_what_replaces_it(retired: str, instead: str) -> None:
    with pytest.raises(
        ScenarioError, match=rf"impact\.parameters\.{retired} - no longer a parameter - instead: .*{instead}"
    ):
        load_evidence({retired: 0.5})


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("inspection_validity", 0.61, "0 to 0.6"),
        ("inspection_validity", -0.01, "0 to 0.6"),
        ("carry_over", 1.01, "0 to 1"),
        ("leader_quality", 1.5, "0 to 1"),
    ],
)
def test_a_value_outside_its_range_says_what_is_allowed(name: str, value: float, allowed: str) -> None:
    with pytest.raises(ScenarioError, match=rf"impact\.parameters\.{name} - found {value:g} - {allowed} "):
        load_evidence({name: value})


def test_every_range_that_a_plan_is_tried_over_lies_within_what_is_allowed() -> None:
    for parameter in load_evidence({}).parameters.values():
        assert (parameter.low is None) == (parameter.high is None)
        if parameter.low is not None and parameter.high is not None:
            assert parameter.minimum <= parameter.low <= parameter.value <= parameter.high <= parameter.maximum
