"""What to do about a value of a wrong kind, from the value and from what its key allows."""

from __future__ import annotations

import re
from typing import Any

from pilotage.config.refusals.allowed import Schema, choices, kinds_of
from pilotage.config.refusals.nearest import nearest
from pilotage.config.written.fault import short
from pilotage.config.written.scalars import is_impossible_day

CORRECT = "correct the value"
YES, NO = ("yes", "y", "on", "true", "1"), ("no", "n", "off", "false", "0")
DAY_FIRST = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
YEAR_FIRST = re.compile(r"([0-9]{4})[./-]?([0-9]{1,2})[./-]?([0-9]{1,2})(T.*| .*)?")
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]{1,2}")
GROUPED = re.compile(r"[-+]?[0-9]{1,3}([_,' \u00a0\u202f][0-9]{3})+|[-+]?[0-9]+(_[0-9]+)+")
PER_CENT = re.compile(r"([0-9]+(\.[0-9]+)?) ?%")
PLAIN = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
KEY_WITHOUT_SPACE = re.compile(r"[A-Za-z_][\w-]*:\S")


def hint(value: Any, node: Schema) -> str:
    """Return what to do about a value that its key does not allow."""
    kinds = kinds_of(node)
    if isinstance(value, str):
        return _of_text(value, node, kinds)
    if isinstance(value, bool):
        return _of_truth(value, kinds)
    if isinstance(value, int | float):
        return _of_number(value, node, kinds)
    if value is None:
        return "give a value, or remove the key"
    return "write one value, without [ ]" if isinstance(value, list) and "array" not in kinds else CORRECT


def _of_text(value: str, node: Schema, kinds: tuple[str, ...]) -> str:
    if _is_day(node):
        return _as_day(value)
    if "boolean" in kinds:
        return _as_truth(value)
    if "number" in kinds or "integer" in kinds:
        return _as_number(value)
    if choices(node):
        return nearest(value, choices(node))
    if "array" in kinds:
        return f"write [{short(value)}]"
    if "\u00a0" in value or KEY_WITHOUT_SPACE.match(value):
        return "put a plain space after the colon (a non-breaking space, or none, stands there)"
    return "write keys below it, each on a line of its own" if "object" in kinds else CORRECT


def _of_truth(value: bool, kinds: tuple[str, ...]) -> str:
    word = str(value).lower()
    if "number" in kinds or "integer" in kinds:
        return f"write a number, not {word}"
    return f'put it in quotes: "{word}"' if "string" in kinds else CORRECT


def _of_number(value: float, node: Schema, kinds: tuple[str, ...]) -> str:
    if _is_day(node):
        return _as_day(str(value))
    if "boolean" in kinds:
        return _as_truth(str(value))
    if "integer" in kinds or "number" in kinds:
        return "write a whole number" if isinstance(value, float) and "number" not in kinds else CORRECT
    if choices(node):
        return f"write one of {', '.join(choices(node))}"
    if "string" in kinds:
        return f'put it in quotes: "{value}"'
    return f"write [{value}]" if "array" in kinds else CORRECT


def _is_day(node: Schema) -> bool:
    return node.get("format") == "date"


def _as_day(value: str) -> str:
    day, year = DAY_FIRST.fullmatch(value.strip()), YEAR_FIRST.fullmatch(value.strip())
    parts = (day[3], day[2], day[1]) if day else (year[1], year[2], year[3]) if year else None
    if parts is None or not (1 <= int(parts[1]) <= 12 and 1 <= int(parts[2]) <= 31):
        return "write year, month and day"
    written = f"{parts[0]}-{int(parts[1]):02}-{int(parts[2]):02}"
    return f"there is no {written}: correct the day" if is_impossible_day(written) else f"write {written}"


def _as_truth(value: str) -> str:
    word = value.strip().casefold()
    return "write true" if word in YES else "write false" if word in NO else "write true or false"


def _as_number(value: str) -> str:
    """Return how to write a number that was written as a text."""
    text = value.strip().lstrip("£$€").strip()
    if PER_CENT.fullmatch(text):
        return f"write {float(text.rstrip('% ')) / 100:g}"
    if GROUPED.fullmatch(text):
        return f"write {re.sub(r'[^-+0-9]', '', text)}"
    if DECIMAL_COMMA.fullmatch(text):
        return f"write {text.replace(',', '.')}"
    if PLAIN.fullmatch(text):
        return f"write {text.lstrip('+0') or '0'}, without quotes, signs or zeros before it"
    return "write it in plain digits, as 1200 or 0.5"
