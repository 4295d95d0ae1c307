"""Forecasts whose own figures contradict each other: refused row by row, with exit code 3."""

from typing import Any

import pytest

CONTRADICTIONS = {
    "low above the value": (
        "urn,p_fall_if_inspected,p_fall_if_inspected_low\n900004,.3,.3\n900006,.2,.5\n",
        "fc.csv, row 3 - p_fall_if_inspected_low = 0.5, above p_fall_if_inspected = 0.2",
    ),
    "high below the value": (
        "urn,p_fall_if_inspected,p_fall_if_inspected_high\n900004,.3,.1\n",
        "fc.csv, row 2 - p_fall_if_inspected = 0.3, above p_fall_if_inspected_high = 0.1",
    ),
    "low above high, no value": (
        "urn,need,p_fall_if_inspected_low,p_fall_if_inspected_high\n900004,.3,.5,.1\n",
        "fc.csv, row 2 - p_fall_if_inspected_low = 0.5, above p_fall_if_inspected_high = 0.1",
    ),
    "within the horizon above if inspected": (
        "urn,p_fall_if_inspected,p_fall_within_horizon\n900004,.2,.9\n",
        "fc.csv, row 2 - p_fall_within_horizon = 0.9, above p_fall_if_inspected = 0.2",
    ),
    "below good unlike a fall": (
        "urn,p_fall_if_inspected,p_below_good\n900004,.2,.9\n",
        "fc.csv, row 2 - p_below_good = 0.9, with p_fall_if_inspected = 0.2",
    ),
    "below good unlike stuck": (
        "urn,p_stuck,p_below_good\n900004,.2,.2\n",
        "fc.csv, row 2 - p_below_good = 0.2, with p_stuck = 0.2",
    ),
    "a chance above one": ("urn,p_stuck\n900004,1.2\n", "fc.csv, row 2 - p_stuck = 1.2"),
    "months that no school is behind": (
        "urn,need,gap_months\n900004,.3,1000000000\n",
        "fc.csv, row 2 - gap_months = 1000000000.0 - between -120 and 120",
    ),
    "a school twice": ("urn,p_stuck\n900004,.2\n900004,.2\n", "fc.csv, row 3 - urn = 900004 again"),
}


def _place(case: Any, text: str) -> Any:
    path = case.work / "fc.csv"
    path.write_text(text, encoding="utf-8")
    where = ("--quiet", "--out", str(case.work / "out"), "--set", f"data.folder={case.folder.as_posix()}")
    return case.pilotage("place", "baseline", "--forecast", str(path), *where)


@pytest.mark.parametrize(("text", "words"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_refused_with_its_row(case: Any, text: str, words: str) -> None:
    done = _place(case, text)
    assert (done.code, words in done.err) == (3, True), done.err
    assert not (case.work / "out").exists()


def test_each_row_is_a_problem(case: Any) -> None:
    rows = "".join(f"{urn},.2,.5\n" for urn in (900004, 900006, 900008))
    done = _place(case, f"urn,p_fall_if_inspected,p_fall_if_inspected_low\n{rows}")
    assert done.err.count("error:") == 3


def test_figures_that_agree_to_two_decimals_are_taken(case: Any) -> None:
    forecast = case.work / "agree.csv"
    forecast.write_text("urn,p_stuck,p_below_good,need\n900004,.33,.67,.5\n900006,,.4,.5\n", encoding="utf-8")
    done = case.pilotage(
        *("place", "baseline", "--forecast", str(forecast), "--quiet", "--out", str(case.work / "out")),
        *("--set", f"data.folder={case.folder.as_posix()}", "--set", "report.hangs_on=false"),
    )
    assert done.code == 0, done.err
