"""Whom to ask next: bodies by their best school, each school with its step, its value, and why there is none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pilotage.case.record import RunRecord
from pilotage.domain.findings.ask_values import AskStep, AskValue, NoValue
from pilotage.domain.known_schools import KnownSchools
from pilotage.report.folder import write_run
from pilotage.report.lists.ask_next import ASK_NEXT, ask_next
from pilotage.report.lists.ranked_schools import ranked_schools
from pilotage.report.terminal import summary_text

COLUMNS = [
    *("body", "ask_rank", "urn", "school", "phase", "area", "authority", "level", "need_rank_in_phase", "step"),
    *("leader_id", "acceptance", "chance_open", "value_if_asked", "value_exact", "why", "marks"),
]
VALUES = (  # in the order of value times chance of a yes: 8, 3, 0, none
    AskValue(102, "head", AskStep.AGREE, "L3", 20.0, exact=True, acceptance=0.4),
    AskValue(105, "head", AskStep.ASK, "L1", 6.0, acceptance=0.5, chance_open=0.1),
    AskValue(107, "head", AskStep.KEEP_WARM, "L2", 0.0, acceptance=0.5, chance_open=0.1),
    AskValue(106, "head", AskStep.KEEP_WARM, no_value="need_low"),
    AskValue(102, "senior", AskStep.KEEP_WARM, no_value=NoValue.WORST_DRAWS.value),
)


@pytest.fixture
def asking(make: Callable[..., RunRecord]) -> RunRecord:
    """Return a run in which 102 and 106 belong to the trust Ark, and the other schools to Derby."""
    record = make(ask_values=VALUES)
    schools = record.panel.schools
    trust = schools["trust"].where(~schools["urn"].isin([102, 106]), "Ark")
    return replace(record, panel=replace(record.panel, schools=schools.assign(trust=trust)))


def test_bodies_stand_in_the_order_of_their_best_school(asking: RunRecord) -> None:
    listed = ask_next(asking)
    assert list(listed) == COLUMNS == [column.name for column in ASK_NEXT]
    assert listed["body"].tolist() == ["Ark", "Ark", "Ark", "Derby", "Derby"]
    assert listed["urn"].tolist() == [102, 102, 106, 105, 107]
    assert listed["ask_rank"].tolist() == [1, pd.NA, pd.NA, 2, pd.NA]
    assert listed["step"].tolist() == ["agree", "keep_warm", "keep_warm", "ask", "keep_warm"]


def test_a_value_that_is_not_known_is_blank_and_says_why(asking: RunRecord) -> None:
    why = ask_next(asking).set_index(["urn", "level"])["why"]
    assert "nobody may go there" in why[106, "head"]
    assert "worst simulations" in why[102, "senior"]
    assert "would not raise the plan" in why[107, "head"]
    listed = ask_next(asking).set_index(["urn", "level"])
    assert listed["value_if_asked"].isna().tolist() == [False, True, True, False, False]
    assert listed["value_exact"].fillna("").tolist() == ["true", "", "", "false", "false"]


def test_a_ranked_school_has_the_rank_and_value_of_its_best_level(asking: RunRecord) -> None:
    ranked = ranked_schools(asking).set_index("urn")
    assert ranked.loc[[102, 105], "ask_rank"].tolist() == [1, 2]
    assert ranked.loc[[102, 105, 107], "value_if_asked"].tolist() == [20.0, 6.0, 0.0]
    assert ranked.loc[[107, 106], "ask_rank"].isna().all()
    assert pd.isna(ranked.loc[106, "value_if_asked"])


def test_page_workbook_and_terminal_have_the_lists(asking: RunRecord, tmp_path: Path) -> None:
    folder = write_run(asking, tmp_path / "run", force=False)
    sheet = openpyxl.load_workbook(folder / "report.xlsx")["Ask next"]
    assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == [102, 105]  # something to gain
    page = (folder / "report.html").read_text(encoding="utf-8")
    for title in (
        "Schools to worry about: 8",
        "Whom to ask next: first 2 of 2",
        "The plan supports no leader in post.",
    ):
        assert title in page
    said = "\n".join(summary_text(asking))
    assert "Ask next: 2 possible posts with something to gain (ask_next.csv)" in said
    assert "1. Ark: Beech School (102), head, leader L3" in said


def test_without_anything_to_ask_the_page_says_so(record: RunRecord, tmp_path: Path) -> None:
    page = (write_run(record, tmp_path / "run", force=False) / "report.html").read_text(encoding="utf-8")
    assert "There is nobody to ask" in page


def test_what_planners_know_of_a_school_is_told_before_it_is_asked(asking: RunRecord) -> None:
    table = pd.DataFrame(
        {"supported_by": ["RISE"], "supported_until": pd.to_datetime([None]), "readvertised": ["head"], "note": [None]},
        index=pd.Index([105], name="urn"),
    )
    known = replace(asking.posts, schools=KnownSchools(table, {}))
    marks = ask_next(replace(asking, posts=known)).set_index("urn")["marks"]
    assert marks[105] == "supported by RISE; advertised again: head"
    assert marks[107] == ""
