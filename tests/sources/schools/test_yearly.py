"""Yearly tables to one row per school and year, and results in pupil SD: by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage.sources.files.read import read_source, recognise
from pilotage.sources.schools.national_figures import national_notes
from pilotage.sources.schools.yearly import (
    YearTable,
    by_urn,
    known_on,
    pupil_sd,
    reasons_of,
    reasons_of_the_year,
    results_of,
    school_years,
)


def _table(tmp_path: Path, name: str, text: str) -> YearTable:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    one = recognise(path)
    assert one.source, one.why_not
    assert one.year
    return YearTable(one.source, one.year, read_source(path, one.source))


def _ks4(tmp_path: Path, year: int, rows: str) -> YearTable:
    header = "URN,TPUP,P8MEA,P8PUP,P8CILOW,P8CIUPP,P8MEA_FSM6CLA1A,P8PUP_FSM6CLA1A,P8MEA_NFSM6CLA1A\n"
    return _table(tmp_path, f"ks4_{year}.csv", header + rows)


def test_a_table_is_known_from_february_of_the_next_year() -> None:
    assert known_on("dfe_census", 2013) == date(2014, 2, 1)


def test_progress_is_in_pupil_sd_by_the_years_own_limits(tmp_path: Path) -> None:
    # limits of 95% are 2 * 1.96 * SD / sqrt(pupils) apart: 0.49 apart with 100 pupils is an SD of 1.25
    table = _ks4(tmp_path, 2017, "100001,100,0.25,100,0.005,0.495,-0.5,40,0.75\n")
    years = school_years([table])
    assert pupil_sd(years, "progress8") == {2017: pytest.approx(1.25)}
    found = results_of(years).set_index("pupil_group")
    assert found["progress_sd"].to_dict() == pytest.approx({"all": 0.2, "disadvantaged": -0.4, "other": 0.6})
    assert found["pupils"].to_dict() == {"all": 100, "disadvantaged": 40, "other": 60}
    assert set(found["known_on"]) == {pd.Timestamp("2018-02-01")}


def test_a_national_mean_other_than_the_published_one_is_told_with_both(tmp_path: Path) -> None:
    # disadvantaged: (100 x -0.5 + 300 x -0.3) / 400 = -0.35, published -0.45
    # others: (100 x 0.2 + 100 x 0.06) / 200 = 0.13, as published
    rows = "100001,200,0.1,200,0,0.2,-0.5,100,0.2\n100002,400,0.1,400,0,0.2,-0.3,300,0.06\n"
    years = school_years([_ks4(tmp_path, 2019, rows)])
    (told,) = national_notes(years, date(2020, 2, 29))
    assert "Progress 8 of disadvantaged pupils in 2019 -0.35, published -0.45." in told
    assert "other pupils" not in told
    assert national_notes(years, date(2020, 1, 31)) == ()  # not known yet
    assert national_notes(school_years([_ks4(tmp_path, 2018, rows)]), date(2020, 2, 29)) == ()  # none is published here


def test_progress_at_key_stage_2_is_the_mean_of_the_subjects_that_are_known(tmp_path: Path) -> None:
    header = "URN,Academic Year,KS2 Pupils,Reading Progress,Writing Progress,Maths Progress\n"
    rows = "100001,2017,30,1.0,2.0,-0.6\n100002,2017,30,1.0,,2.0\n100003,2017,30,SUPP,SUPP,SUPP\n"
    years = school_years([_table(tmp_path, "ks2_2017.csv", header + rows)]).set_index("urn")["ks2_progress"]
    assert years.reindex([100001, 100002]).tolist() == pytest.approx([0.8, 1.5])
    assert 100003 not in years or np.isnan(years[100003])


def test_attainment_of_2011_comes_from_the_table_of_spending(tmp_path: Path) -> None:
    header = "URN,TOTALINCOME,TOTALEXPENDITURE,SUPPLYTEACHERS,ATTAINMENTKS2,ATTAINMENTKS4\n"
    rows = "100001,8098,7864,515,93%,\n100002,6000,5900,,,46%\n100003,6000,5900,,SUPP,\n"
    years = school_years([_table(tmp_path, "2011_cfr.csv", header + rows)]).set_index("urn")
    assert years["year"].unique().tolist() == [2011]
    assert years["ks2_level4_share"].tolist() == pytest.approx([0.93, np.nan, np.nan], nan_ok=True)
    assert years["five_good_gcses_share"].tolist() == pytest.approx([np.nan, 0.46, np.nan], nan_ok=True)


def test_a_suppressed_group_gives_no_result_and_keeps_its_reason(tmp_path: Path) -> None:
    table = _ks4(tmp_path, 2017, "100001,100,0.25,100,0.005,0.495,SUPP,SUPP,SUPP\n")
    assert results_of(school_years([table]))["pupil_group"].tolist() == ["all"]
    assert "suppressed" in set(table.content.absent["reason"])


def test_a_year_without_examinations_has_no_result_whatever_a_file_says(tmp_path: Path) -> None:
    years = school_years([_ks4(tmp_path, 2020, "100001,100,0.25,100,0.005,0.495,-0.5,40,0.75\n")])
    assert years["progress8"].isna().all()
    told = reasons_of_the_year(pd.DataFrame({"urn": [1, 2], "phase": ["secondary", "primary"]}), date(2021, 3, 1))
    assert dict(zip(told["field"], told["reason"], strict=True))["progress8"] == "not collected (no examinations)"
    assert set(told.loc[told["field"] == "progress8", "urn"]) == {1}


def test_measure_free_years_differ_from_examination_free_ones() -> None:
    told = reasons_of_the_year(pd.DataFrame({"urn": [1], "phase": ["secondary"]}), date(2026, 6, 1))
    assert set(told["field"]) == {"progress8"}
    assert told["reason"].str.startswith("not published").all()


def test_key_stage_2_scores_are_averaged_each_in_its_own_sd(tmp_path: Path) -> None:
    header = "URN,TELIG,READPROG,READPROG_LOWER,READPROG_UPPER,MATPROG,MATPROG_LOWER,MATPROG_UPPER\n"
    # with 25 pupils: limits 4.704 apart = SD 6; 3.92 apart = SD 5
    table = _table(tmp_path, "ks2_2017.csv", header + "1,25,3,0.648,5.352,-1,-2.96,0.96\n")
    found = results_of(school_years([table]))
    assert found["progress_sd"].tolist() == [pytest.approx((3 / 6 - 1 / 5) / 2)]
    assert found["key_stage"].tolist() == ["ks2"]


def test_the_first_source_wins_and_others_fill_what_it_lacks(tmp_path: Path) -> None:
    census = "URN,TOTPUPSENDN,PNUMEAL,PNUMFSM,PNUMFSMEVER,PSENSAP,PSENA\n1,200,10,SUPP,3,4,5\n"
    absence = "URN,PERCTOT,PPERSABS15\n1,5.5,3.0\n2,6.0,4.0\n"
    years = school_years(
        [_table(tmp_path, "census_2013.csv", census), _table(tmp_path, "abs_2013.csv", absence)]
    ).set_index("urn")
    assert years.loc[1, ["pupils", "absence_share", "sen_share"]].tolist() == pytest.approx([200, 0.055, 0.09])
    assert np.isnan(years.loc[1, "fsm_share"])
    assert np.isnan(years.loc[2, "pupils"])


def test_reasons_are_those_of_the_latest_table_known_by_the_day(tmp_path: Path) -> None:
    header = "URN,TOTPUPSENDN,PNUMEAL,PNUMFSM,PNUMFSMEVER,PSENSAP,PSENA\n"
    tables = [
        _table(tmp_path, "census_2012.csv", header + "1,200,10,SUPP,3,4,5\n"),
        _table(tmp_path, "census_2013.csv", header + "1,200,NP,2,3,4,5\n"),
    ]
    later = reasons_of(tables, date(2014, 2, 1), {1: 9})
    assert later[["urn", "field", "reason"]].to_numpy().tolist() == [[9, "eal_share", "not_published"]]
    earlier = reasons_of(tables, date(2014, 1, 31), {1: 9})
    assert earlier[["field", "reason"]].to_numpy().tolist() == [["fsm_share", "suppressed"]]


def test_rows_known_by_establishment_number_get_the_urn_of_the_list_and_the_others_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "2010" / "england_ks4.csv"
    path.parent.mkdir()
    header = "LACode\tEstabCode\tKS4TotPup\tP5ACinclEM\tCVAMea\n"
    path.write_text(header + "201\t4001\t100\t55%\t1003.2\n201\t4002\t80\t40%\t990\n", encoding="utf-8")
    one = recognise(path)
    assert one.source == "dfe_ks4_2010", one.why_not
    found = by_urn(read_source(path, one.source), {2014001: 100001})
    assert found.table["urn"].tolist() == [100001]
    assert found.left_out["without a URN"] == 1


def test_why_a_school_has_no_gap_goes_on_to_the_planner(tmp_path: Path) -> None:
    table = _ks4(tmp_path, 2017, "100001,100,0.25,100,0.005,0.495,SUPP,SUPP,SUPP\n")
    told = reasons_of([table], date(2018, 3, 1), {100001: 100001})
    assert told.loc[told["field"] == "gap", "reason"].tolist() == ["suppressed"]


def test_a_table_without_rows_and_with_whole_numbers_is_put_together_with_another(tmp_path: Path) -> None:
    census = "URN,TOTPUPSENDN,PNUMEAL,PNUMFSM,PNUMFSMEVER,PSENSAP,PSENA\n100001,200,10,3,3,4,5\n"
    first = _table(tmp_path, "census_2017.csv", census)
    other = _ks4(tmp_path, 2017, "100002,90,0.25,90,0.005,0.495,-0.5,40,0.75\n")
    empty = replace(other.content, table=other.content.table.iloc[:0].astype({"progress8": "int64"}))
    years = school_years([first, YearTable(other.source, 2017, empty)])
    assert years["urn"].tolist() == [100001]
    assert years["progress8"].isna().all()
