"""The map with its lines, and supply against need by area: what is drawn, and what there is nothing to draw of."""

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pilotage.case.record import RunRecord
from pilotage.report.lists.ranked_schools import ranked_schools
from pilotage.report.lists.supply_by_area import AreaSupply
from pilotage.report.page.need_map import FONT, apart, need_map
from pilotage.report.page.supply_bars import supply_bars

LINES = "each with a line from the base of the leader who goes there"


def _with_bases(record: RunRecord, eastings: list[float | None]) -> RunRecord:
    leaders = record.pool.leaders.assign(easting=pd.Series(eastings, dtype=float), northing=330_000.0)
    return replace(record, pool=replace(record.pool, leaders=leaders))


def _drawn(record: RunRecord) -> str:
    svg = need_map(record, ranked_schools(record))
    assert svg is not None
    return svg


def test_each_placement_has_a_line_from_its_leader_s_base(record: RunRecord) -> None:
    none, one, two = (
        _drawn(_with_bases(record, bases))
        for bases in ([None, None, None], [430_000.0, None, 430_000.0], [430_000.0, 431_000.0, 430_000.0])
    )
    lines = [len(re.findall(r"<line ", svg)) for svg in (none, one, two)]
    assert [count - lines[0] for count in lines] == [0, 1, 2]  # the third leader is not placed
    assert [LINES in svg for svg in (none, one, two)] == [False, True, True]


def test_a_supported_school_is_marked_and_without_any_the_map_keeps_its_size(record: RunRecord) -> None:
    ranked = ranked_schools(record)
    drawn = {}
    for status in ("placed", "supported", "asked"):
        svg = need_map(record, ranked.assign(status=[status] + ["not chosen"] * (len(ranked) - 1)))
        assert svg is not None
        drawn[status] = svg
    assert drawn["placed"] == drawn["supported"]
    assert "diamonds mark the 1 school" in drawn["placed"]
    assert "diamonds" not in drawn["asked"]
    sizes = [tuple(map(float, re.search(r'viewBox="([^"]*)"', svg).group(1).split())) for svg in drawn.values()]  # type: ignore[union-attr]
    assert all(0 < size < 2_000 for view in sizes for size in view[2:])


def test_the_map_reaches_to_a_base_outside_the_schools(record: RunRecord) -> None:
    near, far = (_drawn(_with_bases(record, [east, None, None])) for east in (430_000.0, 630_000.0))
    assert near != far
    shown = [float(re.search(r'viewBox="0 0 (\S+)', svg).group(1)) for svg in (near, far)]  # type: ignore[union-attr]
    assert shown[1] > shown[0] / 2


@given(
    st.lists(st.tuples(st.text("ab ", min_size=1, max_size=24), st.integers(0, 300), st.integers(0, 300)), max_size=9)
)
def test_no_name_of_a_region_covers_another(drawn: list[tuple[str, int, int]]) -> None:
    """One metre is a pixel; names move south alone."""
    names = pd.DataFrame(drawn, columns=["region", "easting", "northing"]).astype({"easting": float, "northing": float})
    moved = apart(names, 1.0)
    assert (moved["northing"] <= names["northing"].reindex(moved.index)).all()
    rows = list(moved[["region", "easting", "northing"]].itertuples(index=False))
    for place, (one, east, north) in enumerate(rows):
        for other, x, y in rows[:place]:
            assert abs(north - y) >= FONT or abs(east - x) >= 3 * (len(one) + len(other))


def _supply(kind: str, name: str, need: float | None, plan: float | None) -> AreaSupply:
    return AreaSupply(kind, name, covered=True, top_share=need, placement_share=plan)  # type: ignore[arg-type]


def test_regions_are_drawn_with_their_share_of_need_and_of_the_plan() -> None:
    areas = (
        _supply("england", "England", 1.0, 1.0),
        _supply("region", "London", 0.25, 0.5),
        _supply("region", "South West", 0.75, 0.5),
        _supply("area", "Derby", 0.1, 0.1),
    )
    svg = supply_bars(areas)
    assert svg is not None
    assert "London 25% and 50%; South West 75% and 50%" in svg
    assert "Derby" not in svg


def test_within_one_region_its_areas_are_drawn_and_nothing_where_no_share_is_known() -> None:
    one = (_supply("region", "East Midlands", 1.0, 1.0), _supply("area", "Derby", 0.5, 1.0))
    svg = supply_bars(one)
    assert svg is not None
    assert "Derby 50% and 100%" in svg
    assert "East Midlands" not in svg
    assert supply_bars(one[:1]) is None
    assert supply_bars((_supply("region", "A", None, 0.5), _supply("region", "B", 0.5, None))) is None


def test_the_page_leaves_out_a_picture_that_it_cannot_draw(make: Callable[..., RunRecord]) -> None:
    assert supply_bars(()) is None
    record = make()
    assert LINES not in _drawn(record)  # its leaders have no place
