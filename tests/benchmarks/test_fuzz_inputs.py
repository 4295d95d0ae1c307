"""Inputs of every kind drawn at random: a seeded part of benchmarks/fuzz_inputs.py; and the script finds faults."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SLOW, LARGEST_SHARE = 1_200, 150  # inputs of all kinds, and those of one kind


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("fuzz.every")


def _wrong(fuzz: ModuleType, inputs: int, seed: int, folder: Path) -> dict[str, list[str]]:
    answered = importlib.import_module("fuzz.harness").answered
    wrong = {}
    for harness in fuzz.HARNESSES:
        place = folder / str(len(wrong)) / harness.name.replace(" ", "-")
        place.mkdir(parents=True)
        for each in range(seed, seed + min(LARGEST_SHARE, fuzz.counts(inputs)[harness.name])):
            wrong[f"{harness.name} {each}"] = answered(harness, each, place)[1]
    return {drawn: faults for drawn, faults in wrong.items() if faults}


def test_some_inputs_of_every_kind_are_answered_in_our_own_words(fuzz: ModuleType, tmp_path: Path) -> None:
    assert _wrong(fuzz, 60, 1, tmp_path) == {}


@pytest.mark.slow
def test_many_inputs_of_every_kind_are_answered_in_our_own_words(fuzz: ModuleType, tmp_path: Path) -> None:
    assert _wrong(fuzz, SLOW, 5_000, tmp_path) == {}


def test_what_is_raised_and_what_takes_too_long_is_found(fuzz: ModuleType, tmp_path: Path) -> None:
    harness = importlib.import_module("fuzz.harness")

    def crashed(seed: int, _folder: Path) -> object:
        raise [KeyError("urn"), harness.TooLongError("takes more than 10 seconds")][seed]

    kind = harness.Harness("crashes", crashed)
    assert harness.answered(kind, 0, tmp_path) == (None, ["KeyError: 'urn'"])
    assert harness.answered(kind, 1, tmp_path) == (None, ["takes more than 10 seconds"])


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="memory and time of a process are not limited there")
def test_the_script_prints_what_was_drawn_and_which_branches_were_taken(fuzz: ModuleType) -> None:
    command = [sys.executable, str(BENCHMARKS / "fuzz_inputs.py"), "--only", "settings"]
    options = ["--inputs", "100", "--measured", "0.5", "--no-write"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    drawn = fuzz.counts(100)["settings"]
    assert f"| settings | {drawn} |" in done.stdout
    assert f"Branches taken by the {drawn // 2} inputs" in done.stdout
    assert "| sources and config |" in done.stdout
