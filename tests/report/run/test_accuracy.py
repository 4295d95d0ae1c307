"""How well such forecasts did: the sentences by hand, and where a run shows them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pilotage.case.record import RunRecord
from pilotage.domain.findings.accuracy import Accuracy, Difference, OutcomeAccuracy, Share
from pilotage.report.folder import write_run
from pilotage.report.run.accuracy import GAP_TESTED, OWN_FILE, UNTESTED, accuracy_facts, accuracy_line, accuracy_words
from pilotage.report.terminal import summary_text

FALL = OutcomeAccuracy(
    outcome="leadership_fall",
    scenario="england-2014",
    test="if_inspected",
    first_day=date(2014, 4, 30),
    last_day=date(2014, 4, 30),
    synthetic=False,
    phases=("primary", "secondary"),
    count=1_135,
    happened=Share(0.1885, 0.16, 0.21),
    happened_in_top_tenth=Share(0.2721, 0.2, 0.35),
    found_in_top_tenth=Share(0.2512, 0.2, 0.3),
)
GAP = replace(FALL, outcome="gap_widening", test="widens_in_time", last_day=date(2015, 8, 31))
SENTENCE = (
    "Of the tenth of inspected schools ranked riskiest about 27 in 100 fell below good, of all 1,135 tested 19 in 100; "
    "of every 100 that fell below good, 75 were elsewhere (measured on England's schools as of 30 April 2014, scenario "
    "england-2014)."
)


def _words(found: OutcomeAccuracy, make: Callable[..., RunRecord]) -> str:
    record = make(accuracy=Accuracy((found,)))
    states = dict.fromkeys((found.outcome,), record.forecast.outcomes["leadership_fall"])
    ((_, words),) = accuracy_words(replace(record, forecast=replace(record.forecast, outcomes=states)))
    return words


def test_the_sentence_gives_every_figure(make: Callable[..., RunRecord]) -> None:
    assert _words(FALL, make) == SENTENCE


def test_the_gap_says_which_chance_was_tested_and_the_days(make: Callable[..., RunRecord]) -> None:
    assert _words(GAP, make) == (
        "Of the tenth of schools ranked riskiest about 27 in 100 had a gap that widened by over a month, of all 1,135 "
        "tested 19 in 100; of every 100 that had a gap that widened by over a month, 75 were elsewhere (measured on "
        f"England's schools as of 30 April 2014 to 31 August 2015, scenario england-2014). {GAP_TESTED}"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "riskiest about 0 in 100"), (0.004, "riskiest under 1 in 100"), (0.996, "riskiest over 99 in 100")],
)
def test_rare_is_not_never_and_nearly_all_is_not_all(make: Callable[..., RunRecord], value: float, words: str) -> None:
    assert words in _words(replace(FALL, happened_in_top_tenth=Share(value)), make)


@pytest.mark.parametrize(
    ("differs", "synthetic", "words"),
    [
        ((Difference.SCHOOLS,), True, "on invented schools, not on real ones"),
        ((Difference.SCHOOLS,), False, "on real schools"),
        ((Difference.SCALE,), False, "on another scale of Ofsted's judgements"),
        (
            (Difference.GRADE, Difference.PHASES),
            False,
            "on another grade than the one that counts here as leadership; on schools of these phases alone: primary, "
            "secondary",
        ),
    ],
)
def test_a_test_of_another_kind_is_said_to_be_elsewhere(
    make: Callable[..., RunRecord], differs: tuple[Difference, ...], synthetic: bool, words: str
) -> None:
    found = replace(FALL, differs=differs, synthetic=synthetic)
    assert _words(found, make).endswith(f" It was measured elsewhere: {words}.")
    assert ("the invented schools of the sample as of" in _words(found, make)) == synthetic


def test_an_outcome_without_a_test_says_so_and_one_that_is_not_forecast_says_nothing(
    make: Callable[..., RunRecord],
) -> None:
    assert accuracy_words(make()) == [("Leadership falls below good", UNTESTED)]


def test_a_forecast_of_ones_own_is_not_tested(make: Callable[..., RunRecord]) -> None:
    record = make(accuracy=Accuracy(own_file=True))
    assert [words for _, words in accuracy_words(record)] == [OWN_FILE]
    assert "Pilotage has not tested it" in accuracy_line(record)
    assert accuracy_facts(record) == {"forecast_of": "own_file", "outcomes": [], "sentence": OWN_FILE}


def test_page_workbook_plan_and_terminal_say_it(make: Callable[..., RunRecord], tmp_path: Path) -> None:
    record = make(accuracy=Accuracy((FALL,)))
    folder = write_run(record, tmp_path / "out", force=False)
    page = (folder / "report.html").read_text(encoding="utf-8").replace("&#39;", "'")
    assert page.count(SENTENCE) == 1
    assert "of the tenth ranked riskiest, 27 in 100 fell below good" in page  # on the first screen
    rows = load_workbook(folder / "report.xlsx")["How to read it"].iter_rows(values_only=True)
    cells = [str(cell) for row in rows for cell in row]
    assert SENTENCE in cells
    assert [line for line in summary_text(record) if SENTENCE[1:] in line] == [accuracy_line(record)]
    assert "\n" not in accuracy_line(record)
    (facts,) = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["measured_accuracy"]["outcomes"]
    assert facts == {
        "outcome": "leadership_fall",
        "scenario": "england-2014",
        "test": "if_inspected",
        "first_day": "2014-04-30",
        "last_day": "2014-04-30",
        "synthetic": False,
        "phases": ["primary", "secondary"],
        "count": 1_135,
        "happened": {"value": 0.1885, "low": 0.16, "high": 0.21},
        "happened_in_top_tenth": {"value": 0.2721, "low": 0.2, "high": 0.35},
        "found_in_top_tenth": {"value": 0.2512, "low": 0.2, "high": 0.3},
        "differs": [],
        "sentence": SENTENCE,
    }
