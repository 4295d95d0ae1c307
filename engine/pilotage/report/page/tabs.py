"""The tabs of the page: a tab without content is left out, so that nothing empty is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    """One tab: the ``key`` in the page's address, and its ``title``."""

    key: str
    title: str


TABS = (
    Tab("worry", "Worry about"),
    Tab("ask-next", "Ask next"),
    Tab("placements", "Placements"),
    Tab("support", "Support"),
    Tab("rules", "Rules and what each cost"),
    Tab("accuracy", "How accurate has this been"),
    Tab("areas", "Areas"),
    Tab("method", "Method and assumptions"),
)


def tabs_with(content: dict[str, bool]) -> list[Tab]:
    """Return the tabs that have content, by ``key``; a key that is not given has."""
    return [tab for tab in TABS if content.get(tab.key, True)]
