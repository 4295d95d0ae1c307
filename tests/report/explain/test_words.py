"""Words of what bars a leader and of what forcing costs, each derived by hand."""

import json
from dataclasses import replace

import pytest

from pilotage.domain.findings.explained import (
    BarKind,
    Barrier,
    Certainty,
    Change,
    Forced,
    LeaderExplained,
    Listed,
    Move,
    Option,
    Risk,
    SchoolExplained,
    Worth,
)
from pilotage.report.explain.as_json import explained_json
from pilotage.report.explain.leader import leader_tables, leader_words
from pilotage.report.explain.school import school_tables, school_words
from pilotage.report.explain.words import barrier_words, change_words, cost_words

WORTH = Worth(45.0, 1.5, 40.0, 0.75, None, 0.0, 0.0, 0.0, 0.8, 0.0, 12.34)  # 0.75 x 1.5 x 40 = 45
FAR = Barrier("rules.travel", BarKind.DISTANCE, 41.0, 40.0)
LOST = Forced(
    Certainty.EXACT, 12.34, (Move("L1", "P1", 900001, "Old School"),), (Move("L1", "P2", 900002, "New School"),)
)


@pytest.mark.parametrize(
    ("barrier", "words"),
    [
        (FAR, "41 km away, the limit is 40 km (rules.travel)"),
        (Barrier("rules.travel", BarKind.DISTANCE, 40.2, 40.0), "40.2 km away, the limit is 40 km (rules.travel)"),
        (Barrier("rules.need", BarKind.NEED, 0.31, 0.4), "its need is 31%, the threshold is 40% (rules.need)"),
        (
            Barrier("rules.level", BarKind.SUITS, "senior", "head", "level"),
            "the post asks for head, the leader has senior (rules.level)",
        ),
        (
            Barrier("rules.phase", BarKind.SUITS, "primary;all_through", "secondary", "phase"),
            "the post asks for secondary, the leader has primary, all-through (rules.phase)",
        ),
        (
            Barrier("rules.subject", BarKind.SUITS, None, "maths", "subject"),
            "the post asks for maths, the leader has none (rules.subject)",
        ),
        (
            Barrier("rules.free", BarKind.FREE, "2017-01-01", "2016-09-01"),
            "free from 1 January 2017, the post needs somebody by 1 September 2016 (rules.free)",
        ),
        (
            Barrier("rules.travel", BarKind.REGION, "London", "North West;North East"),
            "the school is in London, the leader works in North West, North East (rules.travel)",
        ),
        (Barrier("late", BarKind.CLOSED, code="late"), "opens after the last year of the plan"),
        (Barrier("bans.x", BarKind.BAN, code="conflict_of_interest"), "a conflict of interest (bans.x)"),
        (Barrier("own_post", BarKind.OWN_POST), "the leader holds that level in that school already"),
    ],
)
def test_a_barrier_says_its_figure_and_its_limit(barrier: Barrier, words: str) -> None:
    assert barrier_words(barrier) == words


@pytest.mark.parametrize(
    ("forced", "words"),
    [
        (LOST, "12.3"),
        (Forced(Certainty.AT_LEAST, 4.0), "at least 4.0"),
        (Forced(Certainty.IMPOSSIBLE), "not possible under the rules"),
        (Forced(Certainty.UNKNOWN), "not known: no plan in time"),
        (None, "—"),
    ],
)
def test_a_cost_says_how_far_it_is_known(forced: Forced | None, words: str) -> None:
    assert cost_words(forced) == words


def test_a_change_says_both_values_and_what_the_best_plan_would_do() -> None:
    limit = Change("max_travel_km", 40.0, 41.0, "L7", True, 3.0)
    assert change_words(limit) == (
        "max_travel_km of L7: 41 instead of 40. The best plan would then gain 3.0 pupil-months, with this school in it."
    )
    share = Change("rules.floor.top_share", 0.3333, 0.42, None, False, 0.0, Forced(Certainty.EXACT, 5.0))
    assert change_words(share) == (
        "rules.floor.top_share: 0.42 instead of 0.3333. The best plan would then gain 0.0 pupil-months, still without "
        "this school; with it, the plan would lose 5.0."
    )
    cap = Change("rules.cap: Derby", 8, 9, None, False, 10.0, Forced(Certainty.EXACT, -3.0))
    assert change_words(cap).endswith("still without this school; with it, the plan would gain 3.0.")
    assert change_words(Change("rules.x.grace_days", 0, 30)).endswith("Nobody could go there all the same.")


def _school(forced: Forced | None = LOST) -> SchoolExplained:
    may = Option("L1", "P1", 900001, "Hill School", False, worth=WORTH, forced=forced)
    barred = Option("L2", "P1", 900001, "Hill School", False, barriers=(FAR,))
    return SchoolExplained(
        urn=900001,
        school="Hill School",
        phase="primary",
        place="Blackpool",
        listed=Listed(7, 3, None, (), supported=False, asked=()),
        risk=Risk(0.8, None, 0.3, None, None, "Absence is high."),
        options=(may, barred),
        forced=forced,
        left_out=None,
        changes=(),
        posts=1,
        objective_months=1000.0,
    )


def test_a_school_that_was_not_chosen_has_its_cost_who_moves_and_the_gap() -> None:
    words = school_words(_school())
    assert words[0] == "Hill School, URN 900001: primary school in Blackpool"
    assert "Schools to worry about: number 7, 3 in its phase." in words
    assert "Ask next: not in the list." in words
    assert "Risk: need 80%, leadership falls if inspected 30%." in words
    assert "Why: Absence is high." in words
    assert "Benefit of the best leader here, L1: 45.0 pupil-months." in words
    assert "Why not: to have it in the plan would cost 12.3 pupil-months." in words
    assert "  no longer: L1 at Old School (900001)" in words
    assert "  instead:   L1 at New School (900002)" in words
    assert words[-1] == "It would be chosen if a leader here were worth 12.3 pupil-months more."


def test_a_school_where_nobody_may_go_names_what_bars_every_leader() -> None:
    consent = Barrier("rules.consent", BarKind.CLOSED, code="consent_unknown")
    options = tuple(
        Option(leader, "P1", 900001, "Hill School", False, barriers=barriers)
        for leader, barriers in (("L1", (consent,)), ("L2", (consent, FAR)))
    )
    words = school_words(replace(_school(None), options=options))
    assert "Why not: nobody may go there." in words
    assert "Every leader is barred by this: consent is not yet known (rules.consent)." in words
    assert words[-1] == "No change of one figure alone, and no consent alone, was found that would let somebody in."


def test_the_tables_of_a_school_have_factors_costs_and_reasons() -> None:
    may, barred = school_tables(_school())
    assert may.rows == (("L1", "P1", "12.3", "75%", "1.5", "40.0", "0.0", "45.0", "12.3"),)
    assert barred.rows == (("L2", "P1", "41 km away, the limit is 40 km (rules.travel)"),)


def _leader(*, without: Forced | None) -> LeaderExplained:
    option = Option("L1", "P1", 900001, "Hill School", without is not None, worth=WORTH)
    why = None if without else "no secondary head post within 40 km"
    return LeaderExplained("L1", None, "head", "primary;secondary", (option,), (), 1, without, why, 1000.0)


def test_a_leader_of_the_plan_has_what_dropping_out_costs() -> None:
    words = leader_words(_leader(without=LOST))
    assert words[0] == "Leader L1: head, primary, secondary"
    assert "In the plan: P1 at Hill School (900001)." in words
    assert "If the leader drops out, the best plan is worth 12.3 pupil-months less." in words
    assert leader_tables(_leader(without=LOST))[0].rows[0][-1] == "in the plan"


def test_a_leader_without_a_post_has_the_reason() -> None:
    assert "Not in the plan: no secondary head post within 40 km." in leader_words(_leader(without=None))


def test_json_has_a_schema_version_and_the_kind() -> None:
    made = json.loads(json.dumps(explained_json(_school())))
    assert (made["schema_version"], made["kind"], made["forced"]["months"]) == (1, "school", 12.34)
    assert made["options"][1]["barriers"][0] == {
        "rule": "rules.travel",
        "kind": "distance",
        "found": 41.0,
        "wanted": 40.0,
        "code": "",
    }


def test_a_school_of_the_plan_says_what_it_is_worth_there() -> None:
    placed = replace(_school(None), left_out=LOST, listed=Listed(None, None, 4, ("L1",), supported=True, asked=("L2",)))
    words = school_words(placed)
    assert "Schools to worry about: no place, since its need is not known." in words
    assert "Ask next: number 4." in words
    assert "It is in the plan. Without it the best plan is worth 12.3 pupil-months less." in words


def test_a_school_without_a_post_says_so() -> None:
    words = school_words(replace(_school(None), options=(), posts=0))
    assert words[-1] == "Why not: it has no post."
    assert not any(line.startswith("Benefit") for line in words)


def test_every_factor_of_a_benefit_has_its_line() -> None:
    asked = replace(WORTH, chance_open=0.4, price=2.5)
    option = Option("L1", "P1", 900001, "Hill School", False, worth=asked, forced=LOST)
    words = school_words(replace(_school(), options=(option,)))
    assert "  x chance that the post comes open      40%" in words
    assert "  - 2.5 that priced rules charge" in words
    assert school_tables(replace(_school(), options=(option,)))[0].rows[0][3] == "30%"  # 0.75 x 0.4


def test_a_change_under_which_the_cost_is_not_known_says_that() -> None:
    late = Change("consent", "no", "yes", None, False, 1.0, Forced(Certainty.UNKNOWN))
    assert change_words(late) == (
        "consent of this school: yes instead of no. The best plan would then gain 1.0 pupil-months, still without this "
        "school; with it: not known: no plan in time."
    )
    assert change_words(replace(late, forced=None)).endswith("still without this school.")
