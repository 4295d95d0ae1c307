"""The small run, as fixtures."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from pilotage.case.record import RunRecord


def _module() -> ModuleType:
    spec = spec_from_file_location("report_worlds", Path(__file__).with_name("worlds.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def worlds() -> ModuleType:
    return _module()


@pytest.fixture(scope="session")
def make(worlds: ModuleType) -> Callable[..., RunRecord]:
    made: Callable[..., RunRecord] = worlds.record
    return made


@pytest.fixture
def record(make: Callable[..., RunRecord]) -> RunRecord:
    return make()
