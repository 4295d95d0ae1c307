"""What a name of a place stands for: each kind by hand, names with two meanings, and names that nothing has."""

from typing import Any

import pandas as pd
import pytest

from pilotage.domain import tables
from pilotage.domain.place_names import PlaceNames, place_words

OWN = "opportunity_areas_2016"
ROWS: list[dict[str, Any]] = [
    {"urn": 1, "region": "East Midlands", "authority": "Derby", "district": "Derby", "area": "Derby", "trust": "Ark"},
    {"urn": 2, "region": "East Midlands", "authority": "Derby", "district": None, "area": "Derby", "trust": "Oak"},
    {"urn": 3, "region": "London", "authority": "Camden", "district": "Camden", "trust": "Ark"},
    {"urn": 4, "region": "South West", "authority": "Somerset", "district": "Taunton", "postcode": "ta23 0aa"},
    {"urn": 5, "region": "South West", "authority": "Poole", "district": "Somerset"},
    {"urn": 6, "region": "North West", "authority": "Bolton", "district": "Bolton"},
]


@pytest.fixture(scope="module")
def names() -> PlaceNames:
    base = {"name": "S", "phase": "primary", "place_source": "sample", "sponsor_led": False}
    frame = pd.DataFrame([base | dict.fromkeys(("area", "trust", "postcode"), None) | row for row in ROWS])
    return PlaceNames(tables.validated(tables.SCHOOLS, frame, "t"), OWN)


@pytest.mark.parametrize(
    ("name", "urns"),
    [
        ("London", {3}),
        ("region: South West", {4, 5}),
        ("Derby", {1, 2}),
        ("authority: Somerset", {4}),
        ("district: Somerset", {5}),
        ("area: Derby", {1, 2}),
        ("trust: Ark", {1, 3}),
        ("Ark", set()),  # a trust is always written with its kind
        (OWN, {1, 2}),  # the column `area`
        ("opportunity_areas", {1, 2, 4}),  # Derby by authority, West Somerset by outcode
        ("list: education_investment_areas", {1, 2, 4, 6}),  # Derby, Somerset and Bolton by authority
        ("area: Norwich", set()),  # an area of the list, without any school here
    ],
)
def test_a_name_stands_for_the_schools_that_lie_there(names: PlaceNames, name: str, urns: set[int]) -> None:
    assert names.urns([name]) == urns


def test_names_together_are_all_their_schools_once(names: PlaceNames) -> None:
    assert names.urns(["Derby", "trust: Ark", "London"]) == {1, 2, 3}


def test_each_place_is_on_its_own_and_a_list_is_its_areas(names: PlaceNames) -> None:
    own = names.each_place([])
    assert list(own) == ["Blackpool", "Derby", "Norwich", "Oldham", "Scarborough", "West Somerset"]
    assert {area for area, urns in own.items() if urns} == {"Derby"}
    assert names.each_place(["London", "trust: Ark", "London"]) == {"London": {3}, "the trust Ark": {1, 3}}
    others = names.each_place(["opportunity_areas"])
    assert len(others) == 12
    assert others["West Somerset (Opportunity areas (all twelve))"] == {4}


def _fault(names: PlaceNames, name: str) -> str:
    return "; ".join(str(problem) for problem in names.faults("rules.a.areas", [name]))


def test_an_authority_and_a_district_with_other_schools_need_a_kind(names: PlaceNames) -> None:
    fault = _fault(names, "Somerset")
    assert "'Somerset' is the name of several places: authority (1 schools), district (1 schools)" in fault
    assert "write `authority: Somerset` or `district: Somerset`" in fault
    assert _fault(names, "authority: Somerset") == ""


def test_names_of_several_kinds_with_the_same_schools_are_clear(names: PlaceNames) -> None:
    assert _fault(names, "Bolton") == ""  # authority and district
    assert _fault(names, "Derby") == ""  # authority and area; the district lacks a school whose district is not known


@pytest.mark.parametrize(
    ("inside", "clear"),
    [(9, True), (8, False)],  # of ten schools in the district Leeds, so many belong to the authority Leeds
)
def test_a_district_that_is_nearly_the_authority_of_its_name_is_no_second_meaning(inside: int, clear: bool) -> None:
    base = {"name": "S", "phase": "primary", "place_source": "sample", "sponsor_led": False, "region": "North"}
    rows = [
        base | {"urn": n, "district": "Leeds", "authority": "Leeds" if n <= inside else "Bradford"}
        for n in range(1, 11)
    ]
    rows = [row | dict.fromkeys(("area", "trust", "postcode"), None) for row in rows]
    names = PlaceNames(tables.validated(tables.SCHOOLS, pd.DataFrame(rows), "t"), OWN)
    assert (_fault(names, "Leeds") == "") == clear
    assert len(names.urns(["Leeds"])) == (inside if clear else 10)  # the authority's own, or all that it may mean
    assert len(names.urns(["district: Leeds"])) == 10


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Londn", "no place is called 'Londn'"),
        ("Londn", "did you mean 'London'?"),
        ("trust: Arc", "did you mean 'Ark'?"),
        ("trust: Arc", "no trust is called 'Arc'"),
        ("Oak", "did you mean 'trust: Oak'?"),
        ("region: Derby", "no region is called 'Derby'"),
        ("list: opportunity", "did you mean 'opportunity_areas'?"),
        ("Zzz", "correct the name"),
    ],
)
def test_an_unknown_name_gets_the_nearest(names: PlaceNames, name: str, words: str) -> None:
    assert words in _fault(names, name)


def test_words_for_people() -> None:
    given = ("Derby", "region: London", "list: opportunity_areas", OWN, "trust: Ark")
    wanted = [
        "Derby",
        "the region London",
        "Opportunity areas (all twelve)",
        "Opportunity areas (2016)",
        "the trust Ark",
    ]
    assert [place_words(name) for name in given] == wanted
