"""The audit reads names of places on its own: it must find the schools that the product finds."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotage.domain.place_names import PlaceNames
from pilotage.placement.audit.places import schools_in, schools_of_each

LEEDS = {"region": "Yorkshire", "authority": "Leeds", "district": "Leeds"}
SCHOOLS: list[dict[str, Any]] = [
    {"region": "London", "authority": "Camden", "district": "Camden", "trust": "Ark"},
    {"authority": "Derby", "district": None, "area": "Derby", "trust": "Ark"},
    {"region": "South West", "authority": "Somerset", "district": "Taunton", "postcode": "ta24 0aa"},
    {"region": "South West", "authority": "Poole", "district": "Somerset", "area": "West Somerset"},
    *[LEEDS] * 9,
    LEEDS | {"authority": "Bradford"},
]
NAMES = (
    *("London", "region: South West", "Derby", "area: Derby", "Somerset", "district: Somerset", "authority: Somerset"),
    *("trust: Ark", "Ark", "opportunity_areas", "list: opportunity_areas_2016", "education_investment_areas", "Leeds"),
    *("district: Leeds", "area: Norwich", "Nowhere"),
)


def _case(world: Callable[..., Any]) -> Any:
    small = world(SCHOOLS)
    return small.case(small.impact([[1.0] * len(SCHOOLS)]))


@pytest.mark.parametrize("name", NAMES)
def test_both_readings_agree(world: Callable[..., Any], name: str) -> None:
    case = _case(world)
    names = PlaceNames(case.panel.schools, case.scenario.data.area_list)
    assert schools_in(case, [name]) == names.urns([name])
    assert schools_of_each(case, [name]) == {place: set(urns) for place, urns in names.each_place([name]).items()}


def test_the_readings_of_no_name_agree(world: Callable[..., Any]) -> None:
    case = _case(world)
    own = PlaceNames(case.panel.schools, case.scenario.data.area_list).each_place([])
    assert schools_of_each(case, []) == {place: set(urns) for place, urns in own.items()}
    assert own["West Somerset"] == {4}
