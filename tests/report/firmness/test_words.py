"""Firmness in words, as an object and as rows, each derived by hand."""

import json
from dataclasses import replace

from pilotage.domain.findings.explained import Certainty, Forced, Move
from pilotage.domain.findings.firmness import Draws, Firm, Kind, PlacementFirmness, PlanFirmness, Recurrence, Tied
from pilotage.report.firmness import words
from pilotage.report.firmness.firmness_rows import firmness_json, placement_rows, tied_rows
from pilotage.report.firmness.words import MOST, firmness_words, placement_words

OUT, INTO = Move("L7", "P1", 900001, "Park View"), Move("L9", "P3", 900003, "Moor End")
HERE = Recurrence(46, Forced(Certainty.EXACT, 5.1, (OUT,), (INTO,)), Firm.FIRM)  # 5.1 of 640 is 0.8%
SERVED = Recurrence(50, Forced(Certainty.IMPOSSIBLE), Firm.FIRM)
PLACED = PlacementFirmness("L7", ("P1",), Kind.PLACE, 900001, "Park View", HERE, SERVED)
FOUND = PlanFirmness(Draws(50, 50, 50, 50), (PLACED,), (), 0, 640.0, 16.0, worst_draws=False)
LINE = (
    "L7 at Park View (900001): in 46 of 50 simulations; leaving it out costs 5.1 pupil-months (0.8% of the plan): firm."
)


def test_a_placement_has_a_line_for_its_leader_and_one_for_its_school() -> None:
    anyone = "  The school with anyone: in 50 of 50 simulations; no plan keeps the rules without it: firm."
    assert placement_words(PLACED, FOUND) == [LINE, anyone]


def test_the_words_come_with_their_thresholds_in_pupil_months() -> None:
    lines = firmness_words(FOUND)
    assert lines[0] == "1 placement: 1 firm, 0 leaning, 0 coin-flip."
    assert "Being firm is not being right." in lines[1]
    assert lines[3].startswith(
        "firm: in at least 80% of the simulations, and leaving it out costs more than 3.2 pupil-months"
    )
    assert lines[4].endswith("in at most 50% of the simulations, or leaving it out costs at most 0.8 pupil-months (5%)")
    assert lines[-1] == "No school outside the plan is known to be tied with those in it, at 0.8 pupil-months or less."


def test_support_and_asks_are_called_so() -> None:
    assert placement_words(replace(PLACED, kind=Kind.ASK), FOUND)[0].startswith("ask for L7 at Park View")
    assert placement_words(replace(PLACED, kind=Kind.SUPPORT), FOUND)[0].startswith("support by L7 at Park View")


def test_what_is_not_proven_or_not_known_is_said() -> None:
    least = replace(PLACED, here=replace(HERE, without=Forced(Certainty.AT_LEAST, 5.1)))
    assert "leaving it out costs at least 5.1 pupil-months" in placement_words(least, FOUND)[0]
    unknown = replace(PLACED, here=replace(HERE, without=Forced(Certainty.UNKNOWN)))
    assert "is not known: no plan in time" in placement_words(unknown, FOUND)[0]


def test_draws_that_are_missing_or_open_are_counted() -> None:
    lines = firmness_words(replace(FOUND, draws=Draws(50, 30, 29, 27)))
    assert lines[1].startswith("30 simulations instead of 50")
    assert lines[2] == "In 1 simulation no plan was found in time; they are left out."
    assert lines[3] == "In 2 simulations the plan is not proven best."
    assert "in 46 of 29 simulations" in "\n".join(lines)


def test_the_least_firm_come_first_and_the_rest_is_counted() -> None:
    coin = replace(PLACED, leader_id="L8", here=replace(HERE, firm=Firm.COIN_FLIP))
    lines = firmness_words(replace(FOUND, placements=(PLACED, coin)))
    assert [line[:2] for line in lines if line.startswith(("L7", "L8"))] == ["L8", "L7"]
    many = firmness_words(replace(FOUND, placements=(PLACED,) * (MOST + 2)))
    assert "and 2 more placements (--json and --out have all)" in many


def test_tied_schools_are_named_with_the_move_that_brings_them_in() -> None:
    tied = Tied(900003, "Moor End", Forced(Certainty.EXACT, 0.3, (OUT,), (INTO,)))
    lines = firmness_words(replace(FOUND, tied=(tied,), undecided=2))
    assert lines[-3] == "Tied with the last ones chosen: 1 school, each costs 0.8 pupil-months at most."
    assert lines[-2] == "  Moor End (900003): 0.3 pupil-months, L9 here instead of L7 at Park View (900001)"
    assert lines[-1] == "2 more schools may be tied: too many to try, or not proven in time."


def test_an_empty_plan_has_nothing_to_judge() -> None:
    empty = replace(FOUND, placements=(), draws=Draws(50, 0, 0, 0))
    assert firmness_words(empty) == ["The plan places nobody: there is nothing to judge."]
    assert len(placement_rows(empty)) == len(tied_rows(empty)) == 0


def test_a_run_by_its_worst_draws_is_told_why_less_recurs() -> None:
    assert any("worst simulations" in line for line in firmness_words(replace(FOUND, worst_draws=True)))


def test_the_object_and_the_rows_have_every_figure() -> None:
    made = json.loads(json.dumps(firmness_json(FOUND)))
    assert (made["schema_version"], made["plan_months"], made["draws"]["solved"]) == (1, 640.0, 50)
    assert made["placements"][0]["here"]["without"]["into"][0]["leader_id"] == "L9"
    (row,) = placement_rows(FOUND).to_dict("records")
    assert (row["in_draws"], row["cost"], row["certainty"], row["firmness"]) == (46, 5.1, "exact", "firm")
    assert (row["school_in_draws"], row["school_certainty"], row["post_id"]) == (50, "impossible", "P1")


def test_a_leader_who_would_only_change_schools_is_named_once() -> None:
    moved = Forced(Certainty.EXACT, 0.3, (Move("L7", "P1", 900001, "Park View"),), (Move("L7", "P3", 900003, "Moor"),))
    assert words._instead(moved) == ", L7 here instead of at Park View (900001)"
