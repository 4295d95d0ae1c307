"""The script of the page: the table library that itables ships for use offline, and what the page adds."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from markupsafe import Markup

from pilotage.report.html import source

PARTS = ("data.js", "tabs.js", "tables.js", "schools.js", "sheet.js", "start.js")
EXPORTED = re.compile(r"export\s*\{([^}]*)\}\s*;?")
DEFAULT = re.compile(r"([\w$]+)\s+as\s+default")


def script() -> Markup:
    """Return the whole script as one module that asks for no other file.

    itables itself is not imported: that takes a second, and its bundle alone is wanted.
    """
    return Markup("\n".join([library(), *(source("page", "script", part) for part in PARTS)]))


def library() -> str:
    """Return the bundle of DataTables with its export turned into the constant ``DataTable``."""
    spec = find_spec("itables")
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    return as_constant(Path(places[0], "html", "dt_bundle.js").read_text(encoding="utf-8"))


def as_constant(bundle: str) -> str:
    """Return a module's text with its default export turned into the constant ``DataTable``.

    Raises
    ------
    RuntimeError
        When the module has no default export: the library is not the one that the page was made for.
    """
    found = EXPORTED.search(bundle)
    name = DEFAULT.search(found.group(1)) if found else None
    if found is None or name is None:
        raise RuntimeError("the bundle of itables has no default export")
    whole = f"{bundle[: found.start()]}{bundle[found.end() :]}\nconst DataTable = {name.group(1)};"
    return whole.replace("</script", "<\\/script").replace("<!--", "<\\!--")
