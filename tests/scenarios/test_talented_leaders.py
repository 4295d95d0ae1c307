"""The programme of 2013 to 2018 as a scenario: 32 of 100 placed, as fitted, and what stays by the measured stay."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import resolve
from pilotage.report.folder import write_run

PROMISED, PLACED = 100, 32


@pytest.fixture(scope="module")
def programme() -> RunRecord:
    return pipeline.run(resolve("talented-leaders"))


def test_nobody_has_a_post_at_first_and_the_plan_is_proven_and_audited(programme: RunRecord) -> None:
    assert len(programme.pool.leaders) == PROMISED
    assert (programme.pool.leaders["level"] == "head").all()
    assert programme.posts.posts["prospect"].all()
    assert programme.plan.status.value == "optimal"
    assert programme.clean


def test_asking_in_order_places_32_and_what_stays_follows_from_the_measured_stay(programme: RunRecord) -> None:
    answers = programme.asking.answers
    assert answers is not None
    assert answers.placed.mean == pytest.approx(PLACED, abs=0.5)
    assert answers.first_round.mean < answers.placed.mean
    # Of those placed, between the share of secondary heads (0.647) and that of primary heads (0.793) stay three years.
    assert 0.647 < answers.in_post[2].mean / answers.placed.mean < 0.793
    after = [answers.placed.mean, *(count.mean for count in answers.in_post)]
    assert after == sorted(after, reverse=True)
    assert answers.spent_gbp.mean == pytest.approx(140_000 * PLACED, rel=0.05)  # and some relocation


def test_the_folder_says_in_which_order_each_head_asks(programme: RunRecord, tmp_path: Path) -> None:
    folder = write_run(programme, tmp_path / "run", force=False)
    asked = pd.read_csv(folder / "asks.csv")
    for _, mine in asked.groupby("leader_id"):
        ordered = mine.sort_values("ask_order")
        assert ordered["ask_order"].tolist() == list(range(1, len(mine) + 1))
        assert ordered["benefit"].is_monotonic_decreasing
        assert ordered["next_urn"].tolist()[:-1] == ordered["urn"].tolist()[1:]
    assert not set(asked["next_urn"].dropna()) - set(programme.urns.tolist())
    stated = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["expected"]["asked_in_order"]
    assert stated["placed"]["low"] < PLACED < stated["placed"]["high"]
