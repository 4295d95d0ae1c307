"""Print docs/reference/scenario.md from the schema's docstrings; a test keeps the page fresh."""

from __future__ import annotations

from typing import Any

from pilotage.config.scenario import Scenario


def page() -> str:
    """Return the reference page of the scenario file, in Markdown."""
    schema = Scenario.model_json_schema()
    parts = [_section("Top level", schema)]
    parts += [_section(name, part) for name, part in schema["$defs"].items() if "properties" in part]
    head = "# Scenario file\n\nMade from the schema by `make docs`; do not edit by hand.\n"
    return "\n".join([head, *parts])


def _section(name: str, part: dict[str, Any]) -> str:
    lines = [f"## {name}", "", _first_line(part), "", "| key | type | default | meaning |", "|---|---|---|---|"]
    required = set(part.get("required", []))
    for key, value in part["properties"].items():
        default = "(required)" if key in required else f"`{value.get('default', '{}')}`"
        lines.append(f"| `{key}` | {_kind(value)} | {default} | {value.get('description', '')} |")
    return "\n".join([*lines, ""])


def _first_line(part: dict[str, Any]) -> str:
    return str(part.get("description", "")).strip().splitlines()[0]


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "anyOf" in value:
        return " or ".join(_kind(option) for option in value["anyOf"])
    if "enum" in value:
        return ", ".join(f"`{option}`" for option in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if value.get("type") == "array":
        return f"list of {_kind(value.get('items', {}))}"
    return {"null": "empty", "object": "mapping"}.get(str(value.get("type")), str(value.get("type", "rule")))


if __name__ == "__main__":
    print(page(), end="")
