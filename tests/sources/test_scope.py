"""Which schools a scenario means: places and trusts in the scope, on the sample, and what it refuses."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import ScenarioError
from pilotage.sources.assemble import scope_urns
from pilotage.sources.sample.panel import sample_panel

Schools = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    scenario = resolve("baseline").scenario
    return sample_panel(assets.sample(), scenario.as_of, scenario.data.area_list)


@pytest.fixture(scope="module")
def schools(panel: SchoolPanel) -> Schools:
    def found(*settings: str) -> pd.DataFrame:
        urns = scope_urns(panel, resolve("baseline", ("scope.phases=[]", *settings)).scenario)
        return panel.schools[panel.schools["urn"].isin(urns)]

    return found


def test_an_area_list_and_a_region_together(schools: Schools) -> None:
    inside = schools("scope.areas=[opportunity_areas_2016, region: London]")
    assert ((inside["region"] == "London") | inside["area"].notna()).all()
    assert {"London", "East of England"} <= set(inside["region"])
    every = schools()
    assert len(inside) == int(((every["region"] == "London") | every["area"].notna()).sum())


def test_places_and_regions_must_both_hold(schools: Schools) -> None:
    inside = schools("scope.areas=opportunity_areas_2016", "scope.regions=[North West]")
    assert set(inside["area"]) == {"Blackpool", "Oldham"}


def test_trusts_in_the_scope_and_left_out(schools: Schools) -> None:
    every = schools()
    trust = every["trust"].value_counts().index[0]
    size = int((every["trust"] == trust).sum())
    assert set(schools(f"scope.trusts=[{trust}]")["trust"]) == {trust}
    left = schools(f"scope.exclude_trusts=[{trust}]")
    assert len(left) == len(every) - size
    assert left["trust"].isna().sum() == every["trust"].isna().sum()  # a school of no trust stays


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("scope.areas=[Lodon]", "scope.areas - no place is called 'Lodon'"),
        ("scope.trusts=[Nobody]", "scope.trusts - no trust is called 'Nobody'"),
        ("scope.exclude_trusts=[Nobody]", "scope.exclude_trusts - no trust is called 'Nobody'"),
        ("rules.a={rule: area_minimum, areas: [Derbi], count: 1}", "rules.a.areas - no place is called 'Derbi'"),
        ("rules.a={rule: area_minimum, areas: [Derbi], count: 1}", "did you mean 'Derby'?"),
        ("rules.trust-cap.trusts=[Nobody]", "rules.trust-cap.trusts - no trust is called 'Nobody'"),
        ("rules.authority-cap.areas=[list: nowhere]", "rules.authority-cap.areas - no area list is called 'nowhere'"),
        ("objective.equity_weights.areas={Narnia: 2}", "objective.equity_weights.areas - no place is called 'Narnia'"),
    ],
)
def test_an_unknown_name_is_refused_with_its_key(schools: Schools, setting: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        schools(setting)
    assert words in str(caught.value)


def test_a_name_with_two_meanings_is_refused(panel: SchoolPanel) -> None:
    twice = panel.schools.assign(district=panel.schools["district"].mask(panel.schools["urn"] == 900_001, "London"))
    changed = replace(panel, schools=twice)
    with pytest.raises(ScenarioError, match="write `region: London` or `district: London`"):
        scope_urns(changed, resolve("baseline", ("scope.areas=[London]",)).scenario)
