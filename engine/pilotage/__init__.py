"""Pilotage: forecasts where school leadership will fall and places scarce leaders where they change most.

Read ``pipeline`` first, which tells the story, then the nouns in ``domain`` and ``case``, then the four wings in the
order of the story: ``sources``, ``risk``, ``placement``, ``report``. ``reviews`` looks at areas, files and forecasts;
``api`` is what other programs may rely on, and the names of it are here too.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilotage.api import PlacementProblem, read_run, run, solve

__all__ = ["PlacementProblem", "read_run", "run", "solve"]

__version__ = "0.2.0"


def __getattr__(name: str) -> object:
    """Return a name of the public interface, which is imported when it is asked for: commands start faster."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("pilotage.api"), name)
