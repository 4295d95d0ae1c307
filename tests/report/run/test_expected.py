"""What a plan comes to, by hand: two placements of the small run."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pilotage.case.record import RunRecord
from pilotage.report.run.expected import expected, expected_facts, expected_line
from pilotage.report.terminal import summary_text


def _record(make: Callable[..., RunRecord]) -> RunRecord:
    record = make()
    pairs = record.impact.pairs.assign(acceptance=0.5, stay=0.8, cost_gbp=10_000)
    pairs.loc[record.plan.chosen[0], ["acceptance", "stay", "cost_gbp"]] = [0.8, 0.5, 20_000]
    return replace(record, impact=replace(record.impact, pairs=pairs))


def test_each_offer_counts_by_its_chances(make: Callable[..., RunRecord]) -> None:
    of = expected(_record(make))
    assert of.offers == 2
    assert of.yes == pytest.approx(0.8 + 0.5)
    assert of.in_post == pytest.approx(0.8 * 0.5 + 0.5 * 0.8)
    assert of.committed_gbp == 30_000
    assert of.spent_gbp == pytest.approx(0.8 * 20_000 + 0.5 * 10_000)


def test_it_is_said_in_one_sentence(make: Callable[..., RunRecord]) -> None:
    record = _record(make)
    assert expected_line(record) == (
        "Of 2 offers about 1 are expected to be accepted, and about 1 leaders to be in post three years later; the "
        "cost is £30,000 if all are accepted, about £21,000 as expected."
    )
    assert expected_line(record) in summary_text(record)
    assert expected_facts(record)["offers"] == 2


def test_a_plan_that_places_nobody_expects_nothing(make: Callable[..., RunRecord]) -> None:
    record = make()
    nobody = replace(record, plan=replace(record.plan, chosen=record.plan.chosen[:0]))
    assert expected_line(nobody) == ""
    assert expected_facts(nobody) == {"offers": 0, "yes": 0, "in_post": 0, "committed_gbp": 0, "spent_gbp": 0}
