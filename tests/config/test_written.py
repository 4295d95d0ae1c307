"""Scenarios as people write them: each kind of fault with its file, its line, its key and what to do."""

from pathlib import Path
from typing import Any

import pytest

from pilotage.config.overlay import resolve
from pilotage.config.settings import split_key
from pilotage.config.written.decoded import MOST_BYTES
from pilotage.errors import ScenarioError

HEAD = "extends: baseline\nname: mine\nwhy: a test\n"
BUDGET = "rules: {budget: {total_gbp: %s}}\n"
FAULTS = {  # what stands from line 4 on, and the words that the message begins with
    "a day that does not exist": ("as_of: 2016-02-30\n", "line 4: as_of - 2016-02-30, which is no day of the calendar"),
    "in a text": ("pins:\n  a: {reason: 2016-06-31}\n", "line 5: pins.a.reason - 2016-06-31, which is no day"),
    "a day in words": ("as_of: 31 August 2016\n", "line 4: as_of - found '31 August 2016' - a day that exists"),
    "the day first": ("as_of: 31/08/2016\n", "line 4: as_of - found '31/08/2016' - a day that exists, as 2016-08-31"),
    "a day as a number": ("as_of: 20160831\n", "line 4: as_of - found 20160831"),
    "a time": ("as_of: 2016-08-31T25:00:00\n", "line 4: as_of - found '2016-08-31T25:00:00'"),
    "true for a number": (BUDGET % "true", "line 4: rules.budget.total_gbp - found true - a whole number"),
    "yes for true": ("interventions: {place: yes}\n", "line 4: interventions.place - found 'yes' - true or false"),
    "1 for true": ("interventions: {place: 1}\n", "line 4: interventions.place - found 1 - true or false - write true"),
    "a number in quotes": (BUDGET % "'5'", "line 4: rules.budget.total_gbp - found '5'"),
    "underscores": (BUDGET % "1_000", "line 4: rules.budget.total_gbp - found '1_000'"),
    "octal": (BUDGET % "0o17", "line 4: rules.budget.total_gbp - found '0o17'"),
    "a zero before it": (BUDGET % "0500", "line 4: rules.budget.total_gbp - found '0500'"),
    "infinite": (BUDGET % ".inf", "line 4: rules.budget.total_gbp - found '.inf'"),
    "beyond all numbers": ("solver: {gap: 1e999}\n", "line 4: solver.gap - found '1e999'"),
    "no number": ("solver: {gap: .nan}\n", "line 4: solver.gap - found '.nan'"),
    "a decimal comma": ("objective:\n  need_weight: 2,5\n", "line 5: objective.need_weight - found '2,5'"),
    "per cent": ("time: {discount_rate: 50%}\n", "line 4: time.discount_rate - found '50%'"),
    "a number for a text": ("scope:\n  regions:\n    - London\n    - 5\n", "line 7: scope.regions, entry 2 - found 5"),
    "true in a list": ("scope: {exclude_urns: [1, true]}\n", "line 4: scope.exclude_urns, entry 2 - found true"),
    "true in a mapping": ("impact: {parameters: {stay: true}}\n", "line 4: impact.parameters.stay - found true"),
    "a text for a list": ("scope: {authorities: Derby}\n", "line 4: scope.authorities - found 'Derby' - a list"),
    "a list for a mapping": ("rules: [a]\n", "line 4: rules - found a list - a mapping"),
    "nothing for a mapping": ("rules:\n", "line 4: rules - found nothing - a mapping"),
    "a key that is no word": ("? [a, b]\n: 4\n", "line 4 - a list or a mapping as a key"),
    "a name not in a list": ("outcomes: {fall: {weight: 1}}\n", "line 4: outcomes.fall - no such name 'fall'"),
    "a fifth fifth": (
        "objective: {equity_weights: {deprivation_fifths: {6: 1}}}\n",
        "line 4: objective.equity_weights",
    ),
    "a rule of no kind": ("rules: {x: {count: 1}}\n", "line 4: rules.x - no key `rule`"),
    "a key twice": ("solver:\n  seed: 1\n  seed: 2\n", "line 6: solver - seed is set again (first in line 5)"),
    "a tab": ("rules:\n\tbudget:\n", "line 5 - a tab"),
    "two documents": ("---\nname: b\n", "line 4 - a second text after ---"),
    "a tag": ('why2: !!python/object/apply:os.system ["true"]\n', "line 4: why2 - the tag !!python/object"),
    "a control character": ('pins: {a: {reason: "a\\0b"}}\n', "line 4: pins.a.reason - a control character (number 0)"),
    "half a character": ('pins: {a: {reason: "\\ud800"}}\n', "line 4: pins.a.reason - a control character"),
    "no such character": ('bans: {a: "\\U00110000"}\n', "line 4 - a character that cannot be read"),
    "an alias of nothing": ("scope: {regions: *x}\n", "line 4: scope.regions - *x, and nothing above is marked &x"),
    "a rule in itself": ("rules: &r\n  x: *r\n", "line 5: rules.x - *r stands within what &r marks"),
    "too deep": ("why2: " + "[" * 500 + "\n", "line 4: why2 - lists or mappings in one another, too deep"),
    "<< with a list": ("rules:\n  a:\n    <<: [1]\n", "line 6: rules.a - << with something else than a mapping"),
    "no space after a colon": ("rules:\n  budget:\n    total_gbp:\xa05\n", "line 5: rules.budget - found 'total_gbp:"),
    "a quotation mark left open": ("solver: 'x\nreport: {}\n", "line 4 - a quotation mark that cannot be read"),
    "a bracket left open": ("scope:\n  regions: [London\n", "line 5 - [ and ] do not match"),
    "two colons": ("bans:\n  a: reason: x\n", "line 5 - two colons in one line"),
    "an @": ("pins: {a: @x}\n", "line 4 - a text that begins with @"),
    "a line set in": ("solver:\n    seed: 1\n  gap: 0\n", "line 6 - a line that does not fit"),
    "only weights of 0": (
        "outcomes: {leadership_fall: {weight: 0}, leadership_stuck: {weight: 0}, gap_widening: {weight: 0}}\n",
        "line 4: outcomes - have only weights of 0",
    ),
}
HINTS = {
    "2,5": "write 2.5",
    "50%": "write 0.5",
    "1_000": "write 1000",
    "1,000,000": "write 1000000",
    "£5": "write 5",
    "0007": "write 7",
    ".nan": "plain digits",
    "true": "write a number, not true",
}


def _said(folder: Path, content: bytes) -> str:
    path = folder / "s.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        resolve(str(path))
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize(("text", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_line_and_key(tmp_path: Path, text: str, words: str) -> None:
    said = _said(tmp_path, (HEAD + text).encode())
    assert f"s.yaml, {words}" in said
    assert len(said) < 1_000
    assert said.count(" - ") >= 1


@pytest.mark.parametrize("text", [text for text, _ in FAULTS.values()], ids=FAULTS)
def test_no_fault_is_told_in_the_words_of_a_library(tmp_path: Path, text: str, answer_faults: Any) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes((HEAD + text).encode())
    assert answer_faults(lambda: resolve(str(path)), text) == []


@pytest.mark.parametrize(("value", "do"), HINTS.items(), ids=HINTS)
def test_a_number_is_shown_as_it_should_be_written(value: str, do: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        resolve("baseline", [f'objective.need_weight="{value}"' if "," in value else f"objective.need_weight={value}"])
    assert do in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_editors_write_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes((HEAD + "scope: {exclude_trusts: [St Ann’s]}\n").encode(encoding))
    assert resolve(str(path)).scenario.scope.exclude_trusts == ("St Ann’s",)


def test_other_encodings_and_files_are_refused(tmp_path: Path) -> None:
    windows = (HEAD + "scope: {exclude_trusts: [St Ann’s]}\n").encode("cp1252")
    assert "s.yaml, line 4 - a character that is not in UTF-8 (byte 0x92); the file may be in" in _said(
        tmp_path, windows
    )
    assert "UTF-16 without its mark" in _said(tmp_path, HEAD.encode("utf-16-le"))
    assert "a text in UTF-32" in _said(tmp_path, HEAD.encode("utf-32"))
    assert "too many for a text of keys and values" in _said(tmp_path, b"#" * (MOST_BYTES + 1))
    assert "no keys" in _said(tmp_path, b"")
    assert "no keys, but a list" in _said(tmp_path, b"- a\n")
    assert "no keys, but a text" in _said(tmp_path, b"hello\n")
    with pytest.raises(ScenarioError, match="is a folder"):
        resolve(str(tmp_path))


def test_aliases_that_stand_for_millions_of_values_are_refused_before_they_are_written_out(tmp_path: Path) -> None:
    lines = [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    said = _said(tmp_path, "\n".join(["extends: baseline", "a0: &a0 [x,x,x]", *lines]).encode())
    assert "line 7: a5 - " in said  # 3 x 9^5 and the lists that hold them
    assert "values, aliases (*name) written out - at most 100,000 values" in said
    assert len(said) < 2_500


def test_merge_keys_and_aliases_are_honoured(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    rules = "rules:\n  a: &b\n    rule: authority_cap\n    count: 3\n  c:\n    <<: *b\n    count: 5\n  d: *b\n"
    path.write_text(HEAD + rules, encoding="utf-8")
    scenario = resolve(str(path)).scenario
    assert [getattr(scenario.rules[name], "count") for name in "acd"] == [3, 5, 3]  # noqa: B009


def test_whole_numbers_may_be_written_with_an_exponent(tmp_path: Path) -> None:
    assert getattr(resolve("baseline", ["rules.budget.total_gbp=1e6"]).scenario.rules["budget"], "total_gbp") == 10**6  # noqa: B009


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    said = _said(tmp_path, (HEAD + "as_of: 2016-02-30\nsolver: {seed: 1, seed: 2}\nreport: !x {}\n").encode())
    assert [line.split(" - ")[0] for line in said.splitlines()] == [
        "s.yaml, line 4: as_of",
        "s.yaml, line 5: solver",
        "s.yaml, line 6: report",
    ]


def test_extends_is_refused_where_it_names_nothing(tmp_path: Path) -> None:
    for text, words in {
        "extends: 5\n": "line 1: extends - found 5",
        "extends: [[a]]\n": "line 1: extends - found a list",
        "extends: {a: b}\n": "line 1: extends - found keys and values",
        "name: x\nextends: basline\n": "line 2: extends - no such scenario: basline",
        "extends: s\n": "line 1: extends - s extends itself",
        "extends: .\n": "line 1: extends - . is a folder",
        f"extends: '{'1' * 5000}'\n": "line 1: extends - no such scenario: 1111",
    }.items():
        assert f"s.yaml, {words}" in _said(tmp_path, text.encode())


def test_a_chain_that_is_too_long_is_refused(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"c{number}.yaml").write_text(f"extends: c{number + 1}\n", encoding="utf-8")
    assert "a chain of scenarios, too long" in _said(tmp_path, b"extends: c0\n")


def test_a_scenario_extended_over_many_ways_is_loaded_once(tmp_path: Path) -> None:
    for number in range(15):
        (tmp_path / f"c{number}.yaml").write_text(f"extends: [d{number}, e{number}]\n", encoding="utf-8")
        for name in "de":
            (tmp_path / f"{name}{number}.yaml").write_text(f"extends: c{number + 1}\n", encoding="utf-8")
    (tmp_path / "c15.yaml").write_text(HEAD, encoding="utf-8")
    with pytest.raises(ScenarioError, match="too long"):  # thirty in a chain, told once and not 2^10 times
        resolve(str(tmp_path / "c0.yaml"))
    assert resolve(str(tmp_path / "c9.yaml")).scenario.name == "mine"


def test_an_empty_mapping_changes_nothing() -> None:
    assert resolve("baseline", ["rules={}"]).scenario == resolve("baseline").scenario


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("solver.seed", "no key=value"),
        ("=5", "no key=value"),
        ("solver..seed=1", "no key=value"),
        (
            "solver.sed=1",
            "--set solver.sed - unknown key - one of gap, seed, time_limit_seconds - did you mean 'seed'?",
        ),
        ("solver={seed: 1, sed: 2}", "solver.sed - unknown key"),
        (
            "scope.regions=North West",
            "--set scope.regions - found 'North West' - a list, as [Derby] - write [North West]",
        ),
        ("scope.regions=[London", "--set scope.regions - [ and ] do not match"),
        ("rules.travell=", "rules.travell - removes what is not there"),
        ("why=*x", "nothing above is marked &x"),
        ("why=---\na\n---\nb", "a second text"),
        ("as_of=2016-02-30", "--set as_of - 2016-02-30, which is no day of the calendar"),
    ],
)
def test_settings_are_read_as_files_are(setting: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        resolve("baseline", [setting])
    assert words in str(caught.value)


def test_names_with_dots_are_found_or_quoted() -> None:
    rule = 'rules."a.b"={rule: budget, total_gbp: 5}'
    scenario = resolve("baseline", [rule, "rules.a.b.total_gbp=7"]).scenario
    assert getattr(scenario.rules["a.b"], "total_gbp") == 7  # noqa: B009
    assert split_key("rules.'x.y'.count", {}) == ("rules", "x.y", "count")


@pytest.mark.parametrize(
    "name", ["a: b", "5", "null", "# x", "'", '"', "a.b", "2016-08-31", "- a", "&a", "caf\u00e9", ""]
)
def test_the_resolved_text_reads_back_whatever_a_rule_is_called(tmp_path: Path, name: str) -> None:
    quoted = name.replace("'", "''")
    path = tmp_path / "s.yaml"
    path.write_text(f"{HEAD}rules:\n  '{quoted}': {{rule: budget, total_gbp: 5}}\n", encoding="utf-8")
    first = resolve(str(path))
    (tmp_path / "again.yaml").write_text(first.yaml, encoding="utf-8")
    assert name in first.scenario.rules
    assert resolve(str(tmp_path / "again.yaml")).scenario == first.scenario
