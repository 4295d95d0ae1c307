"""Words of a column that allows only some: as they are, or by the synonyms of data/reference/synonyms.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache

from ruamel.yaml import YAML

from pilotage import assets
from pilotage.sources.cells.grid import shown
from pilotage.sources.cells.numbers import UnreadError

MOST_LISTED = 12


@cache
def synonyms(subject: str) -> dict[str, str]:
    """Return, for a subject (``level``), what each synonym stands for, as plain words."""
    text = (assets.reference() / "synonyms.yaml").read_text(encoding="utf-8")
    words = _subjects(text)[subject].items()
    return {plain_words(other): str(word) for word, others in words for other in others}


@cache
def _subjects(text: str) -> dict[str, dict[str, list[str]]]:
    subjects: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(text)
    return subjects


def plain_words(text: str) -> str:
    """Return words in small letters, with one blank for blanks and underscores, hyphens and dots between letters."""
    parted = re.sub(r"[\s_]+|(?<=\w)[-‐‑–—.](?=[\w ]|$)", " ", text.casefold().replace("’", "'"))
    return re.sub(" +", " ", parted).strip()


def one_of(text: str, subject: str, allowed: Sequence[str]) -> str:
    """Return the allowed word that a cell means.

    Raises
    ------
    UnreadError
        When it is none; the hint names the nearest.
    """
    known = {plain_words(word): word for word in allowed}
    others = {other: word for other, word in synonyms(subject).items() if word in allowed}
    plain = plain_words(text)
    word = known.get(plain) or others.get(plain)
    if word is None:
        raise UnreadError(text, _nearest(plain, others | known))
    return word


def _nearest(plain: str, words: dict[str, str]) -> str | None:
    near = get_close_matches(plain, list(words), 1, 0.7)
    return f"did you mean {words[near[0]]!r}?" if near else None


def several_of(text: str, subject: str, allowed: Sequence[str]) -> str:
    """Return the allowed words that a cell means, each once, parted by ``;``; commas and line ends may part them too.

    Raises
    ------
    UnreadError
        When one of them is none.
    """
    words: list[str] = []
    for part in (part.strip() for part in text.split(";")):
        if part:
            words += _parted(part, subject, allowed)
    if not words:
        raise UnreadError(text)
    return ";".join(dict.fromkeys(words))


def _parted(part: str, subject: str, allowed: Sequence[str]) -> list[str]:
    """Return one word, or those between commas: some names hold a comma themselves."""
    try:
        return [one_of(part, subject, allowed)]
    except UnreadError as error:
        if "," not in part:
            raise UnreadError(part, error.hint or f"{shown(part)} is none of them: correct it") from None
    return [word for each in part.split(",") if each.strip() for word in _parted(each.strip(), subject, allowed)]


def listed(allowed: Sequence[str]) -> str:
    """Return the allowed words as a message lists them."""
    more = f" and {len(allowed) - MOST_LISTED:,} more" if len(allowed) > MOST_LISTED else ""
    return f"one of {', '.join(repr(word) for word in allowed[:MOST_LISTED])}{more}"
