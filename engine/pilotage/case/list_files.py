"""The CSV lists of a run folder, read back in the types that its manifest gives their columns."""

from __future__ import annotations

import re
from io import StringIO

import pandas as pd

#: How a text begins that a spreadsheet may run as a formula: signs, full-width ones too, also after blanks. An
#: apostrophe before them is what ``neutral`` writes, so that a text which has one itself gets a second.
RUNS = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def neutral(text: object) -> object:
    """Return ``text``, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if isinstance(text, str) and RUNS.match(text) else text


def plain(text: object) -> object:
    """Return what ``neutral`` was given."""
    return text[1:] if isinstance(text, str) and text[:1] == "'" and RUNS.match(text[1:]) else text


def read_list(content: bytes, forms: dict[str, str]) -> pd.DataFrame:
    """Return a list with its columns in the order and the form of ``forms``; a blank is null.

    Raises
    ------
    ValueError
        Where it is no table, it has other columns, or a cell is not of its form; the message says why.
    """
    try:
        text = content.decode("utf-8-sig")
        frame = pd.read_csv(StringIO(text), dtype="str", keep_default_na=False, na_values=[""])
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"not a table: {str(error).strip()}") from None
    if list(frame.columns) != list(forms):
        raise ValueError(f"its columns are {', '.join(map(str, frame.columns))}")
    return pd.DataFrame({name: _typed(frame[name], name, form) for name, form in forms.items()})


def _typed(cells: pd.Series, name: str, form: str) -> pd.Series:
    """Return the cells of a column as texts, whole numbers or numbers with decimals (every other form)."""
    if form == "text":
        return cells.map(plain, na_action="ignore")
    numbers: pd.Series = pd.to_numeric(cells, errors="coerce")
    wrong = cells.notna() & (numbers.isna() | ((form == "integer") & (numbers % 1 != 0)))
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise ValueError(f"{name} = {cells.iloc[row]!r} in row {row + 2}")
    return numbers.astype("Int64") if form == "integer" else numbers.astype("float64")
