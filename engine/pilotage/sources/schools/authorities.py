"""Local authorities of data/reference/authorities.yaml: name and region by the DfE's code."""

from __future__ import annotations

from functools import cache

from ruamel.yaml import YAML

from pilotage import assets


@cache
def authorities() -> dict[int, tuple[str, str]]:
    """Return code -> name and region of every local authority, past ones too."""
    text = (assets.reference() / "authorities.yaml").read_text(encoding="utf-8")
    regions: dict[str, dict[int, str]] = YAML(typ="safe").load(text)
    return {code: (name, region) for region, names in regions.items() for code, name in names.items()}
