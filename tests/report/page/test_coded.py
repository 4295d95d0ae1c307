"""Columns as compact JSON: what repeats is written once, and no text can end the script that holds them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pilotage.report.page.schools.coded import coded, coded_parts, json_text


def _texts(column: dict) -> list[str]:
    if "parts" in column:
        return [column["joined"].join(column["parts"][part] for part in row) for row in column["rows"]]
    if "values" in column:
        return list(column["values"])
    return [column["words"][code] if code >= 0 else "" for code in column["codes"]]


@given(st.lists(st.sampled_from(["", "a", "b", "Ünïcode", "=1+1"]) | st.text(max_size=4)))
def test_a_column_says_what_it_was_given(texts: list[str]) -> None:
    assert _texts(coded(texts)) == texts


@given(st.lists(st.lists(st.sampled_from(["", "2015: 4%", "a; b", ", ", "; ", "Ünïcode"])).map(", ".join)))
def test_a_column_of_parts_says_what_it_was_given(texts: list[str]) -> None:
    assert _texts(coded_parts(texts)) == texts


def test_long_texts_of_few_parts_are_written_by_their_parts() -> None:
    years = [", ".join(f"20{year}: {share}%" for year in (15, 16, 17)) for share in range(10, 30)]
    assert coded_parts([f"{one}, {other}" for one in years for other in years])["joined"] == ", "
    assert coded_parts(["leadership good; gap wide", "gap wide; leadership good"] * 20).keys() == {"words", "codes"}
    assert coded_parts(["x", "y", "z"]) == coded(["x", "y", "z"])


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
