"""What the commands show on the terminal: tables with a row for each thing known, and none for what is not."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.table import Table
from typer.testing import CliRunner

from pilotage.cli.data import data_app
from pilotage.cli.tables import area_tables, coverage_table, show_evaluation
from pilotage.domain.findings.areas import GAP_COLUMNS, LEADERSHIP_COLUMNS, AreaState
from pilotage.domain.findings.evaluation import Evaluation
from pilotage.reviews import Covered
from pilotage.sources.schools.coverage import Coverage

SYNTHETIC = "Synthetic England: every school, result and grade here is invented."
GAP = ("Two", "Two", 2015, "other", "elsewhere", 0.3, 9.0, 8.0, 10.0, 40)
FELL = ("Two", "Two", 2010, 2016, 2, 1, 0.5, 0.1, 0.9)


def _rows(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*([str(cell) for cell in column.cells] for column in table.columns), strict=True))


def _state(gaps: list[tuple[Any, ...]], leadership: list[tuple[Any, ...]]) -> AreaState:
    tables = pd.DataFrame(gaps, columns=list(GAP_COLUMNS)), pd.DataFrame(leadership, columns=list(LEADERSHIP_COLUMNS))
    return AreaState(date(2016, 8, 31), "Two", "ks4", *tables, False, ())


def test_leadership_has_a_table_only_where_something_is_known_of_it() -> None:
    gap, fell = area_tables(_state([GAP], [FELL]))
    assert _rows(gap) == [("Two", "9.0", "9.0", "8.0 to 10.0", "", "40")]
    assert _rows(fell) == [("Two", "2", "1", "50%", "10% to 90%")]
    assert [table.title for table in area_tables(_state([GAP], []))] == [gap.title]


def _evaluation(*, synthetic: bool, tested: bool) -> Evaluation:
    """Return a back-test of one outcome, with one kind of test or none."""
    figure = {"value": 0.5, "low": 0.4, "high": 0.6}
    names = ("base_rate", "auc", "precision_at_10", "recall_at_10", "recall_ceiling_at_10", "recall_at_20")
    test = {
        "n": 1234,
        "metrics": dict.fromkeys([*names, "recall_ceiling_at_20"], figure),
        "calibration": {"error": 0.02, "error_of_perfect": {"mean": 0.01}},
        "baselines": {"fsm": {"label": "free school meals alone", "beaten": {"auc": False}}},
    }
    fall = {"available": tested, "why": "no pairs", "tests": {"if_inspected": test} if tested else {}}
    return Evaluation("own", {"synthetic": synthetic, "outcomes": {"leadership_fall": fall}}, pd.DataFrame())


def test_an_evaluation_of_invented_schools_says_so_first(capsys: pytest.CaptureFixture[str]) -> None:
    show_evaluation(_evaluation(synthetic=True, tested=True))
    said = capsys.readouterr().out
    assert said.splitlines()[0] == SYNTHETIC
    row = next(line for line in said.splitlines() if "1,234" in line)
    assert "0.500" in row
    assert "free school" in row


def test_an_evaluation_of_real_schools_without_any_test_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    show_evaluation(_evaluation(synthetic=False, tested=False))
    said = capsys.readouterr().out
    assert SYNTHETIC not in said
    assert "1,234" not in said
    assert said.splitlines()[-1].endswith(": not tested: no pairs")


def test_what_is_lacking_comes_last_with_the_sources_to_bring() -> None:
    figures = [Coverage("trust", 0, 4, None, ("GIAS", "Ofsted")), Coverage("absence share", 3, 4, 2013, ("census",))]
    table = coverage_table(Covered("own", date(2014, 4, 30), None, {1, 2, 3, 4}, 4, figures))
    assert table.title == "own: what is known of its 4 schools by 2014-04-30"
    assert _rows(table) == [("absence share", "2013", "3", "75%", ""), ("trust", "", "0", "0%", "GIAS; Ofsted")]


def test_without_a_school_in_scope_there_is_no_share_and_no_row_without_a_figure() -> None:
    none = Covered("own", date(2014, 4, 30), None, set(), 0, [])
    assert _rows(coverage_table(none)) == []
    (row,) = _rows(
        coverage_table(Covered("own", none.as_of, None, set(), 0, [Coverage("trust", 0, 0, None, ("GIAS",))]))
    )
    assert row == ("trust", "", "0", "", "GIAS")


def _status(folder: Path, *arguments: str) -> list[str]:
    done = CliRunner().invoke(data_app, ["status", *arguments, "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_status_has_a_row_for_each_file_and_with_a_scenario_what_is_known_of_its_schools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTAGE_CACHE", str(tmp_path / "cache"))
    files = tmp_path / "files"
    (files / "2013").mkdir(parents=True)
    empty = _status(files)
    assert not any("census" in line for line in empty)
    content = "URN,TOTPUPSENDN,PNUMEAL\n1,90,60\n2,80,50\n"
    (files / "2013" / "census.csv").write_text(content, encoding="utf-8")
    (line,) = (line for line in _status(files) if "2013/census.csv" in line)
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert (cells[1], cells[2], cells[4]) == ("dfe_census", "2013", "2")
    assert (cells[5], cells[6]) == ("", "")  # without a scenario or a list of schools there is nothing to match with
    said = "\n".join(_status(files, "baseline"))
    assert "baseline: what is known of its 2,500 schools by 2016-08-31" in said
    assert "leadership grade" in said
    (line,) = (line for line in said.splitlines() if "2013/census.csv" in line)
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert (cells[3], cells[5], cells[6]) == ("2.6", "0", "2")  # public on 1 February 2014; the sample has neither
