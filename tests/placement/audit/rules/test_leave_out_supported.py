"""Leaders and support at schools that somebody supports already, in plans that were made without the rule."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pilotage.domain.known_schools import COLUMNS, KnownSchools


@pytest.mark.parametrize(
    ("supporters", "until", "keys", "refuses"),
    [
        ("RISE", None, {}, True),
        ("Hub;  rise ", "2016-08-31", {"by": ["RISE"], "what": "place"}, True),
        ("RISE", "2016-08-30", {}, False),
        ("RISE", None, {"by": ["Hub"]}, False),
        ("RISE", None, {"what": "support"}, False),
        (None, None, {}, False),
    ],
)
def test_a_leader_at_a_supported_school_is_refused(
    world: Callable[..., Any],
    refused: Callable[..., Any],
    supporters: str | None,
    until: str | None,
    keys: Any,
    refuses: bool,
) -> None:
    row = {"urn": 1, "supported_by": supporters, "supported_until": until}
    table = pd.DataFrame([row]).reindex(columns=["urn", *COLUMNS]).set_index("urn")
    known = KnownSchools(table.astype({"supported_until": "datetime64[ns]"}))
    small = world([{}])
    small = replace(small, posts=replace(small.posts, schools=known))
    pool = {"source": "files", "schools": "schools.csv"}
    rules = {"r": {"rule": "leave_out_supported"} | keys}
    assert refused(small, [[5]], rules=rules, pool=pool) == ({"rules.r": "L1 in P1"} if refuses else {})
