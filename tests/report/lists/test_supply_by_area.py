"""Supply against need by area, by hand: England, a region, an area that the plan serves, one without any school."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.lists.supply_by_area import AreaSupply, supply_by_area, supply_rows, supply_table

# 105 and 104 receive a leader each, who reaches 20 pupils; 105 and 106 lie in Derby, 107 and 108 in London
BANDS = pd.Series({105: "top", 106: "top", 104: "below", 107: "tie", 101: None, 102: None, 103: None, 108: None})


def _record(make: Callable[..., RunRecord]) -> RunRecord:
    record = make()
    schools = record.panel.schools
    area = schools["urn"].map({105: "Derby", 106: "Derby"}).astype(object)
    region = schools["region"].mask(schools["urn"].isin([107, 108]), "London")
    return replace(record, panel=replace(record.panel, schools=schools.assign(area=area, region=region)))


def _found(make: Callable[..., RunRecord], bands: pd.Series = BANDS) -> dict[str, AreaSupply]:
    return {f"{each.kind} {each.name}": each for each in supply_by_area(_record(make), bands)}


def test_the_figures_by_hand(make: Callable[..., RunRecord]) -> None:
    found = _found(make)
    assert found["england England"] == AreaSupply("england", "England", True, 8, 2, 4, 1.0, 2, 0, 1.0, 40, 0, 3, 32)
    assert found["area Derby"] == AreaSupply("area", "Derby", True, 2, 2, 0, 1.0, 1, 0, 0.5, 20, 0, 2, 16)
    assert found["region East Midlands"] == AreaSupply(
        "region", "East Midlands", True, 6, 2, 3, 1.0, 2, 0, 1.0, 40, 0, 2, 32
    )
    assert found["region London"] == AreaSupply("region", "London", True, 2, 0, 1, 0.0, 0, 0, 0.0, 0, 0, 1, 0)


def test_england_stands_first_then_regions_then_areas_of_the_list(make: Callable[..., RunRecord]) -> None:
    kinds = [each.kind for each in supply_by_area(_record(make), BANDS)]
    assert kinds == ["england", "region", "region", *["area"] * 6]


def test_an_area_without_any_school_is_not_covered(make: Callable[..., RunRecord]) -> None:
    norwich = _found(make)["area Norwich"]
    assert norwich == AreaSupply("area", "Norwich", covered=False)  # every figure None, and not zero
    row = next(row for row in supply_rows(supply_by_area(_record(make), BANDS)) if row["name"] == "Norwich")
    assert {value for name, value in row.items() if name not in ("name", "kind", "band_note")} == {"not covered"}
    table = supply_table(supply_by_area(_record(make), BANDS)).set_index("name")
    assert table.loc["Norwich", "covered"] == "not covered"
    assert table.loc["Norwich", "schools"] is None


def test_schools_of_the_data_that_are_out_of_scope_are_no_supply(make: Callable[..., RunRecord]) -> None:
    record = _record(make)
    inside = replace(record, urns=record.urns[~pd.Series(record.urns).isin([107, 108])])
    london = next(each for each in supply_by_area(inside, BANDS) if each.name == "London")
    assert (london.covered, london.schools, london.top) == (True, 0, None)


def test_where_no_band_is_known_the_top_tenth_is_not_zero(make: Callable[..., RunRecord]) -> None:
    unknown = _found(make, BANDS.map(lambda _band: None).astype(object))
    assert (unknown["england England"].top, unknown["england England"].without_band) == (None, 8)
    assert unknown["area Derby"].top_share is None


def test_asks_count_in_the_share_of_the_plan_and_pupils_by_their_chance(make: Callable[..., RunRecord]) -> None:
    record = _record(make)  # 105 is placed; 104 is asked, with a chance of 0.1
    pairs = record.impact.pairs.assign(chance_open=pd.Series([None, None, 0.2, None, None, None, None], dtype=float))
    pairs = pairs.assign(chance=pairs["acceptance"].where(pairs["chance_open"].isna(), 0.1))
    asking = replace(record, impact=replace(record.impact, pairs=pairs))
    found = {each.name: each for each in supply_by_area(asking, BANDS) if each.kind != "england"}
    derby, region = found["Derby"], found["East Midlands"]
    assert (derby.placements, derby.asks, derby.placement_share, derby.pupils_expected) == (1, 0, 0.5, 16)
    assert (region.placements, region.asks, region.placement_share) == (1, 1, 1.0)
    assert (region.pupils_reached, region.pupils_expected) == (40, 18)  # 20 x 0.8 + 20 x 0.1
