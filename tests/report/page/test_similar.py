"""Similar schools: derived by hand, and never of another phase."""

import numpy as np
import pandas as pd

from pilotage.report.page.schools.similar import HOW_MANY, NEIGHBOURS, similar_schools


def _schools(rows: list[tuple[str, float | None, float | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["phase", "pupils", "disadvantaged_pupils"])


def test_the_nearest_by_share_and_size_come_first() -> None:
    # shares 0.1, 0.1, 0.5, 0.5; sizes 100, 200, 100, 200: shares spread 0.2, logarithms of sizes 0.35, each one step
    schools = _schools([("primary", 100, 10), ("primary", 200, 20), ("primary", 100, 50), ("primary", 800, 80)])
    found = similar_schools(schools)
    assert found[0][0] == 1  # the same share, nearest in size
    assert found[1][0] == 0
    assert all(len(near) == 3 for near in found)


def test_no_school_of_another_phase_and_none_that_lacks_a_figure() -> None:
    schools = _schools(
        [("primary", 100, 10), ("secondary", 100, 10), ("primary", None, None), ("primary", 0, 0), ("primary", 90, 9)]
    )
    assert similar_schools(schools) == [[4], [], [], [], [0]]


def test_schools_that_are_all_alike_are_similar_in_their_order() -> None:
    found = similar_schools(_schools([("primary", 100, 10)] * 8))
    assert found[0] == [1, 2, 3, 4, 5]
    assert all(place not in near and len(set(near)) == HOW_MANY for place, near in enumerate(found))


def test_the_window_holds_the_nearest_of_a_brute_force_search() -> None:
    random = np.random.default_rng(3)
    pupils = random.integers(50, 900, NEIGHBOURS)
    schools = pd.DataFrame({"phase": "primary", "pupils": pupils, "disadvantaged_pupils": pupils * random.random(30)})
    traits = np.column_stack([schools["disadvantaged_pupils"] / pupils, np.log(pupils)])
    scaled = traits / traits.std(axis=0)
    distance = ((scaled[:, None] - scaled[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    assert similar_schools(schools) == np.argsort(distance, axis=1)[:, :HOW_MANY].tolist()
