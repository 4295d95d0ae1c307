"""Benefits that cannot be planned with are named before solving; negative ones can."""

import numpy as np
import pandas as pd
import pytest

from pilotage.errors import DataError
from pilotage.placement.formulation.problem import worth


def _pairs(benefit: float) -> pd.DataFrame:
    return pd.DataFrame({"leader_index": [0, 4], "post_index": [0, 7], "benefit": [1.0, benefit]})


@pytest.mark.parametrize("benefit", [np.nan, np.inf, -np.inf, 1e12])
def test_a_benefit_that_is_no_number_names_its_pair(benefit: float) -> None:
    with pytest.raises(DataError, match=r"leader 4, post 7.*1 benefits are not numbers.*finite, at most"):
        worth(_pairs(benefit))


def test_a_negative_benefit_stands() -> None:
    assert worth(_pairs(-2.5)).tolist() == [1000, -2500]
