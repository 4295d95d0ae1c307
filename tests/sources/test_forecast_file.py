"""A charity's own forecast: what is read, what is calculated, and what is refused with which words."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.config.scenario import Scenario
from pilotage.domain.outcomes import FALL
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.forecast_file import ForecastFile, read_forecast

AS_OF = date(2016, 8, 31)
URNS = np.array([101, 102, 103], dtype=np.int64)


def _scenario() -> Scenario:
    return Scenario.model_validate(
        {
            "name": "small",
            "why": "a test",
            "as_of": AS_OF,
            "data": {"source": "sample"},
            "outcomes": {"leadership_fall": {"weight": 1}, "leadership_stuck": {}, "gap_widening": {"weight": 3}},
            "pool": {"source": "files"},
            "rules": {},
        }
    )


def _panel() -> SchoolPanel:
    empty = pd.DataFrame()
    return SchoolPanel(
        AS_OF, pd.DataFrame({"urn": [101, 102, 103, 104], "phase": "primary"}), empty, empty, empty, empty, True
    )


def _read(path: Path) -> ForecastFile:
    return read_forecast(path, _scenario(), _panel(), URNS)


def _csv(tmp_path: Path, text: str) -> Path:
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    return tmp_path / "scores.csv"


def test_need_is_calculated_where_it_is_not_given_and_blank_stays_unknown(tmp_path: Path) -> None:
    path = _csv(tmp_path, "urn,p_fall_if_inspected,p_gap_wide,need\n103,0.2,0.6,\n101,0.5,,0.9\n104,1,1,1\n")
    found = _read(path)
    table = found.forecast.table.set_index("urn")
    assert table.index.tolist() == [101, 102, 103]
    assert table.loc[101, "need"] == 0.9
    assert table.loc[103, "need"] == pytest.approx((0.2 + 3 * 0.6) / 4)
    assert table.loc[102, ["need", "p_fall_if_inspected", "p_stuck"]].isna().all()
    assert table.loc[102, "missing"] == "every risk: not in scores.csv"
    assert np.isnan(table.loc[101, "p_gap_wide"])
    told = " ".join(found.notes)
    assert "1 of 3 schools in scope are not in scores.csv" in told
    assert "1 schools of scores.csv are outside" in told
    assert "no draws" in told
    assert [(each.role, each.name) for each in found.inputs] == [("forecast", "scores.csv")]


def test_an_outcome_that_the_file_lacks_is_unavailable_never_zero(tmp_path: Path) -> None:
    outcomes = _read(_csv(tmp_path, "urn,p_widens\n101,0.5\n")).forecast.outcomes
    assert {name: state.available for name, state in outcomes.items()} == {
        "leadership_fall": False,
        "leadership_stuck": False,
        "gap_widening": True,
    }
    assert outcomes["leadership_stuck"].why == "scores.csv does not give it"


def test_excel_is_read_as_csv_is(tmp_path: Path) -> None:
    frame = pd.DataFrame({"URN": [101, 102], "p_stuck": [0.25, None]})
    frame.to_excel(tmp_path / "scores.xlsx", index=False)
    table = _read(tmp_path / "scores.xlsx").forecast.table
    assert table["p_stuck"].tolist()[0] == 0.25
    assert table["p_stuck"].isna().tolist() == [False, True, True]


def test_draws_of_parquet_come_in_the_order_of_the_schools(tmp_path: Path) -> None:
    frame = pd.DataFrame({"urn": [103, 101], "p_stuck": [0.3, 0.1], "p_stuck_draws": [[0.25, 0.5], [0.0, 0.125]]})
    frame.to_parquet(tmp_path / "scores.parquet")
    draws = _read(tmp_path / "scores.parquet").forecast.draws["p_stuck"]
    assert draws[[0, 2]].tolist() == [[0.0, 0.125], [0.25, 0.5]]
    assert np.isnan(draws[1]).all()


def test_draws_of_own_chances_are_read_beside_those_of_the_model(tmp_path: Path) -> None:
    frame = pd.DataFrame({"urn": [101], "p_fall_if_inspected": [0.3]})
    drawn = {"p_fall_if_inspected_draws": [[0.25, 0.5]], "p_fall_if_inspected_own_draws": [[0.0, 1.0]]}
    frame.assign(**drawn).to_parquet(tmp_path / "scores.parquet")
    forecast = _read(tmp_path / "scores.parquet").forecast
    assert forecast.draws["p_fall_if_inspected"][0].tolist() == [0.25, 0.5]
    own = forecast.own_chances(FALL)
    assert own is not None
    assert own[0].tolist() == [0.0, 1.0]


def _refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        _read(path)
    return str(caught.value)


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = "urn,p_stuk,p_widens\n101,0.1,1.5\n102,0.1,lots\n102,0.1,0.2\n999,0.1,0.3\n"
    told = _refused(_csv(tmp_path, text))
    for words in (
        "no such column 'p_stuk'",
        "did you mean 'p_stuck'?",
        "row 2 - p_widens = 1.5 - between 0 and 1",
        "row 3 - p_widens = 'lots' - a number",
        "row 4 - urn = 102 again - each once (first in row 3)",
        "row 5 - urn = 999 - a URN of the scenario's schools",
    ):
        assert words in told, told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "urn,gap_months\n101,3\n",
            "no risk - at least one of p_fall_if_inspected, p_stuck, p_widens, p_below_good, p_gap_wide, need",
        ),
        ("school,need\n101,0.3\n", "no column 'urn'"),
        ("urn,need\n,0.3\n", "urn = "),
        ("urn,need\n101,-0.1\n", "need = -0.1 - between 0 and 1"),
        ("urn,need\n101,inf\n", "need = 'inf' - a number"),
        ("urn,need\n1O1,0.2\n", "urn = '1O1' - a whole number"),
        ("urn,urn,need\n101,101,0.2\n", "column 'urn"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    assert words in _refused(_csv(tmp_path, text))


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "nowhere.csv")
    assert "no such file" in _refused(tmp_path / "nowhere.parquet")
    (tmp_path / "scores.parquet").write_bytes(b"not parquet")
    assert "not a readable Parquet file" in _refused(tmp_path / "scores.parquet")


@pytest.mark.parametrize(
    ("draws", "words"), [([[0.1], [0.1, 0.2]], "of one length"), ([[0.1], [1.2]], "draws outside 0 to 1")]
)
def test_draws_that_are_none_are_refused(tmp_path: Path, draws: Any, words: str) -> None:
    frame = pd.DataFrame({"urn": [101, 102], "p_stuck": [0.3, 0.1], "p_stuck_draws": draws})
    frame.to_parquet(tmp_path / "scores.parquet")
    assert words in _refused(tmp_path / "scores.parquet")


def test_a_file_with_a_header_alone_is_refused(tmp_path: Path) -> None:
    wanted = "scores.csv - has no rows - one row per school - fill it in, or name another file"
    assert wanted in _refused(_csv(tmp_path, "urn,need\n"))


def test_of_many_schools_unknown_to_the_scenario_twenty_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    rows = "".join(f"{urn},0.5\n" for urn in [101, *range(901, 924)])  # one school of the scenario, 23 of elsewhere
    with pytest.raises(DataError) as caught:
        _read(_csv(tmp_path, "urn,need\n" + rows))
    path = tmp_path / "scores.csv"
    problems = [str(problem) for problem in caught.value.problems]
    assert len(problems) == 21
    named = "a URN of the scenario's schools - correct the URN, or remove the row"
    assert problems[0] == f"{path}, row 3 - urn = 901 - {named}"
    assert problems[19] == f"{path}, row 22 - urn = 920 - {named}"
    rest = "3 more rows are of schools that the scenario does not have - URNs of the scenario's schools"
    assert problems[20] == f"{path} - {rest} - check that it is a file of the same country"


def test_a_file_with_draws_of_the_chance_that_leadership_falls_has_no_note_of_their_lack(tmp_path: Path) -> None:
    chances = {"urn": [101, 102, 103], "p_fall_if_inspected": [0.1, 0.2, 0.3], "p_gap_wide": [0.1, 0.2, 0.3]}
    draws = [[0.0, 0.25], [0.125, 0.25], [0.25, 0.5]]
    pd.DataFrame(chances | {"p_fall_if_inspected_draws": draws}).to_parquet(tmp_path / "scores.parquet")
    drawn = _read(tmp_path / "scores.parquet")
    own = "The risks are those of scores.parquet; Pilotage did not forecast them and has not tested them."
    assert drawn.notes == (own,)
    assert drawn.forecast.draws["p_fall_if_inspected"].tolist() == draws


def test_a_file_without_the_figure_that_counts_in_need_says_so(tmp_path: Path) -> None:
    read = _read(_csv(tmp_path, "urn,p_fall_if_inspected,p_widens\n103,0.2,0.6\n"))
    assert "scores.csv gives no p_gap_wide, which counts in need: need leaves that part out." in read.notes
    assert read.forecast.table.set_index("urn").loc[103, "need"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ('urn,need,gap_months\n101,0.5,"1,5"\n', 1.5),
        ("urn;need;gap_months\n101;0,5;1,5\n", 1.5),
        ("sep=|\nURN|Need|Gap months\n101|50%|1.5\n", 1.5),
    ],
)
def test_figures_are_read_in_the_files_own_convention(tmp_path: Path, text: str, months: float) -> None:
    row = _read(_csv(tmp_path, text)).forecast.table.set_index("urn").loc[101]
    assert (row["need"], row["gap_months"]) == (0.5, months)


def test_a_comma_between_thousands_is_no_decimal_mark_where_the_file_shows_another(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gap_months = 1500(\.0)? - "):  # 0.5 shows that the point is the decimal mark
        _read(_csv(tmp_path, 'urn,need,gap_months\n101,0.5,"1,500"\n'))


def test_a_former_urn_is_read_as_its_successor_and_given_with_it_is_refused(tmp_path: Path) -> None:
    panel = replace(_panel(), other_urns={77: 101})
    found = read_forecast(_csv(tmp_path, "urn,need\n77,0.5\n"), _scenario(), panel, URNS)
    assert found.forecast.table.set_index("urn").loc[101, "need"] == 0.5
    assert (
        "In scores.csv, urn reads 77 as 101 (row 2): by the official links these are the same schools." in found.notes
    )
    with pytest.raises(DataError) as caught:
        read_forecast(_csv(tmp_path, "urn,need\n77,0.5\n101,0.4\n"), _scenario(), panel, URNS)
    assert [problem.what for problem in caught.value.problems] == ["urn = 101 again"]


@pytest.mark.parametrize("urn", ["101a", float("inf"), 101.5])
def test_a_urn_of_a_parquet_file_that_is_none_is_told_with_its_row(tmp_path: Path, urn: object) -> None:
    path = tmp_path / "scores.parquet"
    pd.DataFrame({"urn": [urn], "need": [0.5]}).to_parquet(path)
    with pytest.raises(DataError) as caught:
        read_forecast(path, _scenario(), _panel(), URNS)
    assert any(problem.what.startswith(f"urn = {urn}") for problem in caught.value.problems), caught.value.problems
