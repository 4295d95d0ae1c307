"""Scenarios and settings drawn at random: an exit code of ours, words of ours, never a traceback."""

import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.config.overlay import resolve
from pilotage.config.written.decoded import decoded
from pilotage.config.written.nodes import read
from pilotage.study.check import check

QUICK, SLOW = 60, 3_000


def _wrong(fuzz: ModuleType, kind: str, seeds: range, folder: Path) -> dict[int, list[str]]:
    (harness,) = (each for each in fuzz.HARNESSES if each.name == kind)
    answers = {seed: harness.answer(seed, folder)[1] for seed in seeds}
    return {seed: faults for seed, faults in answers.items() if faults}


@pytest.mark.parametrize("kind", ["scenarios", "settings"])
def test_every_answer_is_in_our_own_words(fuzz_scenarios: ModuleType, tmp_path: Path, kind: str) -> None:
    assert _wrong(fuzz_scenarios, kind, range(QUICK), tmp_path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["scenarios", "settings"])
def test_every_answer_of_many_is_in_our_own_words(fuzz_scenarios: ModuleType, tmp_path: Path, kind: str) -> None:
    assert _wrong(fuzz_scenarios, kind, range(1_000, 1_000 + SLOW), tmp_path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(7_000, 7_100))
def test_what_can_be_read_can_be_checked(fuzz_scenarios: ModuleType, answer_faults: Any, seed: int) -> None:
    setting = fuzz_scenarios.drawn_setting(seed)
    assert answer_faults(lambda: check(resolve("baseline", [setting]), lambda _said: None), setting) == []


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_is_read_or_its_faults_are_told(text: str) -> None:
    node, faults = read(text)
    assert node is None or not faults
    assert all(fault.line >= 1 and fault.do for fault in faults)


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_text_or_their_faults_are_told(content: bytes) -> None:
    text, faults = decoded(content)
    assert not (text and faults)
    assert "\x00" not in text


# Drawn once, and answered wrongly then.
SEEDS = {
    "a name that turns the line round": "pool.leaders=\u202ereversed",
    "a space that does not break": "pool.posts=a\u00a0b",
}


@pytest.mark.parametrize("setting", SEEDS.values(), ids=SEEDS)
def test_what_was_answered_wrongly_is_answered_well(answer_faults: Any, setting: str) -> None:
    assert answer_faults(lambda: check(resolve("baseline", [setting]), lambda _said: None), setting) == []


def test_the_same_seed_draws_the_same(fuzz_scenarios: ModuleType) -> None:
    seed = random.Random(1).randrange(1_000)
    assert fuzz_scenarios.drawn_scenario(seed) == fuzz_scenarios.drawn_scenario(seed)
