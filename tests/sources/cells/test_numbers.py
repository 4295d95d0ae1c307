"""Numbers as people write them: each reading worked out by hand, and what is not clear refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotage.sources.cells.kinds import CHANCE, GBP, KM, METRES, NUMBER, WHOLE, Kind
from pilotage.sources.cells.numbers import MOST, Convention, UnreadError, convention_of

POINT, COMMA = Convention(".", sure=True), Convention(",", sure=True)
LIKELY_POINT, LIKELY_COMMA, BOTH = Convention("."), Convention(","), Convention(None, sure=True)


@pytest.mark.parametrize(
    ("kind", "text", "convention", "value"),
    [
        (NUMBER, "2,5", LIKELY_POINT, 2.5),
        (NUMBER, "0,05", LIKELY_POINT, 0.05),
        (NUMBER, "0,123", LIKELY_POINT, 0.123),
        (NUMBER, "-0.25", LIKELY_COMMA, -0.25),
        (NUMBER, "−3", LIKELY_POINT, -3),
        (NUMBER, "1.500", LIKELY_POINT, 1.5),
        (NUMBER, "1,500", POINT, 1500),
        (NUMBER, "1,500", COMMA, 1.5),
        (NUMBER, "1.500", COMMA, 1500),
        (NUMBER, "1,234,567", LIKELY_POINT, 1_234_567),
        (NUMBER, "1.234.567,8", LIKELY_POINT, 1_234_567.8),
        (NUMBER, "8.000,50", LIKELY_POINT, 8000.5),
        (NUMBER, "1 500", LIKELY_POINT, 1500),
        (NUMBER, "1e-05", LIKELY_POINT, 0.00001),
        (WHOLE, "110,000", LIKELY_POINT, 110_000),
        (WHOLE, "110.000", LIKELY_COMMA, 110_000),
        (WHOLE, "3.0", LIKELY_POINT, 3),
        (WHOLE, "3.000", POINT, 3),
        (METRES, "458,500", LIKELY_POINT, 458_500),
        (METRES, "458500 m", LIKELY_POINT, 458_500),
        (GBP, "£12,000", LIKELY_POINT, 12_000),
        (GBP, "GBP 12,000.50", LIKELY_POINT, 12_000.5),
        (GBP, "12.000 pounds", COMMA, 12_000),
        (KM, "25 km", LIKELY_POINT, 25),
        (KM, "25 miles", LIKELY_POINT, 25 * 1.609344),
        (CHANCE, "8.3%", LIKELY_POINT, 0.083),
        (CHANCE, "8,3 %", LIKELY_POINT, 0.083),
    ],
)
def test_a_number_that_is_clear_is_read(kind: Kind, text: str, convention: Convention, value: float) -> None:
    assert kind.value(text, convention) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("kind", "text", "convention"),
    [
        (NUMBER, "1,500", LIKELY_POINT),
        (NUMBER, "1,500", LIKELY_COMMA),
        (NUMBER, "1.500", LIKELY_COMMA),
        (NUMBER, "1.500", BOTH),
        (GBP, "12,000", COMMA),
        (GBP, "12.000", LIKELY_POINT),
        (WHOLE, "110,000", COMMA),
        (WHOLE, "3.5", POINT),
        (WHOLE, "2,5", COMMA),
        *((NUMBER, text, POINT) for text in ("nan", "inf", "-inf", "1e999", "0x1F", "1_000", "12k", "2-3", "~30", "")),
        *(
            (NUMBER, text, POINT)
            for text in ("30%", "£5", "25 km", "1,50,000", "1.2.3", "١٢", "TRUE", "#N/A", "2016-09-01")
        ),
        (KM, "25 m", POINT),
        (KM, "25 minutes", POINT),
        (GBP, "$12,000", POINT),
        (GBP, "12k", POINT),
        (WHOLE, str(MOST + 1), POINT),
        (WHOLE, "1.1E+05", POINT),
    ],
)
def test_what_is_no_number_or_is_not_clear_is_refused(kind: Kind, text: str, convention: Convention) -> None:
    with pytest.raises(UnreadError):
        kind.value(text, convention)


def test_the_refusal_of_a_number_with_two_readings_names_both() -> None:
    with pytest.raises(UnreadError) as caught:
        NUMBER.value("1,500", LIKELY_POINT)
    assert caught.value.hint == "write 1500 or 1.5: it can be read as both"


@pytest.mark.parametrize(
    ("figures", "separator", "convention"),
    [
        (["1,500", "2,5"], ",", COMMA),
        (["1,500", "2.5"], ",", POINT),
        (["1,500", "1,234,567"], ";", POINT),
        (["1,500", "12"], ";", LIKELY_COMMA),
        (["1,500"], ",", LIKELY_POINT),
        (["2,5", "2.5"], ",", BOTH),
        (["1,500", "2.5"], None, LIKELY_POINT),  # 2.5 is what a workbook shows of a number that it holds
        (["1,500", "2,5", "0.1"], None, COMMA),
    ],
)
def test_the_other_numbers_of_a_file_tell_its_decimal_mark(figures: Any, separator: Any, convention: Any) -> None:
    assert convention_of(figures, separator) == convention


@given(
    st.floats(-1e6, 1e6).map(lambda value: round(value, 2)),
    st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ",")]),
)
def test_a_number_in_any_convention_reads_the_same(value: float, marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    text = f"{value:,.2f}".translate(str.maketrans({",": thousands, ".": decimal}))
    assert NUMBER.value(text, Convention("," if decimal == "," else ".", sure=True)) == value
    assert NUMBER.value(text, LIKELY_POINT) == value  # two decimals are clear by themselves


@given(st.integers(100_000, 999_999), st.sampled_from(["{}", "{:,}", "{}.0", "{:,}.00", " {} "]))
def test_a_urn_in_any_form_reads_the_same(urn: int, form: str) -> None:
    assert WHOLE.value(form.format(urn), LIKELY_POINT) == urn


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        value = NUMBER.value(text, LIKELY_POINT)
    except UnreadError:
        return
    assert abs(value) <= MOST
    assert any(figure in "0123456789" for figure in text)
