"""Hold a frame to its schema; what fails is said in a planner's words."""

from __future__ import annotations

import re

import pandas as pd
import pandera.pandas as pa

from pilotage.domain.words import one_line
from pilotage.errors import DataError, Problem

WORDS = {
    r"isin\([\[(](.*?),?[\])]\)": "one of {}",
    r"greater_than_or_equal_to\((.*)\)": "at least {}",
    r"greater_than\((.*)\)": "more than {}",
    r"in_range\((.*), (.*)\)": "between {} and {}",
    r"less_than_or_equal_to\((.*)\)": "at most {}",
    r"not_nullable": "a value",
    r"(?:field|multiple_fields)_uniqueness": "each once",
    r"(?:coerce_)?dtype\('?(.*?)'?\)": "a value of type {}",
}


def validated(schema: pa.DataFrameSchema, frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return ``frame`` in the schema's types and columns, absent nullable columns added as null.

    Texts come without control characters, which a terminal or a spreadsheet would obey.

    Raises
    ------
    DataError
        With one problem per failing column or row, at most twenty.
    """
    filled = frame.copy()
    problems = []
    for name, column in schema.columns.items():
        if name not in filled:
            if not column.nullable:
                problems.append(Problem(where, f"no column {name!r}", f"columns {', '.join(schema.columns)}", "add it"))
            filled[name] = None
        elif pd.api.types.is_object_dtype(filled[name]) or pd.api.types.is_string_dtype(filled[name]):
            filled[name] = _on_one_line(filled[name])
    if problems:
        raise DataError(problems)
    try:
        return schema.validate(filled, lazy=True)[list(schema.columns)].reset_index(drop=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(_schema_problems(error.failure_cases, where)) from None


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
    return f"must satisfy {check}"


def _grouped(text: str) -> str:
    """Return a whole number with its thousands apart, as people write it; any other text as it is."""
    return f"{int(text):,}" if text.removeprefix("-").isdecimal() else text


def _schema_problems(cases: pd.DataFrame, where: str) -> list[Problem]:
    failures = cases.drop_duplicates().head(20)
    columns = zip(failures["index"], failures["column"], failures["failure_case"], failures["check"], strict=True)
    return [
        Problem(
            f"{where}, row {int(row) + 2}" if pd.notna(row) else where,
            f"{column} = {value.item() if hasattr(value, 'item') else value!r}",
            _in_words(str(check)),
            "correct the value",
        )
        for row, column, value, check in columns
    ]
