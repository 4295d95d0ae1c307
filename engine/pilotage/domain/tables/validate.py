"""Hold a frame to its schema; what fails is said in a planner's words."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pilotage.domain.words import one_line
from pilotage.errors import DataError, Problem, Spot, more_problems

WORDS = {
    r"isin\([\[(](.*?),?[\])]\)": "one of {}",
    r"greater_than_or_equal_to\((.*)\)": "at least {}",
    r"greater_than\((.*)\)": "more than {}",
    r"in_range\((.*), (.*)\)": "between {} and {}",
    r"less_than_or_equal_to\((.*)\)": "at most {}",
    r"not_nullable": "a value",
    r"(?:field|multiple_fields)_uniqueness": "each once",
}
TYPE = re.compile(r"(?:coerce_)?dtype\('?(.*?)'?\)")
TYPES = {"int": "a whole number", "float": "a number", "datetime": "a date", "bool": "yes or no"}


def validated(schema: pa.DataFrameSchema, frame: pd.DataFrame, where: str, most: int | None = 20) -> pd.DataFrame:
    """Return ``frame`` in the schema's types and columns, absent nullable columns added as null.

    Texts come without control characters, which a terminal or a spreadsheet would obey.
    Rows are named by the frame's index, plus two.

    Raises
    ------
    DataError
        With one problem per failing cell or column, at most ``most`` (null: all) and one that counts the rest.
    """
    filled = frame.copy()
    filled.attrs = {}  # where a table was read is for messages, and goes into no file
    problems = []
    for name, column in schema.columns.items():
        if name not in filled:
            if not column.nullable:
                columns = f"columns {', '.join(schema.columns)}"
                problems.append(Problem(where, f"no column {name!r}", columns, "add it", at=Spot(where)))
            filled[name] = None
        elif pd.api.types.is_object_dtype(filled[name]) or pd.api.types.is_string_dtype(filled[name]):
            filled[name] = _on_one_line(filled[name])
    if problems:
        raise DataError(problems)
    try:
        table: pd.DataFrame = schema.validate(filled, lazy=True)[list(schema.columns)].reset_index(drop=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(_schema_problems(error.failure_cases, where, most)) from None
    return table


def _on_one_line(texts: pd.Series) -> pd.Series:
    """Return texts without control characters; almost always the same series."""
    distinct = [text for text in texts.dropna().unique() if isinstance(text, str)]
    changed = {text: one_line(text) for text in distinct if one_line(text) != text}
    return texts.replace(changed) if changed else texts


def _in_words(check: str) -> str:
    """Return a failed check of pandera as a planner reads it."""
    for pattern, words in WORDS.items():
        match = re.fullmatch(pattern, check)
        if match:
            return words.format(*(_grouped(text) for text in match.groups()))
    kind = TYPE.fullmatch(check)
    named = kind.group(1).lower() if kind else ""
    return next((words for start, words in TYPES.items() if named.startswith(start)), "a value that the column allows")


def _grouped(text: str) -> str:
    """Return a whole number with its thousands apart, as people write it; any other text as it is."""
    return f"{int(text):,}" if text.removeprefix("-").isdecimal() else text


def _schema_problems(cases: pd.DataFrame, where: str, most: int | None) -> list[Problem]:
    every = cases.drop_duplicates()
    failures = every.head(len(every) if most is None else most)
    columns = zip(failures["index"], failures["column"], failures["failure_case"], failures["check"], strict=True)
    problems = [_problem(where, row, str(column), value, str(check)) for row, column, value, check in columns]
    rest = len(every) - len(failures)
    if rest:
        problems.append(Problem(where, f"and {more_problems(rest)}", do="correct those above first"))
    return problems


def _problem(where: str, row: Any, column: str, value: Any, check: str) -> Problem:
    if pd.isna(row):
        what = f"column {column!r} is of another kind"
        return Problem(where, what, _in_words(check), "correct the column", at=Spot(where, 0, column))
    cells = ((where, int(row), column),)
    what = f"{column} = {_shown(value)}"
    return Problem(f"{where}, row {int(row) + 2}", what, _in_words(check), "correct the value", cells)


def _shown(value: Any) -> str:
    """Return a value as a message shows it."""
    if value is None or (not isinstance(value, (list, dict)) and pd.isna(value)):
        return "blank"
    if isinstance(value, pd.Timestamp):
        return str(value.date() if value == value.normalize() else value)
    plain = value.item() if hasattr(value, "item") else value
    return str(plain) if isinstance(plain, (int, float)) else repr(plain)
