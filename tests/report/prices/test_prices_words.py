"""Prices in words, as JSON and as rows, each derived by hand."""

import json
from dataclasses import replace

import pytest

from pilotage.domain.findings.prices import Price, PriceKind, PriceQuestion, Prices, PriceState, TypicalLeader
from pilotage.report.prices.price_rows import price_rows, prices_json
from pilotage.report.prices.terminal import prices_text
from pilotage.report.prices.words import sentence

HEAD = TypicalLeader("L7", "head", ("all_through", "primary", "secondary"), "North West", 40.0, 3)
CAP = PriceQuestion(
    PriceKind.PLACE, "authority-cap", "at most 8 placements in Derby", ("Derby",), "<=", "placement", "number", 8.0
)
BAN = PriceQuestion(PriceKind.BAN, "b", "nobody goes to post P1")
RULE = PriceQuestion(PriceKind.RULE, "four", "at least 4 secondary posts")


def _exact(question: PriceQuestion, months: float, worth: float = 100.0) -> Price:
    return Price(question, PriceState.EXACT, months, months, months, worth, 1)


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (
            _exact(PriceQuestion(PriceKind.LEADER, "L7", "", leader=HEAD), 23.88),
            "One more head for all-through, primary and secondary schools, living in North West (like L7, in the "
            "middle of the 3 of this kind, travel limit 40 km) would add 23.9 pupil-months.",
        ),
        (
            _exact(CAP, 4.0),
            "One more placement under authority-cap: Derby (at most 8 placements in Derby) would add 4.0 pupil-months.",
        ),
        (
            _exact(replace(CAP, key="floor", label="at least 2", part=(), sense=">="), 0.0),
            "One placement fewer asked for by floor (at least 2) would add nothing.",
        ),
        (
            _exact(replace(CAP, key="poor", label="at least 20%", part=(), sense=">=", unit="pupil_month"), 0.5),
            "One pupil-month fewer asked for by poor (at least 20%) would add 0.5 pupil-months.",
        ),
        (
            _exact(PriceQuestion(PriceKind.MONEY, "budget", "total cost at most £9,000"), 1.0),
            "£10,000 more under budget (total cost at most £9,000) would add 1.0 pupil-months.",
        ),
        (
            _exact(PriceQuestion(PriceKind.DISTANCE, "", "10 km farther"), -2.0),
            "10 km farther for every leader would cost 2.0 pupil-months.",
        ),
        (
            _exact(PriceQuestion(PriceKind.SUPPORT, "London", "support in London"), 2.0),
            "One more school supported in London would add 2.0 pupil-months.",
        ),
        (
            _exact(PriceQuestion(PriceKind.PIN, "p", "L1 takes P1"), 3.0),
            "Leaving out the pin p (L1 takes P1) would add 3.0 pupil-months.",
        ),
        (
            _exact(RULE, 12.3, 112.3),
            "The rule four (at least 4 secondary posts) costs 12.3 pupil-months: without it the plan would be worth "
            "112.3.",
        ),
        (
            _exact(RULE, -3.0, 97.0),
            "The rule four (at least 4 secondary posts) adds 3.0 pupil-months: without it the plan would be worth "
            "97.0.",
        ),
        (
            _exact(RULE, 0.0),
            "The rule four (at least 4 secondary posts) costs nothing: without it the plan would be worth the same.",
        ),
        (
            Price(RULE, PriceState.IMPOSSIBLE),
            "Leaving out the rule four (at least 4 secondary posts) would leave no plan that keeps the rules.",
        ),
        (
            Price(CAP, PriceState.BETWEEN, None, 0.0, 5.25, 103.0),
            "One more placement under authority-cap: Derby (at most 8 placements in Derby) would add between 0.0 and "
            "5.2 pupil-months: not both plans are proven best.",
        ),
        (
            Price(
                PriceQuestion(PriceKind.BAN, "b", "nobody goes to post P1"), PriceState.REFUSED, why=("pins.p - bad",)
            ),
            "Leaving out the ban b (nobody goes to post P1) would make a scenario that can't be planned: pins.p - bad.",
        ),
        (
            Price(PriceQuestion(PriceKind.DISTANCE, "", ""), PriceState.UNKNOWN),
            "10 km farther for every leader has no known price: no plan was found in time.",
        ),
    ],
)
def test_a_price_is_said_in_a_sentence(price: Price, words: str) -> None:
    assert sentence(price) == words


def test_the_terminal_has_a_part_for_each_kind_the_largest_first_and_names_what_is_nothing() -> None:
    some = (_exact(CAP, 1.0), _exact(replace(CAP, part=("Hull",)), 4.0), _exact(replace(CAP, part=("York",)), 0.0))
    lines = prices_text(Prices(100.0, True, (*some, _exact(RULE, 0.0)), answered=2))
    start = lines.index("One more place under each limit:")
    assert lines[start + 1].startswith("  One more placement under authority-cap: Hull")
    assert lines[start + 2].startswith("  One more placement under authority-cap: Derby")
    assert lines[start + 3] == "  Adds nothing: authority-cap: York."
    assert "  " + sentence(_exact(RULE, 0.0)) in lines
    assert "Both plans of each price are proven best." in lines
    assert "Not priced: 2 pins and bans that answers in tables make. They are facts, not choices." in lines


def test_json_and_rows_have_every_price() -> None:
    leader = PriceQuestion(PriceKind.LEADER, "L7", "", leader=HEAD)
    made = Prices(100.0, False, (_exact(leader, 2.5, 102.5), Price(CAP, PriceState.BETWEEN, None, 0.0, 5.0, 103.0)))
    stated = json.loads(json.dumps(prices_json(made)))
    assert (stated["schema_version"], stated["kind"], stated["plan_worth"]) == (1, "prices", 100.0)
    first, second = stated["prices"]
    assert (first["kind"], first["state"], first["months"], first["leader"]["of"]) == ("leader", "exact", 2.5, 3)
    assert (second["part"], second["months"], second["most"]) == (["Derby"], None, 5.0)
    rows = price_rows(made)
    assert rows["state"].tolist() == ["exact", "between"]
    assert rows["pupil_months"].isna().tolist() == [False, True]
    assert rows["at_most"].tolist() == [2.5, 5.0]
