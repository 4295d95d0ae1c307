"""Planners' tables drawn at random: read or refused in our own words, and never read to other values."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

QUICK, SLOW = 15, 200  # of each of texts and workbooks
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("fuzz.tables")


def _wrong(fuzz: ModuleType, seed: int, examples: int) -> dict[str, list[str]]:
    return {name: faults for name, _, faults in fuzz.drawn(seed, examples) if faults}


def test_every_table_is_read_or_refused_in_our_own_words(fuzz: ModuleType) -> None:
    assert _wrong(fuzz, 1, QUICK) == {}


@pytest.mark.slow
def test_every_table_of_many_is_read_or_refused_in_our_own_words(fuzz: ModuleType) -> None:
    assert _wrong(fuzz, 1_000, SLOW) == {}


def test_the_same_seed_draws_the_same(fuzz: ModuleType) -> None:
    for kind in ("text", "workbook"):
        assert fuzz.drawn_file(7, kind) == fuzz.drawn_file(7, kind)


def test_a_good_part_of_the_tables_is_read(fuzz: ModuleType) -> None:
    codes = [outcome.code for _, outcome, _ in fuzz.drawn(1, QUICK)]
    assert set(codes) == {0, 3}
    assert codes.count(0) >= len(codes) // 4
