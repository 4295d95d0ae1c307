"""What a reason says of the gap, by hand."""

import pandas as pd

from pilotage.risk.gap.words import gap_parts
from pilotage.risk.similar import Peers


def _parts(months: list[float | None], fifth: float | None = 1.0) -> list[str]:
    index = pd.Index(range(1, len(months) + 1), name="urn")
    peers = Peers(pd.Series("secondary", index=index), pd.Series(fifth, index=index, dtype=float))
    return gap_parts(pd.Series(months, index=index, dtype=float), peers)


def test_a_gap_is_named_where_it_is_wider_than_in_similar_schools() -> None:
    found = _parts([16.2, 12.0, 12.0, 12.0, 3.0, None])
    assert found[0] == "disadvantaged pupils 16 months behind, 4 more than in similar schools"
    assert found[1:] == [""] * 5


def test_pupils_who_are_ahead_are_no_reason_though_similar_schools_are_further_ahead() -> None:
    assert _parts([-1.0, -9.0, -9.0, -9.0, -9.0]) == [""] * 5


def test_less_than_a_month_more_is_not_named() -> None:
    assert _parts([12.4, 12.0, 12.0, 12.0, 12.0]) == [""] * 5


def test_a_month_is_one_month_and_an_unknown_fifth_is_compared_with_the_phase() -> None:
    found = _parts([1.2, -1.0, -1.0, -1.0, -1.0], None)
    assert found[0] == "disadvantaged pupils 1 month behind, 2 more than in schools of its phase"
