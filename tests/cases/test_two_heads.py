"""Case 12: a school has one head in a planning year, unless the table says that they share the job."""

import json
from typing import Any

import pytest

SHARE = {"job_share": "yes"}


@pytest.mark.parametrize("level", ["head", "executive"])
@pytest.mark.parametrize(
    "days", [("2016-09-01", "2016-09-01"), ("2016-09-01", "2017-08-31"), ("2015-01-01", "2017-01-04")]
)
def test_two_posts_of_a_head_level_in_one_planning_year_are_refused(case: Any, level: str, days: Any) -> None:
    posts = [{"level": level, "opens_on": day} for day in days]
    done = case.place([{"level": level}, {"level": level}], [posts[0], {"urn": 900006}, posts[1]])
    assert done.code == 3
    assert (
        f"posts.csv, row 4 - urn = 900004, a second {level} post in the planning year from September 2016" in done.err
    )
    assert "the first is in row 2" in done.err
    assert f"one {level} post in a school and planning year, or job_share = yes in every row" in done.err


def test_of_three_both_later_ones_are_named(case: Any) -> None:
    done = case.place([{}], [{}, {}, {}])
    assert done.code == 3
    assert [line.split(" - ")[0].rpartition(", ")[2] for line in done.err.splitlines()] == ["row 3", "row 4"]


@pytest.mark.parametrize("said", [({}, SHARE), (SHARE, {"job_share": "no"})])
def test_one_row_that_says_so_is_not_enough(case: Any, said: Any) -> None:
    assert case.place([{}], list(said)).code == 3


def test_a_word_that_is_neither_yes_nor_no_is_named_once(case: Any) -> None:
    done = case.place([{}], [{"job_share": "perhaps"}])
    assert done.code == 3
    assert done.err.count("error:") == 1
    assert "job_share = 'perhaps' - yes or no" in done.err


@pytest.mark.parametrize(
    "posts",
    [
        [{}, {"level": "executive"}],  # a head, and an executive leader above
        [{}, {"urn": 900006}],
        [{"level": "senior"}, {"level": "senior"}],
    ],
)
def test_what_is_no_second_headship_is_planned(case: Any, posts: Any) -> None:
    assert case.place([{"level": "senior"}, {"level": "senior"}], posts).code == 0


def _benefit(case: Any, out: str = "out") -> float:
    plan = json.loads((case.work / out / "plan.json").read_text(encoding="utf-8"))
    assert plan["audit_clean"]
    return float(plan["objective"])


def test_heads_who_share_a_job_count_the_schools_pupils_once(case: Any) -> None:
    assert case.place([{}], [{}], out="alone").code == 0
    done = case.place([{}, {}], [SHARE, SHARE], out="shared")
    assert done.code == 0
    assert _benefit(case, "shared") == pytest.approx(_benefit(case, "alone"), abs=0.002)


def test_a_post_filled_again_in_the_next_year_is_planned_and_counts_pupils_once(case: Any) -> None:
    """The leader of u-twoyears may start twice; pupils of a year have the effect of one head, so less than double."""
    years = ("time.years=2", "time.term_years=1")
    assert case.place([{}], [{}], *years, out="once").code == 0
    done = case.place([{}], [{}, {"opens_on": "2017-09-01"}], *years, out="twice")
    assert done.code == 0
    assert _benefit(case, "once") <= _benefit(case, "twice") < 1.9 * _benefit(case, "once")
