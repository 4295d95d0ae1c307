"""What each rule asks and how it stands, in words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest

from pilotage.case.record import RunRecord
from pilotage.config.rules.catalogue import BARS as RULE_BARS
from pilotage.config.rules.catalogue import MODELS
from pilotage.domain.bars import BAR_WORDS, Bar
from pilotage.domain.findings.explanation import RuleState
from pilotage.report.run.rule_words import asks, barred_words, in_order, price, rule_name, rule_table, standing

CAP: dict[str, Any] = {"sense": "<=", "activity": 8, "limit": 8, "binding": True}
SHARE: dict[str, Any] = {"measure": "share", "sense": ">=", "share_limit": 0.3, "whole": 50}
BARS: dict[str, Any] = {"acts": "bars", "unit": "pair", "closed_posts": 0}


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (CAP, "8 of at most 8"),
        (
            CAP | {"activity": 10, "breach": 2, "breach_price": 5.0},
            "10 of at most 8; 2 beyond it, which the plan pays for",
        ),
        ({"unit": "pound", "sense": "<=", "activity": 996_000, "limit": 1_000_000}, "£996,000 of at most £1,000,000"),
        ({"sense": ">=", "activity": 12, "limit": 10}, "12 of at least 10"),
        ({"sense": "<=", "activity": 0, "limit": 0, "binding": True}, "0 of at most 0"),  # a limit of 0 is a number
        (SHARE | {"share": 0.34, "activity": 17}, "34% of at least 30%"),
        (SHARE | {"share": 0.304, "activity": 15}, "30.4% of at least 30%"),
        (SHARE | {"share": 0.3, "activity": 15}, "30% of at least 30%"),
        (SHARE | {"share": 2 / 3, "share_limit": 0.6667}, "66.7% of at least 66.7%"),
        (SHARE | {"share": None, "activity": 0, "whole": 0}, "nothing is counted, so no share of at least 30%"),
        ({"measure": "structure"}, "kept"),
        ({"measure": "structure", "breach": 2, "breach_price": 1.0}, "broken 2 times, which the plan pays for"),
        ({"measure": "structure", "closed_posts": 3}, "kept; the reason why nobody may take 3 posts"),
        ({"can_bind": False}, "cannot bind: no plan could reach its limit"),
        (BARS | {"barred_alone": 1200}, "alone bars 1,200 pairs of leader and post"),
        (
            BARS | {"barred_alone": 0, "closed_posts": 2},
            "bars nothing by itself; the reason why nobody may take 2 posts",
        ),
        (BARS | {"unit": "post", "barred_alone": 1}, "alone closes 1 post"),
        (BARS | {"unit": "post", "barred_alone": 2, "closed_posts": 2}, "alone closes 2 posts"),
        (
            BARS | {"unit": "post", "barred_alone": 0, "closed_posts": 2},
            "closes no post by itself; the reason why nobody may take 2 posts",
        ),
        (BARS | {"breach_price": 2.0, "breach": 1}, "broken by 1 placement, which the plan pays for"),
        (BARS | {"breach_price": 2.0}, "kept by every placement"),
    ],
)
def test_how_a_rule_stands(state: dict[str, Any], text: str) -> None:
    assert standing(RuleState("name", "kind", **state)) == text


def test_every_bar_has_words() -> None:
    assert set(BAR_WORDS) == set(Bar)
    assert not set(RULE_BARS) & set(Bar)
    assert all(barred_words(code) for code in RULE_BARS)
    assert barred_words("held_back") == "held back by lot: in the trial's comparison group"


REQUIRED: dict[str, dict[str, Any]] = {
    "need_threshold": {"minimum": 0.5},
    "hold_back": {"posts": 3},
    "authority_cap": {"count": 8},
    "trust_cap": {"count": 1},
    "region_cap": {"count": 8},
    "area_minimum": {"count": 3, "areas": ["Derby", "Hull"]},
    "area_maximum": {"share": 0.3, "of": "pool"},
    "budget": {"total_gbp": 1_000_000, "per_year": True},
    "phase_balance": {"shares": {"all_through": {"maximum": 0.2}}},
    "case_quota": {"cases": {"c": {"urn": 1, "reason": "r", "author": "a"}}},
    "deprived_share": {"share": 0.4},
    "moves": {"earlier_plan": "placements.csv", "count": 5},
}
ASKED = {
    "consent": "the school agrees to receive a leader",
    "need_threshold": "the school's need is at least 50%",
    "hold_back": "the schools of 3 posts drawn by lot receive nobody: a trial's comparison group",
    "trust_cap": "at most 1 placement in any one trust",
    "teams": "a team goes whole to one school in one year, or not at all",
    "area_minimum": "at least 3 placements in Derby, Hull",
    "area_maximum": "at most 30% of the leaders of the pool in the areas of the list",
    "budget": "total cost at most £1,000,000 in each planning year",
    "phase_balance": "of the placements: all through schools 0% to 20%",
    "case_quota": "any number of placements in schools put forward",
    "executive_span": "an executive leader leads from 3 schools to the leader's span, or none",
}


def _kinds() -> list[str]:
    """Return every kind of rule of the schema."""
    return [kind for model in MODELS for kind in get_args(model.model_fields["rule"].annotation)]


@pytest.mark.parametrize("kind", _kinds())
def test_every_kind_of_rule_says_what_it_asks(make: Callable[..., RunRecord], worlds: Any, kind: str) -> None:
    known = {"pool": {"source": "files", "schools": "schools.csv"}} if kind == "leave_out_supported" else {}
    scenario = worlds.scenario(rules={"mine": {"rule": kind} | REQUIRED.get(kind, {})}, **known)
    text = asks(RuleState("mine", kind), scenario)
    assert text == ASKED.get(kind, text)
    assert len(text) > 10


def test_a_priced_rule_and_a_ban_say_so(worlds: Any) -> None:
    ban = {"leader_id": "L1", "urn": 105, "reason": "a relative works there", "author": "Ann"}
    scenario = worlds.scenario(rules={"level": {"rule": "level", "price": 5}}, bans={"b": ban})
    assert asks(RuleState("level", "level"), scenario) == (
        "the leader's level is the post's, or 5 pupil-months for each breach"
    )
    assert asks(RuleState("bans.b", "ban"), scenario) == (
        "L1 does not go to school 105 (banned by Ann: a relative works there)"
    )


def test_settings_are_named_as_settings(worlds: Any) -> None:
    state = RuleState("term", "term", measure="structure")
    assert rule_name(state) == "time.term_years"
    assert asks(state, worlds.scenario()) == "a leader starts once in 3 years"


def test_a_price_is_shown_where_the_limit_has_a_plain_unit() -> None:
    assert price(RuleState("b", "budget", unit="pound", price=0.005)) == "5.00 for £1,000"
    assert price(RuleState("c", "authority_cap", price=7.25)) == "7.2"
    assert price(RuleState("s", "area_minimum", measure="share", price=1.0)) == "—"
    assert price(RuleState("c", "authority_cap")) == "—"


def test_binding_rules_come_first_and_places_with_room_share_a_line(record: RunRecord) -> None:
    def cap(place: str, count: int) -> RuleState:
        full = count == 2
        return RuleState(
            "cap", "authority_cap", f"in {place}", (place,), **CAP | {"activity": count, "limit": 2, "binding": full}
        )

    none = RuleState("trusts", "trust_cap", label="at most", can_bind=False)
    states = (none, *record.rule_states[:1], cap("Derby", 0), cap("Leeds", 2), cap("York", 1), cap("Hull", 0))
    lines = rule_table(replace(record, rule_states=states))
    assert [line["name"] for line in lines] == ["cap: Leeds", "consent", "cap", "trusts"]
    assert lines[2]["label"] == "at most 2 placements in any one local authority"
    assert lines[2]["standing"] == "room in 3 of them; nearest to the limit: York, 1 of at most 2"
    assert [state.key for state in in_order(states)] == ["cap", "consent", "cap", "cap", "cap", "trusts"]
