"""A page as HTML: a template filled in, every text escaped, without any reference to the outside."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

REPORT = "pilotage.report"
PAGE = "page.html.jinja"


def rendered(folder: str, context: dict[str, Any], template: str = PAGE) -> str:
    """Return the template of a folder of ``report`` filled in.

    Parameters
    ----------
    folder
        Such as ``page``; it holds the template, which may include others by their path below ``report``.
    context
        What the templates name, beside ``style``: the rules of ``page.css``.
    """
    environment = Environment(
        loader=FunctionLoader(lambda path: source(*path.split("/"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = Markup(source("page.css").rstrip("\n"))
    return environment.get_template(f"{folder}/{template}").render(context | {"style": style})


def source(*path: str) -> str:
    """Return the text of a file below ``report``."""
    return files(REPORT).joinpath(*path).read_text(encoding="utf-8")
