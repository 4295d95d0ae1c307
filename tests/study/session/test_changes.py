"""What was changed in a question, in words: each change once, with its value before."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from pilotage.domain.panel import SchoolPanel
from pilotage.report.compare.words import change
from pilotage.study.session.changes import changes
from pilotage.study.session.question import Question, opened, read_again, with_edits, without_entry

BUDGET, FLOOR = ("rules", "budget"), ("rules", "need-floor")
PIN = {"leader_id": "L1", "urn": 900001, "reason": "Agreed.", "author": "Ann"}


def _told(question: Question, panel: SchoolPanel | None = None) -> list[str]:
    return [change(each.words) for each in changes(question, panel)]


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        (
            {("outcomes", "gap_widening", "weight"): 2.0},
            "Weight in need, the gap of disadvantaged pupils: 2 (before: 1)",
        ),
        ({("pool", "leaders"): "tables/leaders-998dfe56.csv"}, "Leaders: leaders-998dfe56.csv (before: the sample's)"),
        ({("pool", "leave_out"): ["L1", "L2"]}, "Leaders left out: L1; L2 (before: none)"),
        ({("scope", "regions"): ["London"]}, "Regions in scope: London (before: all)"),
        (
            {("impact", "parameters", "carry_over"): 0.75},
            "How much of a school's leadership its next head is expected to have (carry-over): 0.75 (before: 0.5, the "
            "evidence's)",
        ),
        (
            {(*BUDGET, "total_gbp"): 5000},
            "Rule budget: total cost at most £5,000 (before: total cost at most £1,000,000)",
        ),
        ({("report", "top"): 20}, "How many schools the page shows first: 20 (as before)"),
        ({("pins", "p"): PIN}, "Pin of L1 at school (900001): added (Ann: Agreed.)"),
    ],
)
def test_a_change_is_told_with_its_value_before(edits: dict[tuple[str, ...], Any], told: str) -> None:
    assert _told(with_edits(opened("baseline"), edits)) == [told]


def test_a_removed_rule_is_told_by_what_it_asked() -> None:
    told = "Rule need-floor: removed (the school's need is among the highest 33% of its phase)"
    assert _told(without_entry(opened("baseline"), FLOOR)) == [told]


def test_an_entry_that_was_given_value_by_value_is_one_change() -> None:
    values = {("rules", "new", "rule"): "trust_cap", ("rules", "new", "count"): 1}
    made = changes(with_edits(opened("baseline"), values), None)
    assert [each.key for each in made] == [("rules", "new")]
    assert change(made[0].words) == "Rule new: added (at most 1 placement in any one trust)"


def test_two_values_of_a_rule_that_is_there_are_two_changes_each_told_alone() -> None:
    cap = ("rules", "trust-cap")
    before = opened("baseline").scenario.rules["trust-cap"].asks()
    told = _told(with_edits(opened("baseline"), {(*cap, "count"): 1, (*cap, "trusts"): ["Alder"]}))
    assert told == [
        f"Rule trust-cap: at most 1 placement in any one trust (before: {before})",
        f"Rule trust-cap: {before} (Alder) (before: {before})",
    ]


def test_schools_are_called_by_their_names_once_they_are_read() -> None:
    question = with_edits(opened("baseline"), {("pins", "p"): PIN})
    panel = cast("SchoolPanel", SimpleNamespace(schools=pd.DataFrame({"urn": [900001], "name": ["Ash School"]})))
    assert _told(question, panel) == ["Pin of L1 at Ash School (900001): added (Ann: Agreed.)"]


def test_a_removed_entry_that_the_file_no_longer_has_is_told_as_before(tmp_path: Path) -> None:
    file, text = tmp_path / "mine.yaml", "extends: baseline\nname: mine\nwhy: Mine.\n"
    file.write_text(text + "pins:\n  p: {leader_id: L1, urn: 7, reason: Agreed., author: Ann}\n", encoding="utf-8")
    question = without_entry(opened(str(file)), ("pins", "p"))
    assert _told(question) == ["Pin of L1 at school (7): removed (Ann: Agreed.)"]
    file.write_text(text, encoding="utf-8")
    assert _told(read_again(question)) == ["Pin p: not there (as before)"]
