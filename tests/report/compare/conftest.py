"""A comparison with something of every kind in it."""

import pytest

from pilotage.domain.findings.comparison import Comparison
from tests.report.compare.made import comparison


@pytest.fixture
def found() -> Comparison:
    """Return the comparison."""
    return comparison()
