"""Columns as compact JSON: what repeats is written once, and no text can end the script that holds them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pilotage.report.page.schools.coded import coded, json_text


def _texts(column: dict) -> list[str]:
    if "values" in column:
        return list(column["values"])
    return [column["words"][code] if code >= 0 else "" for code in column["codes"]]


@given(st.lists(st.sampled_from(["", "a", "b", "Ünïcode", "=1+1"]) | st.text(max_size=4)))
def test_a_column_says_what_it_was_given(texts: list[str]) -> None:
    assert _texts(coded(texts)) == texts


def test_texts_that_repeat_are_written_once_and_codes_sort_as_the_alphabet() -> None:
    assert coded(["primary", "", "all-through", "primary"]) == {
        "words": ["all-through", "primary"],
        "codes": [1, -1, 0, 1],
    }


def test_texts_that_mostly_differ_are_written_row_by_row() -> None:
    assert coded(["x", "y", "z"]) == {"values": ["x", "y", "z"]}


def test_no_text_ends_the_script_that_holds_it() -> None:
    hostile = {"name": "</script><script>alert(1)</script><!--&\u2028", "number": 1.5, "none": None}
    text = str(json_text(hostile))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == hostile
