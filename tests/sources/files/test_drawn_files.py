"""Official files drawn at random: whatever is in the folder is one line of words, and nothing is raised."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

QUICK, SLOW = 30, 1_000
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("fuzz.official")


def _wrong(fuzz: ModuleType, seeds: range, folder: Path) -> dict[tuple[str, int], list[str]]:
    answers = {(each.name, seed): each.answer(seed, folder)[1] for each in fuzz.HARNESSES for seed in seeds}
    return {drawn: faults for drawn, faults in answers.items() if faults}


def test_every_file_is_one_line_in_our_own_words(fuzz: ModuleType, tmp_path: Path) -> None:
    assert _wrong(fuzz, range(QUICK), tmp_path) == {}


@pytest.mark.slow
def test_every_file_of_many_is_one_line_in_our_own_words(fuzz: ModuleType, tmp_path: Path) -> None:
    assert _wrong(fuzz, range(1_000, 1_000 + SLOW), tmp_path) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="memory used is not told there")
def test_files_drawn_need_little_memory(fuzz: ModuleType, tmp_path: Path) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(QUICK):
        for each in fuzz.HARNESSES:
            each.answer(seed, tmp_path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_500_000  # kilobytes
