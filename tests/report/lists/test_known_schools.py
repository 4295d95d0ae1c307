"""Marks of what planners know of schools."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pilotage.domain.answers import Answer, Asked
from pilotage.domain.known_schools import COLUMNS, KnownSchools
from pilotage.report.lists.known_schools import advertised_again, school_marks

EVERY = "middle;senior;head;executive"
ROWS = [
    {"urn": 1, "supported_by": "RISE; Hub", "supported_until": "2027-08-31", "note": "visit in October"},
    {"urn": 2, "supported_by": "RISE", "supported_until": "2016-08-30", "readvertised": "head;senior"},
    {"urn": 3, "supported_by": "RISE", "supported_until": "2016-08-31", "readvertised": EVERY},
    {"urn": 4, "readvertised": "no"},
]


def _record() -> Any:
    """Return what the marks look at, of a run on 31 August 2016."""
    table = pd.DataFrame(ROWS).reindex(columns=["urn", *COLUMNS]).set_index("urn")
    said = Answer(Asked(5, None), "body", "refused", None, None, None, Path("schools.csv"), 6, standing=True)
    schools = KnownSchools(table.astype({"supported_until": "datetime64[ns]"}), {5: said})
    posts = pd.DataFrame({"post_id": ["P1", "P2", "P3"], "readvertised": [True, None, False]})
    typed = posts.astype({"readvertised": "boolean"})
    return SimpleNamespace(
        posts=SimpleNamespace(schools=schools, posts=typed), scenario=SimpleNamespace(as_of=date(2016, 8, 31))
    )


def test_each_school_has_its_own_mark() -> None:
    assert school_marks(_record(), [1, 2, 3, 4, 5, 6]) == [
        "supported by RISE and Hub until 31 Aug 2027; note: visit in October",
        "advertised again: head, senior",
        "supported by RISE until 31 Aug 2016; a post was advertised again",
        "",
        "refused by the responsible body",
        "",
    ]


def test_a_post_has_its_own_mark() -> None:
    marks = advertised_again(_record(), ["P3", "P1", "P2", "support: 4"])
    assert marks == ["", "the post was advertised again", "", ""]
