"""Find the modules of a folder that declare something, so that adding one edits no list."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any


def declared_in(package: str, name: str) -> list[Any]:
    """Return what the modules of a package, sorted by name, hold in their tuple ``name``; a module may have none."""
    folder = import_module(package)
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    modules = [import_module(f"{package}.{module}") for module in names if module != "catalogue"]
    return [item for module in modules for item in getattr(module, name, ())]
