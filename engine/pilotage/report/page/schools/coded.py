"""The columns of a long list as compact JSON: texts that repeat are written once, and none can end the script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

Column = dict[str, Any]
OFTEN = 0.5  # a column with fewer different texts than this share of its rows is written as codes
HTML_IN_JSON = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def coded(texts: Sequence[str]) -> Column:
    """Return a column of texts: ``words`` in order of the alphabet and each row's position there, -1 where empty.

    Texts of which most differ are the ``values`` of the rows.
    """
    words = sorted({text for text in texts if text})
    if len(words) > OFTEN * len(texts):
        return {"values": list(texts)}
    place = {word: position for position, word in enumerate(words)}
    return {"words": words, "codes": [place.get(text, -1) for text in texts]}


def coded_parts(texts: Sequence[str]) -> Column:
    """Return a column of long texts whose parts repeat: each part once, and of each row the positions of its parts.

    The parts are those between commas or between semicolons (``joined``), whichever makes the column shorter. It is
    ``coded`` as other columns are where neither does.
    """
    tried = [_parts(texts, joined) for joined in (", ", "; ")]
    return min([coded(texts), *tried], key=lambda column: len(json_text(column)))


def _parts(texts: Sequence[str], joined: str) -> Column:
    rows = [text.split(joined) if text else [] for text in texts]
    parts = sorted({part for row in rows for part in row})
    place = {part: position for position, part in enumerate(parts)}
    return {"parts": parts, "joined": joined, "rows": [[place[part] for part in row] for row in rows]}


def json_text(value: object) -> Markup:
    """Return JSON that may stand in a ``script`` element whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in HTML_IN_JSON.items():
        text = text.replace(character, escape)
    return Markup(text)
