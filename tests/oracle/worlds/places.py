"""What the names of places in drawn worlds stand for, each written out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.oracle.worlds.tables import Row

MEANINGS: dict[str, Callable[[Row], bool]] = {
    "Coast": lambda school: school["area"] == "Coast",
    "area: Hills": lambda school: school["area"] == "Hills",
    "London": lambda school: school["region"] == "London",
    "region: East Midlands": lambda school: school["region"] == "East Midlands",
    "Bury": lambda school: school["authority"] == "Bury",
    "authority: Bolton": lambda school: school["authority"] == "Bolton",
    "district: Hill Town": lambda school: school["district"] == "Hill Town",
    "trust: Ark": lambda school: school["trust"] == "Ark",
    "opportunity_areas": lambda school: school["authority"] == "Derby",
    "list: education_investment_areas": lambda school: school["authority"] in ("Bolton", "Bury", "Derby"),
    "list: opportunity_areas_2016": lambda school: school["area"] is not None,  # the list of these worlds
}
SINGLE = ("Coast", "area: Hills", "London", "authority: Bolton", "district: Hill Town", "trust: Ark")


def lies_in(school: Row, names: Iterable[str]) -> bool:
    """Return whether a school lies in any of some places."""
    return any(MEANINGS[name](school) for name in names)
