"""What is usual of similar schools, by hand."""

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.similar import FEWEST, Middle, Peers, peers_of, usual

URNS = pd.Index(range(1, 12), name="urn")


def _peers(fifth: list[float | None]) -> Peers:
    return Peers(pd.Series("primary", index=URNS), pd.Series(fifth, index=URNS, dtype=float))


def test_the_median_is_of_the_same_phase_and_fifth() -> None:
    found = usual(
        pd.Series([1.0, 2, 3, 4, 100, 10, 20, 30, 40, 50, None], index=URNS), _peers([1.0] * 5 + [2.0] * 5 + [1.0])
    )
    assert found.middle.tolist() == [3.0] * 5 + [30.0] * 5 + [3.0]
    assert found.similar.all()


def test_an_unknown_fifth_and_a_small_one_are_compared_with_the_phase() -> None:
    found = usual(
        pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], index=URNS), _peers([1.0] * 5 + [2.0] * 4 + [None] * 2)
    )
    assert found.middle.tolist() == [3.0] * 5 + [6.0] * 6
    assert found.similar.tolist() == [True] * 5 + [False] * 6


def test_with_few_known_values_nothing_is_usual() -> None:
    values = pd.Series([1.0, 2, 3, 4, *[None] * 7], index=URNS, dtype=float)
    assert np.isnan(usual(values, _peers([1.0] * 11)).middle).all()


def test_of_two_middle_values_the_asked_one_counts_and_what_more_than_half_have_is_shared() -> None:
    grades = pd.Series([2.0, 2, 2, 3, 3, 3], index=URNS[:6])
    peers = _peers([1.0] * 11)
    assert usual(grades, peers, "higher").middle.tolist() == [3.0] * 6
    assert usual(grades, peers).middle.tolist() == [2.5] * 6
    assert not usual(grades, peers, "higher").shared.any()
    most = usual(pd.Series([2.0, 2, 2, 2, 3, 1], index=URNS[:6]), peers)
    assert most.middle.tolist() == [2.0] * 6
    assert most.shared.all()


def test_the_samples_schools_have_a_phase_and_most_a_fifth(panel: SchoolPanel) -> None:
    urns = np.sort(panel.schools["urn"].to_numpy(dtype=np.int64))
    peers = peers_of(panel, urns)
    assert peers.phase.index.tolist() == urns.tolist()
    assert peers.phase.notna().all()
    assert set(peers.fifth.dropna()) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert 0.9 < peers.fifth.notna().mean() < 1


@pytest.mark.parametrize("interpolation", ["lower", "higher", "midpoint"])
def test_medians_are_those_of_pandas_to_the_last_digit(interpolation: Middle) -> None:
    draw = np.random.default_rng(1)
    index = pd.Index(range(400), name="urn")
    values = pd.Series(draw.normal(size=400).round(2), index=index).mask(draw.random(400) < 0.1)
    phase = pd.Series(draw.choice(["primary", "secondary", "special"], 400), index=index, dtype=object)
    fifth = pd.Series(draw.integers(1, 6, 400), index=index, dtype=float).mask(draw.random(400) < 0.1)
    found = usual(values, Peers(phase, fifth), interpolation)
    alike = [values.index[(phase == phase[at]) & (fifth == fifth[at])] for at in index]
    for row, among in enumerate(alike):
        known = values[among].dropna()
        group = known if len(known) >= FEWEST else values[phase == phase[row]].dropna()
        assert found.similar[row] == (len(known) >= FEWEST)
        assert found.middle[row] == group.quantile(0.5, interpolation=interpolation)
        assert found.shared[row] == ((group == found.middle[row]).mean() > 0.5)
