"""How a scenario names places: one name or a list of them, each as a text or as ``kind: name``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

WrittenName = str | Annotated[dict[str, str], Field(min_length=1, max_length=1)]


def _as_list(value: Any) -> Any:
    """Return the names as texts: YAML reads ``region: London`` in a list as a mapping of one entry."""
    names = [value] if isinstance(value, str | dict) else value
    return tuple(_as_text(name) for name in names) if isinstance(names, list | tuple) else names


def _as_text(name: Any) -> Any:
    pairs = list(name.items()) if isinstance(name, dict) else []
    return f"{pairs[0][0]}: {pairs[0][1]}" if len(pairs) == 1 and isinstance(pairs[0][1], str) else name


Places = Annotated[tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=WrittenName | list[WrittenName])]
