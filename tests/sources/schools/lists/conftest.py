"""The small lists, as a fixture."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def ofsted() -> ModuleType:
    spec = spec_from_file_location("lists_of_ofsted", Path(__file__).with_name("of_ofsted.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
