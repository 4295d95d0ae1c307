"""What an alternative says of how far it is proven."""

import numpy as np
import pytest

from pilotage.domain.explanation import Alternative, Audit
from pilotage.domain.plan import Status
from pilotage.report.others import proven


@pytest.mark.parametrize(
    ("status", "most", "gap", "words"),
    [
        (Status.OPTIMAL, 5, 0.0, "proven"),
        (Status.WITHIN_GAP, 7, 0.0, "at most 2 more"),
        (Status.WITHIN_GAP, 5, 0.0005, "none has more; as many, a score at most 0.0500% higher"),
        (Status.FEASIBLE, 7, 0.1, "not proven, time ran out: at most 2 more"),
    ],
)
def test_an_alternative_says_what_its_proof_leaves_open(status: Status, most: int, gap: float, words: str) -> None:
    assert proven(Alternative(np.arange(9), 100, 5, status, Audit(()), most, gap)) == words
