"""Need by hand: its parts, base rates for what is not known, draws; and what must hold whatever the chances are."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.need import below_good, need, need_draws, need_of, need_ranks

MANY = settings(max_examples=150, deadline=None, derandomize=True)
NAMES = ("leadership_fall", "leadership_stuck", "gap_widening")


@dataclass(frozen=True)
class Weight:
    weight: float = 1.0
    need: str | None = None


EQUAL = {name: Weight() for name in NAMES}


def _table(fall: list[float | None], stuck: list[float | None], wide: list[float | None]) -> pd.DataFrame:
    columns = {"p_fall_if_inspected": fall, "p_stuck": stuck, "p_gap_wide": wide}
    table = pd.DataFrame({name: pd.Series(values, dtype=float) for name, values in columns.items()})
    return table.assign(p_below_good=below_good(table), p_widens=0.5)


def _phases(*names: str) -> pd.Series:
    return pd.Series(names, dtype=object)


def test_need_is_the_weighted_mean_of_leadership_and_the_gap() -> None:
    table = _table([0.2, None], [None, 0.5], [0.8, 0.4])
    weights = {"leadership_fall": Weight(1), "leadership_stuck": Weight(2), "gap_widening": Weight(3)}
    # good: (1 x 0.2 + 3 x 0.8) / 4; below good now: (2 x (1 + 0.5) / 2 + 3 x 0.4) / 5
    assert need(table, _phases("primary", "primary"), weights).tolist() == pytest.approx([0.65, 0.54])


def test_what_is_not_known_takes_the_base_rate_of_its_phase_and_is_marked() -> None:
    table = _table([0.2, 0.4, 0.9], [None] * 3, [None, 0.6, 0.1])
    made = need_of(table, _phases("primary", "primary", "secondary"), EQUAL)
    # the other primary's 0.6 stands for the gap of the first, not the secondary's 0.1
    assert made.value == pytest.approx([0.4, 0.5, 0.5])
    assert made.average["gap"].tolist() == [True, False, False]
    assert not made.average["leadership"].any()


def test_a_phase_without_gaps_has_the_need_of_leadership_alone() -> None:
    table = _table([0.3, 0.5], [None, None], [None, 0.9])
    made = need_of(table, _phases("special", "primary"), EQUAL)
    assert made.value == pytest.approx([0.3, 0.7])
    assert not made.average["gap"].any()


def test_nothing_known_of_a_school_is_no_need() -> None:
    table = _table([0.3, None], [None, None], [0.9, None])
    assert np.isnan(need(table, _phases("primary", "primary"), EQUAL)[1])
    only_the_gap = {"leadership_fall": Weight(0), "leadership_stuck": Weight(0), "gap_widening": Weight(1)}
    assert need(table, _phases("primary", "primary"), only_the_gap)[0] == pytest.approx(0.9)


def test_a_scenario_chooses_the_figure_that_counts() -> None:
    table = _table([0.2, None], [None, 0.5], [0.9, 0.9])
    chosen = {
        "leadership_fall": Weight(1),
        "leadership_stuck": Weight(1, "p_stuck"),
        "gap_widening": Weight(1, "p_widens"),
    }
    assert need(table, _phases("primary", "primary"), chosen).tolist() == pytest.approx([0.35, 0.5])


def test_need_in_a_draw_moves_what_is_known_and_leaves_base_rates() -> None:
    table = _table([0.3, None, None], [None, 0.5, None], [0.6, 0.2, 0.4])
    draws = {
        "p_fall_if_inspected": np.array([[0.2, 0.4], [np.nan] * 2, [np.nan] * 2], dtype=np.float32),
        "p_stuck": np.array([[np.nan] * 2, [0.4, 0.6], [np.nan] * 2], dtype=np.float32),
        "p_gap_wide": np.array([[0.8, 0.6, 0.1], [0.2, 0.2, 0.2], [0.4, 0.5, 0.4]], dtype=np.float32),
    }
    forecast = RiskForecast(date(2016, 8, 31), table.assign(urn=[1, 2, 3]), {}, draws)
    drawn = need_draws(forecast, _phases("primary", "primary", "primary"), EQUAL)
    assert drawn[0] == pytest.approx([0.5, 0.5])
    assert drawn[1] == pytest.approx([(0.7 + 0.2) / 2, (0.8 + 0.2) / 2])
    # leadership of the third is the mean of 0.3 and (1 + 0.5) / 2 = 0.525 in each draw
    assert drawn[2] == pytest.approx([(0.525 + 0.4) / 2, (0.525 + 0.5) / 2])


def test_ranks_are_over_all_and_within_the_phase_and_special_schools_are_apart() -> None:
    values = pd.Series([0.5, 0.9, 0.5, np.nan, 0.7])
    over_all, within = need_ranks(values, _phases("primary", "special", "primary", "primary", "secondary"))
    assert over_all.tolist() == [2, pd.NA, 2, pd.NA, 1]
    assert within.tolist() == [1, 1, 1, pd.NA, 1]


@st.composite
def forecasts(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.Series, dict[str, Weight]]:
    size = draw(st.integers(1, 8))
    chance = st.one_of(st.none(), st.floats(0, 1))
    fall, stuck, wide = (draw(st.lists(chance, min_size=size, max_size=size)) for _ in range(3))
    good = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    fall = [value if is_good else None for value, is_good in zip(fall, good, strict=True)]
    stuck = [None if is_good else value for value, is_good in zip(stuck, good, strict=True)]
    phase = draw(st.lists(st.sampled_from(["primary", "secondary"]), min_size=size, max_size=size))
    weights = {name: Weight(draw(st.floats(0.1, 3))) for name in NAMES}
    return _table(fall, stuck, wide), _phases(*phase), weights


@MANY
@given(forecasts(), st.data())
def test_need_never_falls_when_a_chance_rises(
    drawn: tuple[pd.DataFrame, pd.Series, dict[str, Weight]], data: st.DataObject
) -> None:
    table, phase, weights = drawn
    row = data.draw(st.integers(0, len(table) - 1))
    name = data.draw(st.sampled_from(["p_fall_if_inspected", "p_stuck", "p_gap_wide"]))
    before = need(table, phase, weights)
    changed = table.copy()
    changed.loc[row, name] = np.minimum(changed.loc[row, name] + data.draw(st.floats(0, 1)), 1.0)
    after = need(changed.assign(p_below_good=below_good(changed)), phase, weights)
    assert (after.isna() == before.isna()).all()
    assert (after.fillna(0) >= before.fillna(0) - 1e-12).all()


@MANY
@given(forecasts(), st.data())
def test_a_value_that_is_average_changes_no_need_when_it_becomes_known(
    drawn: tuple[pd.DataFrame, pd.Series, dict[str, Weight]], data: st.DataObject
) -> None:
    table, phase, weights = drawn
    before = need_of(table, phase, weights)
    unknown = np.flatnonzero(before.average["gap"])
    if not len(unknown):
        return
    row = data.draw(st.sampled_from(unknown.tolist()))
    mean = table.loc[(phase == phase[row]).to_numpy(), "p_gap_wide"].mean()
    known = table.assign(p_gap_wide=table["p_gap_wide"].where(table.index != row, mean))
    assert need(known, phase, weights).to_numpy() == pytest.approx(before.value, nan_ok=True)
