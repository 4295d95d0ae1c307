"""The questions of the sheet Question: each is one key of a scenario, and a kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from pilotage import assets
from pilotage.config.leaf import Key
from pilotage.domain.tables import PHASES
from pilotage.sources.cells.choices import synonyms
from pilotage.sources.cells.kinds import CHANCE, DAY, GBP, KM, WHOLE, YES_NO, choices
from pilotage.sources.cells.numbers import Convention, UnreadError

ENGLAND = "England"
NOTHING = "none"  # the answer that removes a rule or a limit


def _texts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _places(text: str) -> list[str]:
    return [] if text.casefold() == ENGLAND.casefold() else _texts(text)


def _share(text: str) -> float:
    value = float(CHANCE.value(text, Convention()))
    if value > 1:
        raise UnreadError(text, f"write {value:g}% if you mean per cent")
    return value


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


@dataclass(frozen=True)
class AnswerKind:
    """How an answer is written (``how`` in short, ``allowed`` in full), and the value that it stands for."""

    how: str
    allowed: str
    read: Callable[[str], Any]


def _figure(how: str, kind: Any) -> AnswerKind:
    return AnswerKind(how, kind.allowed, lambda text: _number(kind.value(text, Convention())))


_PHASES = choices("phases", PHASES)
KINDS = {
    "text": AnswerKind("words", "a text", str),
    "base": AnswerKind("from the list, or a file", "a scenario of the list, or the file of one", str),
    "day": AnswerKind("a date: 31/08/2027", DAY.allowed, lambda text: str(DAY.parse(text))[:10]),
    "places": AnswerKind("from the list, or names", "names of places, separated by ;", _places),
    "phases": AnswerKind("from the list", _PHASES.allowed, lambda text: _texts(_PHASES.parse(text))),
    "names": AnswerKind("names", "names, separated by ;", _texts),
    "pounds": _figure("pounds: 500000", GBP),
    "km": _figure("kilometres: 40", KM),
    "share": AnswerKind("a share: 33%", CHANCE.allowed, _share),
    "whole": _figure("a whole number", WHOLE),
    "yes_no": AnswerKind("yes or no", YES_NO.allowed, YES_NO.parse),
}


@dataclass(frozen=True)
class Question:
    """One row of the sheet Question, as data/reference/setup.yaml describes it."""

    about: str
    question: str
    key: str
    kind: str
    means: str
    choices: tuple[str, ...] = ()
    open: bool = False
    none: str | None = None
    beside: dict[str, Any] = field(default_factory=dict)
    place: str | None = None
    example: Any = None
    in_place: str | None = None

    @property
    def path(self) -> Key:
        """Return the scenario's key that the answer sets."""
        return tuple(self.key.split("."))

    @property
    def allowed(self) -> str:
        """Return how the answer is written, in words."""
        return f"{KINDS[self.kind].allowed}{f', or {NOTHING}' if self.none else ''}"

    @property
    def how(self) -> str:
        """Return how the answer is written, in short."""
        return f"{KINDS[self.kind].how}{f', or {NOTHING}' if self.none else ''}"

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the answers of the drop-down."""
        if self.kind == "base":
            return tuple(sorted(path.stem for path in assets.configs().glob("*.yaml")))
        if self.kind == "places":
            return (ENGLAND, *sorted(set(synonyms("region").values())))
        return self.choices

    def removes(self, text: str) -> bool:
        """Return whether an answer removes the rule or the limit."""
        return self.none is not None and text.casefold() == NOTHING

    def value(self, text: str) -> Any:
        """Return the value of an answer.

        Raises
        ------
        ValueError
            When it is not written as the question allows.
        """
        return KINDS[self.kind].read(text)


@cache
def questions() -> tuple[Question, ...]:
    """Return every question, in the order of the sheet."""
    text = (assets.reference() / "setup.yaml").read_text(encoding="utf-8")
    return tuple(Question(**_plain(entry)) for entry in YAML(typ="safe").load(text)["questions"])


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
