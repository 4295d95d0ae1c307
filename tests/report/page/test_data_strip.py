"""The data strip: age and cover in words, with a colour that the words explain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.accuracy import Accuracy, OutcomeAccuracy, Share
from pilotage.report.page.data_strip import Item, State, data_strip


def _inspected(record: RunRecord, day: str, urns: list[int]) -> RunRecord:
    table = pd.DataFrame({"urn": urns, "inspected_on": pd.Timestamp(day), "known_on": pd.Timestamp(day)})
    table = table.assign(urn_at_time=table["urn"], leadership_grade=2.0)
    return replace(record, panel=replace(record.panel, inspections=table))


@pytest.mark.parametrize(
    ("day", "schools", "state", "look"),
    [
        ("2016-08-01", 8, State.RECENT, "good"),
        ("2015-08-30", 8, State.AGEING, "fair"),
        ("2014-08-01", 8, State.OLD, "poor"),
        ("2016-08-01", 4, State.GAPS, "fair"),
        ("2014-08-01", 4, State.OLD, "poor"),
    ],
)
def test_judgements_have_an_age_and_a_cover(record: RunRecord, day: str, schools: int, state: State, look: str) -> None:
    item = data_strip(_inspected(record, day, record.urns[:schools].tolist()))[0]
    assert (item.title, item.state, item.look) == ("Inspections", state, look)
    assert item.words.endswith(f"{100 * schools // 8}% of schools")


def test_judgements_of_real_schools_are_ofsted_s_and_later_ones_do_not_count(make: Callable[..., RunRecord]) -> None:
    record = make(school=False)
    assert data_strip(_inspected(record, "2016-08-01", [105]))[0].words == "to 1 Aug 2016, 12% of schools"
    later = data_strip(_inspected(record, "2016-09-01", [105]))[0]
    assert later == Item("Ofsted", State.MISSING, "nothing known by the date")


def _results(record: RunRecord, **columns: object) -> RunRecord:
    table = pd.DataFrame({"urn": record.urns, "year": 2015, "known_on": pd.Timestamp("2016-01-01")})
    table = table.assign(pupil_group="disadvantaged", progress_sd=0.1, **columns)
    years = table[["urn", "year", "known_on"]].assign(fsm6_share=0.3, fsm_share=0.2)
    return replace(record, panel=replace(record.panel, results=table, school_years=years))


def test_results_and_intake_say_their_year(record: RunRecord) -> None:
    _, gaps, intake, *_ = data_strip(_results(record))
    assert gaps == Item("Gaps", State.AGEING, "of 2014/15, 100% of schools")
    assert intake == Item("Disadvantaged pupils", State.AGEING, "of 2014/15, 100% of schools")
    later = data_strip(_results(record, known_on=pd.Timestamp("2016-12-01")))
    assert [item.state for item in later[1:3]] == [State.MISSING, State.MISSING]


def test_without_tables_data_is_not_known(record: RunRecord) -> None:
    assert [item.state for item in data_strip(record)] == [State.MISSING] * 3 + [State.UNTESTED]


def test_the_forecast_says_how_often_it_was_right_or_that_nobody_tested_it(record: RunRecord) -> None:
    day, share = date(2014, 4, 30), Share(0.27)
    found = OutcomeAccuracy("leadership_fall", "s", "t", day, day, False, ("primary",), 100, share, share, share)
    said = {
        "of the tenth ranked riskiest, 27 in 100 fell below good": Accuracy((found,)),
        "of the tenth ranked riskiest, 27 in 100 fell below good (invented schools)": Accuracy(
            (replace(found, synthetic=True),)
        ),
        "a file of your own": Accuracy(own_file=True),
        "no back-test of it": Accuracy(),
    }
    assert [data_strip(replace(record, accuracy=accuracy))[-1].words for accuracy in said.values()] == list(said)
    nothing = replace(record, forecast=replace(record.forecast, outcomes={}))
    assert [item.title for item in data_strip(nothing)] == ["Inspections", "Gaps", "Disadvantaged pupils"]
