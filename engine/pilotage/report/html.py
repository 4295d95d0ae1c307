"""A page as HTML: a template filled in, every text escaped, without any reference to the outside."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

REPORT = "pilotage.report"
PAGE = "page.html.jinja"


def rendered(folder: str, context: dict[str, Any], template: str = PAGE) -> str:
    """Return the template of a folder of ``report`` filled in.

    Parameters
    ----------
    folder
        Such as ``run``; it holds the template.
    context
        What the template names, beside ``style``: the rules of ``page.css``.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files(REPORT).joinpath(folder, template).read_text(encoding="utf-8")
    style = files(REPORT).joinpath("page.css").read_text(encoding="utf-8").rstrip("\n")
    return environment.from_string(source).render(context | {"style": Markup(style)})
