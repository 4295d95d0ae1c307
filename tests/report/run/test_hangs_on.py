"""What a plan hangs on, in words: figures set by hand."""

from collections.abc import Callable
from dataclasses import replace

from pilotage.case.record import RunRecord
from pilotage.domain.findings.hangs_on import Assumed, Doubt, Flag, HangsOn, Trial
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.page.page import page
from pilotage.report.run.hangs_on import flag_rows, hangs_on_facts, hangs_on_lines, trial_rows
from pilotage.report.terminal import summary_text

TRIALS = (
    Trial(Assumed.EQUAL_RISKS, None, None, True, 2, 1, 18.0, 15.0, 0.5),
    Trial(Assumed.NO_NEED_FLOOR, None, None, True, 2, 1, 25.0, 20.0, 0.5),
    Trial(Assumed.PARAMETER, "carry_over", 0.0, True, 2, 2, 12.0, 9.0, 0.0),
    Trial(Assumed.PARAMETER, "carry_over", 1.0, False),
)
FIRM = HangsOn(1.0, TRIALS, (Flag(0, (Doubt.BEYOND_LIMIT, Doubt.UNLIKELY_YES)),), ("origin_loss_share",))


def _firm(record: RunRecord, firm: HangsOn | None = FIRM) -> RunRecord:
    return replace(record, hangs_on=firm)


def test_the_sentences_say_every_figure(record: RunRecord) -> None:
    assert hangs_on_lines(_firm(record)) == [
        "If all risks were equal, so that no school were below the need floor, the plan would have 2 placements, 1 of "
        "them not in this plan.",
        "100% of placements are in the fifth of their phase at highest need (50% with equal risks).",
        "The need floor costs 5 pupil-months, 20% of what the plan without it would add, as modelled. It is a "
        "value, not a fact.",
        "The assumption that moves the plan most: carry over. At 0, the best plan would have 2 placements, 2 of them "
        "not in this plan; this plan would add 9 pupil-months, the best one 12.",
        "1 placement to look at first: 1 beyond the leader's travel limit; 1 the chance of a yes is under 30%.",
        "1 assumption was not tried: the decision is too large.",
    ]


def test_trials_that_stop_at_a_gap_say_so(record: RunRecord) -> None:
    firm = replace(FIRM, gap=0.005)
    assert (
        hangs_on_lines(_firm(record, firm))[-1]
        == "Each other plan is proven within 0.5% of the best under its assumption."
    )
    assert (hangs_on_facts(_firm(record, firm)) or {})["gap"] == 0.005


def test_what_was_not_tried_is_not_said(record: RunRecord) -> None:
    assert hangs_on_lines(record) == []
    assert hangs_on_facts(record) is None
    assert "What the plan hangs on" not in "\n".join(summary_text(record))


def test_a_plan_that_no_assumption_moves_says_so(record: RunRecord) -> None:
    still = Trial(Assumed.PARAMETER, "carry_over", 0.0, True, 2, 0, 12.0, 12.0, 0.0)
    lines = hangs_on_lines(_firm(record, HangsOn(None, (still,), ())))
    assert lines == ["No assumption changes the plan when it is moved over its range."]


def test_plan_json_has_the_figures(record: RunRecord) -> None:
    facts = hangs_on_facts(_firm(record))
    assert facts is not None
    assert facts["need_floor_costs"] == 5.0
    assert facts["flags"][0]["doubts"] == ["beyond_the_leaders_limit", "unlikely_to_be_accepted"]
    assert [trial["differing"] for trial in facts["trials"]] == [1, 1, 2, None]
    assert facts["not_tried"] == ["origin_loss_share"]


def test_page_and_terminal_show_it(make: Callable[..., RunRecord]) -> None:
    record = _firm(make())
    ranked = ranked_schools(record)
    html = page(record, ranked, placements(record))
    assert "What the plan hangs on" in html
    assert "no plan found" in html
    assert "What the plan hangs on:" in summary_text(record)
    assert [row["why"] for row in flag_rows(record)] == [
        "beyond the leader's travel limit; the chance of a yes is under 30%"
    ]
    assert trial_rows(record)[2]["differing"] == "2 of 2 placements"
