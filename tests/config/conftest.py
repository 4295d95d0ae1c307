"""What every answer to a wrong scenario must keep to."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def fuzz_scenarios(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("fuzz.scenarios")


@pytest.fixture
def answer_faults(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return what says which words of a library, tracebacks and signs are in the answer that a task ends with."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    outcome = importlib.import_module("fuzz.outcome")

    def judged(task: Callable[[], object], given: str = "") -> list[str]:
        found: list[str] = outcome.faults(outcome.outcome_of(task), given)
        return found

    return judged
