"""What an alternative says of how far it is proven."""

import numpy as np
import pytest

from pilotage.domain.findings.explanation import Alternative, Audit
from pilotage.domain.plan import Status
from pilotage.report.lists.alternatives import proven


@pytest.mark.parametrize(
    ("status", "most", "gap", "words"),
    [
        (Status.OPTIMAL, 5, 0.0, "proven"),
        (Status.FEASIBLE, 7, 0.1, "not proven to the end: at most 2 more"),
        (Status.FEASIBLE, 5, 0.0005, "not proven to the end: none has more; as many, a score at most 0.0500% higher"),
    ],
)
def test_an_alternative_says_what_its_proof_leaves_open(status: Status, most: int, gap: float, words: str) -> None:
    assert proven(Alternative(np.arange(9), 100, 5, status, Audit(()), most, gap)) == words
