"""A school given by its name: the URN that it stands for, and each name that is of no school or of several."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pilotage.config.overlay import resolve
from pilotage.domain.panel import SchoolPanel
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.school_names import with_named_schools

SCHOOLS = [
    (1, "St Mary's Primary School", "Derby", "DE1 1AA", None),
    (2, "St Mary's Primary School", "Leicester", "LE1 1AA", None),
    (3, "Hillside School", "Derby", "DE2 2BB", "2015-08-31"),
    (4, "Hillside School", "Derby", "DE2 2BB", None),
    (5, "Old Mill School", "Derby", "DE3 3CC", "2015-08-31"),
]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> SchoolPanel:
    """Return five schools: two of one name, two of which one has closed, and one that has closed."""
    whole = load_panel(resolve("baseline").scenario, cache=tmp_path_factory.mktemp("cache"), say=print)
    schools = whole.schools.head(len(SCHOOLS)).reset_index(drop=True)
    for place, column in enumerate(("urn", "name", "authority", "postcode")):
        schools[column] = [row[place] for row in SCHOOLS]
    schools["closed_on"] = pd.to_datetime(pd.Series([row[4] for row in SCHOOLS]))
    return replace(whole, schools=schools)


def _read(panel: SchoolPanel, *rows: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame([{name: row.get(name) for name in columns} for row in rows], dtype=object)
    table, problems = with_named_schools(frame.astype(object).where(frame.notna(), None), panel, "posts")
    return table["urn"].tolist() if "urn" in table else [], problems


@pytest.mark.parametrize(
    ("row", "urn"),
    [
        ({"school_name": "St Mary's Primary School", "authority": "Leicester"}, 2),
        ({"school_name": "ST MARYS  primary school", "postcode": "de11aa"}, 1),
        ({"school_name": "St Mary’s Primary School", "authority": "DERBY", "postcode": "DE1 1AA"}, 1),
        ({"school_name": "Hillside School"}, 4),
        ({"school_name": "Old Mill School"}, 5),
        ({"school_name": "Hillside School", "urn": None}, 4),
        ({"school_name": "Hillside School", "urn": 4}, 4),
        ({"school_name": "Hillside Academy", "urn": 4}, 4),
        ({"school_name": None, "urn": 2}, 2),
        ({"school_name": "Hillside School", "urn": 99}, 99),
    ],
)
def test_a_name_that_one_school_has_gives_its_urn(panel: SchoolPanel, row: dict[str, Any], urn: int) -> None:
    assert _read(panel, row) == ([urn], [])


def test_a_table_without_names_is_left_as_it_is(panel: SchoolPanel) -> None:
    assert _read(panel, {"urn": 7}) == ([7], [])


@pytest.mark.parametrize(
    ("row", "what", "allowed", "do"),
    [
        (
            {"school_name": "St Mary's Primary School"},
            "2 schools have this name",
            "in Derby, urn 1; ",
            "write the urn, or which of them in authority or postcode",
        ),
        ({"school_name": "Hilside School"}, "no school has this name", "as the data has it", "in Derby, urn 4"),
        ({"school_name": "zzzz"}, "no school has this name", "as the data has it", "write the urn"),
        ({"school_name": "<b>=1+1</b>😀" + "x" * 300}, "...': no school has this name", "", "write the urn"),
        (
            {"school_name": "St Mary's Primary School", "authority": "London"},
            "schools have this name, not with authority 'London'",
            "",
            "in Leicester, urn 2",
        ),
        (
            {"school_name": "Hillside School", "urn": 1},
            "urn = 1, which is \"St Mary's Primary School\", and school_name is that of 'Hillside School'",
            "the urn and the name of one school",
            "correct one of them",
        ),
    ],
)
def test_a_name_that_does_not_say_which_school_is_refused(
    panel: SchoolPanel, row: dict[str, Any], what: str, allowed: str, do: str
) -> None:
    _, (problem,) = _read(panel, row)
    assert what in problem.what
    assert allowed in problem.allowed
    assert do in problem.do
    assert (problem.where, problem.spot.row, problem.spot.column) == ("posts, row 2", 2, "school_name")


def test_of_many_schools_of_one_name_the_first_are_listed(panel: SchoolPanel) -> None:
    schools = pd.concat([panel.schools.head(1).assign(urn=urn) for urn in range(10, 17)], ignore_index=True)
    _, (problem,) = _read(replace(panel, schools=schools), {"school_name": "St Mary's Primary School"})
    assert "7 schools have this name" in problem.what
    assert problem.allowed.endswith("and 2 more")
