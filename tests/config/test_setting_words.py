"""A setting that differs, in words: a label for every key, a sentence for every rule, no sign of the file's form."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.config.changed import with_changes
from pilotage.config.leaf import Key
from pilotage.config.overlay import resolve
from pilotage.config.part import Part
from pilotage.config.scenario import Ban, Pin, Scenario
from pilotage.config.setting_words import Known, label_of, setting_words
from pilotage.domain.findings.comparison import SettingWords
from pilotage.errors import ScenarioError
from pilotage.sources.evidence import load_evidence

BASE = resolve("baseline").scenario
KNOWN = Known({900001: "Ash School"}, load_evidence({}).parameters)
LONGEST = 62  # signs of a label
FORM = set('{}[]"`_')  # what a file has and a sentence has not


def _parts(above: type[Part] = Part) -> Iterator[type[Part]]:
    for part in above.__subclasses__():
        yield part
        yield from _parts(part)


def _after(*changes: str) -> Scenario:
    return resolve("baseline", changes).scenario


def _words(after: Scenario, *key: str) -> SettingWords:
    return setting_words(BASE, after, key, KNOWN)


TOLD_OTHERWISE = (Pin, Ban)  # by whom they send where
GRID = "pilotage.config.grid"  # no part of a scenario
KEYS = [
    (part, name)
    for part in sorted(set(_parts()), key=lambda each: each.__name__)
    for name, described in part.model_fields.items()
    if not issubclass(part, TOLD_OTHERWISE) and not part.__module__.startswith(GRID) and described.description
]


@pytest.mark.parametrize(("part", "name"), KEYS, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_every_key_has_a_short_label_without_signs(part: type[Part], name: str) -> None:
    label = label_of(part, name)
    assert label.text[:1].isupper()
    assert len(label.text) <= LONGEST, label.text
    assert not set(label.text + label.empty) & set('{}[]"`_:;')


@pytest.mark.parametrize(
    ("changed", "key", "told"),
    [
        ("scope.phases=[]", "scope.phases", ("Phases in scope", "primary; secondary", "all")),
        ("as_of=2016-07-31", "as_of", ("Day of the forecast", "31 August 2016", "31 July 2016")),
        ("report.hangs_on=false", "report.hangs_on", ("The plan is tried against other assumptions", "yes", "no")),
        (
            "solver.gap=0.0001",
            "solver.gap",
            ("Gap at which the search may stop, as a share of the best", "0", "0.0001"),
        ),
        ("scope.exclude_urns=[900001, 2]", "scope.exclude_urns", ("Schools left out, by URN", "none", "900001; 2")),
        (
            "impact.parameters.carry_over=1",
            "impact.parameters.carry_over",
            (
                "How much of a school's leadership its next head is expected to have (carry-over)",
                "0.5, the evidence's",
                "1",
            ),
        ),
        (
            "objective.equity_weights.deprivation_fifths={5: 2}",
            "objective.equity_weights.deprivation_fifths.5",
            ("Weight by fifth of deprivation, 5", None, "2"),
        ),
        (
            "interventions.support={capacity: {London: 3, South East: 1}}",
            "interventions.support",
            ("Support of leaders in post", "not offered", "most schools with support: London: 3; South East: 1"),
        ),
        (
            "pool.prospects={levels: [head, senior], asks_per_leader: 3}",
            "pool.prospects",
            ("Posts that may come open", "only those of the table", "levels asked for: head; senior"),
        ),
        ("rules.budget=null", "rules.budget", ("Rule budget", "total cost at most £1,000,000", None)),
        (
            "rules.new={rule: trust_cap, count: 1, price: 5}",
            "rules.new",
            ("Rule new", None, "at most 1 placement in any one trust, or 5 pupil-months for each breach"),
        ),
        (
            "rules.authority-cap.counts=both",
            "rules.authority-cap.counts",
            ("Rule authority-cap, what counts as a placement", "place", "both"),
        ),
    ],
)
def test_a_setting_is_told_with_its_values(changed: str, key: str, told: tuple[Any, ...]) -> None:
    assert _words(_after(changed), *key.split(".")) == SettingWords(*told)


def test_an_assumption_that_the_evidence_gives_no_title_is_called_by_its_name() -> None:
    after = with_changes(BASE, {("impact", "parameters", "something"): 2.0})
    assert _words(after, "impact", "parameters", "something") == SettingWords(
        "Assumption something", "the evidence's", "2"
    )


def test_a_figure_that_does_not_hold_alone_is_told_by_its_label() -> None:
    before = _after("rules.n={rule: area_minimum, areas: [Derby], count: 2}")
    after = _after("rules.n={rule: area_minimum, areas: [Derby], share: 0.5}")
    told = [setting_words(before, after, ("rules", "n", name), KNOWN) for name in ("count", "share")]
    assert told == [
        SettingWords("Rule n, number of placements", "2", "none"),
        SettingWords("Rule n, share", "none", "0.5"),
    ]


def test_a_rule_of_another_kind_is_told_by_both_sentences() -> None:
    budget, cap = (_after(f"rules.n={{{rule}}}") for rule in ("rule: hold_back, posts: 3", "rule: trust_cap, count: 1"))
    assert setting_words(budget, cap, ("rules", "n"), KNOWN) == SettingWords(
        "Rule n",
        "the schools of 3 posts drawn by lot receive nobody: a trial's comparison group",
        "at most 1 placement in any one trust",
    )


def test_an_entry_within_a_rule_that_is_taken_out_is_told() -> None:
    shares = "rules.mix={rule: phase_balance, shares: {primary: {maximum: 0.5}, secondary: {minimum: 0.1}}}"
    before = _after(shares)
    after = with_changes(before, {("rules", "mix", "shares", "primary"): None})
    told = setting_words(before, after, ("rules", "mix", "shares", "primary"), KNOWN)
    assert told.before == "of the placements: primary schools 0% to 50%, secondary schools 10% to 100%"
    assert told.after == "of the placements: secondary schools 10% to 100%"
    cases = "rules.put={rule: case_quota, cases: {ash: {urn: 900001, reason: Known., author: Ann}}}"
    before = _after(cases)
    after = with_changes(before, {("rules", "put", "cases", "ash"): None})
    told = setting_words(before, after, ("rules", "put", "cases", "ash"), KNOWN)
    case = "school: 900001; why: Known.; who made the case: Ann"
    assert told == SettingWords("Rule put, schools put forward, ash", case, None)


WHY = {"reason": "Agreed.", "author": "Ann"}


@pytest.mark.parametrize(
    ("part", "before", "after", "told"),
    [
        ("pins", None, {"leader_id": "L1", "urn": 900001}, ("Pin of L1 at Ash School (900001)", None, "Ann: Agreed.")),
        ("pins", {"leader_id": "L1", "post_id": "P1"}, None, ("Pin of L1 at post P1", "Ann: Agreed.", None)),
        (
            "bans",
            None,
            {"urn": 2, "on": date(2027, 5, 3)},
            ("Ban of every leader from school (2)", None, "Ann, 3 May 2027: Agreed."),
        ),
        ("bans", None, {"leader_id": "L1"}, ("Ban of L1 from any post", None, "Ann: Agreed.")),
        (
            "bans",
            {"post_id": "P1", "urn": 900001},
            {"post_id": "P1", "urn": 900001, "reason": "Later."},
            ("Ban of every leader from post P1, Ash School (900001)", "Ann: Agreed.", "Ann: Later."),
        ),
        (
            "pins",
            {"leader_id": "L1", "urn": 2},
            {"leader_id": "L2", "urn": 2},
            ("Pin x", "Pin of L1 at school (2) (Ann: Agreed.)", "Pin of L2 at school (2) (Ann: Agreed.)"),
        ),
        (
            "bans",
            {"leader_id": "L1"},
            {"leader_id": "L2"},
            ("Ban x", "Ban of L1 from any post (Ann: Agreed.)", "Ban of L2 from any post (Ann: Agreed.)"),
        ),
    ],
)
def test_a_pin_and_a_ban_are_told_by_whom_they_send_where(
    part: str, before: dict[str, Any] | None, after: dict[str, Any] | None, told: tuple[str | None, ...]
) -> None:
    kind = Pin if part == "pins" else Ban
    both = [
        BASE if entry is None else with_changes(BASE, {(part,): {"x": kind.model_validate(WHY | entry)}})
        for entry in (before, after)
    ]
    assert setting_words(both[0], both[1], (part, "x"), KNOWN) == SettingWords(*told)


URNS = st.sampled_from((900001, 900002))
NAMES = st.sampled_from(("Ash", "Beech Trust", "North East"))
AREAS = st.sampled_from(("region: London", "authority: Derby", "trust: Beech Trust"))
NUMBERS = st.integers(0, 100_000)
RULE = st.one_of(
    st.fixed_dictionaries(
        {"rule": st.sampled_from(("area_minimum", "area_maximum")), "count": NUMBERS, "areas": AREAS}
    ),
    st.fixed_dictionaries({"rule": st.just("budget"), "total_gbp": NUMBERS}),
    st.fixed_dictionaries({"rule": st.just("need_threshold"), "top_share": st.floats(0.01, 1)}),
)
PAIR = st.fixed_dictionaries(
    {"urn": URNS, "reason": NAMES, "author": NAMES, "leader_id": st.sampled_from(("L1", "L2"))}
)
EDITS: dict[Key, st.SearchStrategy[Any]] = {  # what the workbench changes
    ("pool", "leave_out"): st.lists(st.sampled_from(("L1", "L2")), unique=True),
    ("scope", "regions"): st.lists(NAMES, unique=True),
    ("scope", "exclude_trusts"): st.lists(NAMES, unique=True),
    **{("outcomes", name, "weight"): st.floats(0.5, 10) for name in BASE.outcomes},
    ("objective", "need_weight"): st.floats(0, 10),
    ("impact", "parameters", "carry_over"): st.floats(0, 1),
    ("rules", "travel", "max_km"): st.none() | st.floats(0, 100),
    ("rules", "budget", "total_gbp"): NUMBERS,
    ("rules", "need-floor", "top_share"): st.floats(0.01, 1),
    ("rules", "trust-cap"): st.none(),
    ("rules", "added"): RULE,
    ("pins", "added"): PAIR,
    ("bans", "added"): PAIR,
    **{("pool", name): NAMES.map("tables/{}.csv".format) for name in ("leaders", "posts", "schools")},
    ("pool", "asks"): st.lists(NAMES.map("tables/{}.csv".format), min_size=1),
}


@given(st.fixed_dictionaries({}, optional=EDITS))
@settings(max_examples=150, deadline=None)
def test_every_edit_of_the_workbench_has_words_and_no_sign_of_the_file(edits: dict[Key, Any]) -> None:
    try:
        after = resolve("baseline", [f"{'.'.join(key)}={_yaml(value)}" for key, value in edits.items()]).scenario
    except ScenarioError:
        return  # the workbench refuses it too
    for key in edits:
        for both in ((BASE, after), (after, BASE)):
            told = setting_words(*both, key, KNOWN)
            for text in (told.what, told.before, told.after):
                assert text is None or text
                assert not set(text or "") & FORM
            assert told.before is not None or told.after is not None


def _yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_yaml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(each) for each in value) + "]"
    if isinstance(value, float):
        return f"{value:.6f}"
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
