"""Workbooks with decisions typed in: torn, cut, sorted, of two people; what holds, what is kept, what is said."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pilotage import assets
from pilotage.case.list_files import neutral, plain
from pilotage.config.overlay import resolve
from pilotage.domain.answers import DECISION, SUPPORTING, Answer
from pilotage.domain.decision_rows import row_key
from pilotage.domain.panel import Posts, SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.tables import load_pool

LEADERS = "leader_id,name,level,phases,easting,northing,max_travel_km,available_from\n" + "".join(
    f"{name},Ada,head,primary,389700,399500,41,2016-09-01\n" for name in ("L1", "L2", "L3", "'=L4")
)
POSTS = (
    "post_id,urn,level,opens_on,consent\nP1,900001,head,2016-09-01,yes\nP2,900002,head,2016-09-01,unknown\n"
    "P3,900003,senior,2016-09-01,yes\nP4,900003,senior,2016-09-01,yes\n"
)
HEADER = ["Leader", "Post", "URN", "Level", "Asked", "Agreed", "Refused", "Owner", "Note", "Decide by", "Row check"]
KEYS = (("L1", "P1", 900001, "head"), ("L2", "P2", 900002, "head"), ("L3", "P3", 900003, "senior"))

Book = Callable[..., Path]
Load = Callable[..., Posts]


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    return load_panel(resolve("baseline").scenario, cache=assets.cache(), say=print)


@pytest.fixture
def load(panel: SchoolPanel, tmp_path: Path) -> Load:
    """Return a loader of the pool with workbooks and tables of decisions."""
    for name, text in {"leaders": LEADERS, "posts": POSTS}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    def loaded(*decisions: Path) -> Posts:
        own = [f"pool.{name}={(tmp_path / f'{name}.csv').as_posix()}" for name in ("leaders", "posts")]
        files = f"pool.decisions=[{', '.join(repr(path.as_posix()) for path in decisions)}]"
        scope = panel.schools["urn"].to_numpy(dtype="int64")
        return load_pool(resolve("baseline", [*own, files]).scenario, panel, scope)[1]

    return loaded


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Return a writer of a run's workbook: what is typed by row (from 0) and heading; ``change``: of the sheet."""

    def written(
        name: str,
        typed: dict[tuple[int, str], Any],
        change: Callable[[Worksheet], object] = lambda _: None,
        ledger: tuple[dict[str, Any], ...] = (),
    ) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.title = "Placements"
        sheet.append(HEADER)
        for number, key in enumerate(KEYS):
            cells = [typed.get((number, heading)) for heading in HEADER[4:10]]
            sheet.append([*key, *cells, row_key(key[0], key[1], key[2], key[3])])
        change(sheet)
        if ledger:
            settled = made.create_sheet("Ledger")
            headings = ["What", "Leader", "Post", "URN", "Level", "Decision", "Reason", "Author", "Date", "Holds"]
            settled.append(headings)
            for row in ledger:
                settled.append([row.get(heading) for heading in headings])
        made.save(tmp_path / name)
        return tmp_path / name

    return written


def _said(posts: Posts) -> dict[str | None, Answer]:
    return {each.asked.leader_id: each for each in posts.answers if each.party in (DECISION, SUPPORTING)}


def _told(load: Load, *paths: Path) -> str:
    with pytest.raises(DataError) as caught:
        load(*paths)
    return "\n".join(str(problem) for problem in caught.value.problems)


def _column(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == heading)


def _delete(heading: str) -> Callable[[Worksheet], None]:
    return lambda sheet: sheet.delete_cols(_column(sheet, heading))


YES = {"What": "decision", "Leader": "L1", "Post": "P1", "Decision": "agreed", "Author": "chair", "Holds": "yes"}


def test_owner_note_and_day_are_kept_where_nothing_is_decided(load: Load, book: Book) -> None:
    typed = {(0, "Owner"): "Kim", (0, "Note"): "call again", (0, "Decide by"): date(2016, 4, 1), (1, "Owner"): "Lee"}
    posts = load(book("a.xlsx", typed))
    said = _said(posts)
    assert [(each.said, each.by, each.reason) for each in said.values()] == [
        ("noted", "Kim", "call again"),
        ("noted", "Lee", None),
    ]
    assert "1 ask has no answer by the day noted: post P1 for L1 (by 01 Apr 2016, Kim)." in posts.notes


def test_many_asks_without_an_answer_are_counted(load: Load, tmp_path: Path) -> None:
    rows = [("L1", 900001 + number, "2016-04-01", "asked") for number in range(7)]
    path = tmp_path / "many.csv"
    frame = pd.DataFrame(rows, columns=["leader_id", "urn", "decide_by", "decision"]).assign(level="middle")
    frame.to_csv(path, index=False)
    (note,) = (note for note in load(path).notes if "no answer" in note)
    assert note.startswith("7 asks have no answer by the day noted: middle at school 900001 for L1 (by 01 Apr 2016); ")
    assert note.endswith("; and 2 more.")


def test_the_day_of_asking_is_kept_beside_the_answer(load: Load, book: Book) -> None:
    posts = load(book("a.xlsx", {(0, "Asked"): date(2016, 4, 1), (0, "Refused"): date(2016, 4, 9), (0, "Note"): "no"}))
    assert [(each.said, str(each.on), each.reason) for each in posts.answers] == [("refused", "2016-04-09", "no")]
    assert [(each.said, str(each.on), each.reason) for each in posts.ended] == [("asked", "2016-04-01", None)]


def test_whole_rows_may_be_sorted_inserted_filtered_and_added(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, 3)
        for row in reversed(rows):
            sheet.append(row)
        sheet.insert_rows(3)
        sheet.append(["L1", "P4", None, None, None, None, "x", "Kim", None, None, None])
        sheet.insert_cols(1)
        sheet.cell(1, 1).value = "Mine"
        sheet.auto_filter.ref = "A1:L9"
        sheet.row_dimensions[2].hidden = True

    answers = load(book("a.xlsx", {(0, "Asked"): "02/04/2016", (2, "Refused"): "yes"}, change)).answers
    assert {(each.asked.post_id, each.said, str(each.on)) for each in answers} == {
        ("P1", "asked", "2016-04-02"),
        ("P3", "refused", "None"),
        ("P4", "refused", "None"),
    }


@pytest.mark.parametrize("heading", ["Leader", "Agreed"])
def test_a_sort_of_one_column_alone_is_noticed_or_lost_in_nothing(load: Load, book: Book, heading: str) -> None:
    def change(sheet: Worksheet) -> None:
        at = _column(sheet, heading)
        sheet.cell(2, at).value, sheet.cell(4, at).value = sheet.cell(4, at).value, sheet.cell(2, at).value

    path = book("a.xlsx", {(0, "Agreed"): "yes"}, change)
    if heading == "Agreed":  # nobody can tell this from what was typed there
        assert list(_said(load(path))) == ["L3"]
        return
    told = _told(load, path)
    assert "sheet 'Placements', row 2 - its cells are of different rows: it says L3 | P1 | 900001 | head" in told
    assert "undo the sort" in told


def test_rows_that_say_nothing_may_be_torn(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(2, 1).value = "L2"

    assert load(book("a.xlsx", {}, change)).answers == ()


def test_a_row_check_that_is_no_key_is_refused(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(2, 11).value = "whatever"

    assert "its row check 'whatever'" in _told(load, book("a.xlsx", {(0, "Agreed"): "yes"}, change))


def test_an_emptied_leader_means_nobody(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(2, 1).value = None

    said = _said(load(book("a.xlsx", {(0, "Refused"): "yes"}, change)))
    assert {leader: (each.asked.post_id, each.said) for leader, each in said.items()} == {None: ("P1", "refused")}


@pytest.mark.parametrize("heading", ["Leader", "URN"])
def test_a_deleted_column_without_which_a_row_says_something_else_is_refused(
    load: Load, book: Book, heading: str
) -> None:
    told = _told(load, book("a.xlsx", {(0, "Refused"): "yes"}, _delete(heading)))
    assert f"sheet 'Placements' - the column '{heading}' is gone" in told
    assert "copy the column back from report.xlsx" in told


def test_a_deleted_column_to_type_in_is_named_in_a_note(load: Load, book: Book) -> None:
    posts = load(book("a.xlsx", {(0, "Refused"): "yes"}, _delete("Decide by")))
    assert "a.xlsx, sheet 'Placements': nothing is read from Decide by, since the column is gone." in posts.notes
    assert _said(posts)["L1"].said == "refused"

    def all_gone(sheet: Worksheet) -> None:
        for heading in HEADER[4:10]:
            _delete(heading)(sheet)

    posts = load(book("b.xlsx", {}, all_gone))
    assert any("Asked, Agreed, Refused, Owner, Note, Decide by" in note for note in posts.notes)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({(0, "Agreed"): "yes", (0, "Refused"): "x"}, "row 2 - says both agreed and refused"),
        ({(0, "Agreed"): "perhaps"}, "agreed = 'perhaps' - yes, x or a day"),
        ({(0, "Decide by"): "soon"}, "decide_by = 'soon'"),
        ({(0, "Leader"): "L9"}, "leader_id = 'L9'"),
        ({(0, "Post"): "P9"}, "no such post_id 'P9'"),
    ],
)
def test_what_contradicts_the_run_is_refused_with_sheet_and_row(
    load: Load, book: Book, typed: dict[tuple[int, str], Any], words: str
) -> None:
    def change(sheet: Worksheet) -> None:
        for (row, heading), value in typed.items():
            sheet.cell(row + 2, _column(sheet, heading)).value = value
            sheet.cell(row + 2, _column(sheet, "Row check")).value = None

    assert words in _told(load, book("a.xlsx", {(0, "Agreed"): "yes"}, change))


def test_one_leader_agreed_for_two_schools_is_refused(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.append(["L1", "P2", 900002, "head", None, "yes"])

    assert "but leader L1 has post P1 already" in _told(load, book("a.xlsx", {(0, "Agreed"): "yes"}, change))


def test_a_merged_cell_counts_for_each_row_that_it_covers(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        at = _column(sheet, "Refused")
        sheet.merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)

    said = _said(load(book("a.xlsx", {(0, "Refused"): "yes"}, change)))
    assert {leader: each.said for leader, each in said.items()} == {"L1": "refused", "L2": "refused"}


def test_a_note_on_what_this_run_does_not_have_is_said_and_stops_nothing(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("leader_id,post_id,decision,note\nL1,P9,,call\n", encoding="utf-8")
    posts = load(path)
    assert posts.answers == ()
    assert any(
        note.startswith("notes.csv, row 2: its note is not carried on (no such post_id 'P9'") for note in posts.notes
    )


def test_the_mark_of_an_open_workbook_is_no_workbook(load: Load, tmp_path: Path) -> None:
    (tmp_path / "~$a.xlsx").write_bytes(b"\x03Kim")
    assert "name the workbook, without ~$" in _told(load, tmp_path / "~$a.xlsx")


def test_two_people_s_workbooks_keep_what_each_changed(load: Load, book: Book) -> None:
    was = {(0, "Agreed"): "yes", (0, "Owner"): "chair"}
    first = book("a.xlsx", was | {(1, "Refused"): "yes", (1, "Note"): "too far", (2, "Note"): "keen"}, ledger=(YES,))
    second = book("b.xlsx", was | {(1, "Note"): "Lee asked", (2, "Asked"): "yes", (2, "Note"): "call"}, ledger=(YES,))
    for order in ((first, second), (second, first)):
        posts = load(*order)
        said = {leader: (each.said, each.by) for leader, each in _said(posts).items()}
        assert said == {"L1": ("agreed", "chair"), "L2": ("refused", None), "L3": ("asked", None)}
        assert {note for name in ("L2", "L3") for note in str(_said(posts)[name].reason).split("; ")} == {
            *("too far", "Lee asked", "keen", "call"),
        }
        assert posts.notes == load(first).notes  # nothing was replaced


def test_a_change_of_one_holds_though_the_other_left_the_row_as_it_was(load: Load, book: Book) -> None:
    was = {(0, "Agreed"): "yes", (0, "Owner"): "chair"}
    left, changed = (book("b.xlsx", was, ledger=(YES,)), book("a.xlsx", {(0, "Refused"): "yes"}, ledger=(YES,)))
    for order in ((left, changed), (changed, left)):
        posts = load(*order)
        assert _said(posts)["L1"].said == "refused"
        assert [each.said for each in posts.ended] == ["agreed"]
        (note,) = (note for note in posts.notes if note.startswith("Of different decisions"))
        assert "a.xlsx, sheet 'Placements', row 2" in note


def test_two_who_decide_differently_are_named_with_file_sheet_and_row(load: Load, book: Book) -> None:
    first, second = book("a.xlsx", {(0, "Agreed"): "yes"}), book("b.xlsx", {(0, "Refused"): "yes"})
    posts = load(first, second)
    assert _said(posts)["L1"].said == "refused"  # the file given later is the newer one
    (note,) = (note for note in posts.notes if note.startswith("Of different decisions"))
    assert "refused (b.xlsx, sheet 'Placements', row 2) in the place of agreed (a.xlsx, sheet 'Placements'" in note


@pytest.mark.parametrize(
    ("first", "second", "holds", "ended"),
    [
        ({"Asked": "yes"}, {"Agreed": "yes"}, "agreed", ["asked"]),
        ({"Agreed": "yes"}, {"Asked": "yes"}, "agreed", ["asked"]),
        ({"Refused": date(2016, 4, 1)}, {"Asked": date(2016, 4, 9)}, "asked", ["refused"]),  # asked again
        ({"Note": "n"}, {"Asked": "yes"}, "asked", []),
        ({"Asked": "yes"}, {"Note": "n"}, "asked", []),
    ],
)
def test_an_answer_counts_more_than_that_somebody_was_asked(
    load: Load, book: Book, first: dict[str, Any], second: dict[str, Any], holds: str, ended: list[str]
) -> None:
    one, two = (
        book(name, {(0, heading): value for heading, value in typed.items()})
        for name, typed in (("a.xlsx", first), ("b.xlsx", second))
    )
    posts = load(one, two)
    assert _said(posts)["L1"].said == holds
    assert [each.said for each in posts.ended] == ended
    noted = {**first, **second}.get("Note")
    assert _said(posts)["L1"].reason == noted


def test_within_one_file_two_sheets_may_speak_of_one_thing(load: Load, book: Book) -> None:
    def change(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("Ask next")
        other.append(["Rank", "Leader", "URN", "Level", "Asked", "Agreed", "Refused", "Note", "Row check"])
        other.append([1, "L1", 900001, "head", "yes", None, None, "rang", row_key("L1", None, 900001, "head")])

    posts = load(book("a.xlsx", {(0, "Agreed"): "yes", (0, "Note"): "fine"}, change))
    (answer,) = posts.answers
    assert (answer.said, answer.asked.post_id, answer.reason) == ("agreed", "P1", "rang; fine")
    again = load(book("b.xlsx", {(0, "Refused"): date(2016, 4, 1)}, change)).answers
    assert [each.said for each in again] == ["refused"]


def test_of_several_days_to_decide_by_the_first_holds_and_a_changed_one_replaces(load: Load, book: Book) -> None:
    first = book("a.xlsx", {(0, "Decide by"): date(2016, 9, 9)})
    second = book("b.xlsx", {(0, "Decide by"): date(2016, 9, 2)})
    assert _said(load(first, second))["L1"].decide_by == date(2016, 9, 2)
    row = {"What": "decision", "Leader": "L1", "Post": "P1", "Decision": "noted", "Holds": "yes", "Reason": "once"}
    moved = book("c.xlsx", {(0, "Decide by"): date(2016, 9, 9), (0, "Note"): "twice"}, ledger=(row,))
    assert _said(load(moved))["L1"].reason == "twice"


def test_a_leader_in_post_stays_started_though_the_workbook_can_say_agreed_alone(load: Load, book: Book) -> None:
    started = YES | {"Decision": "started", "Date": "2016-04-01"}
    posts = load(book("a.xlsx", {(0, "Agreed"): date(2016, 4, 1)}, ledger=(started,)))
    assert (_said(posts)["L1"].said, posts.ended) == ("started", ())


def test_a_later_ledger_replaces_an_earlier_one(load: Load, tmp_path: Path) -> None:
    for name, said, on in (("one", "agreed", "2016-04-01"), ("two", "withdrawn", "2016-04-02")):
        row = {"what": "decision", "leader_id": "L1", "post_id": "P1", "decision": said, "on": on, "holds": "yes"}
        pd.DataFrame([row]).to_csv(tmp_path / f"{name}.csv", index=False)
    posts = load(tmp_path / "one.csv", tmp_path / "two.csv")
    assert _said(posts)["L1"].said == "withdrawn"


def test_support_is_decided_by_its_school(load: Load, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Support in post"
    sheet.append(
        ["URN", "School", "Supported by", "Asked", "Agreed", "Refused", "Owner", "Note", "Decide by", "Row check"]
    )
    sheet.append(
        [900001, "A", "support: North", None, None, "yes", "Kim", None, None, row_key(None, None, 900001, "support")]
    )
    made.save(tmp_path / "s.xlsx")
    (answer,) = load(tmp_path / "s.xlsx").answers
    assert (answer.party, answer.said, answer.asked.urn, answer.asked.level) == (
        "support",
        "refused",
        900001,
        "support",
    )
    (tmp_path / "s.csv").write_text("urn,level,decision\n,support,refused\n", encoding="utf-8")
    assert "support without a school" in _told(load, tmp_path / "s.csv")


def test_a_copy_of_placements_csv_has_no_day_to_decide_by(load: Load, tmp_path: Path) -> None:
    head = "leader_id,post_id,urn,level,acceptance,starts_on,decide_by,agreed\n"
    rows = "L1,P1,900001,head,0.5,2016-09-01,2016-04-30,yes\nL2,P2,900002,head,0.5,2016-09-01,2016-04-30,\n"
    (tmp_path / "placements.csv").write_text(head + rows, encoding="utf-8")
    (answer,) = load(tmp_path / "placements.csv").answers
    assert (answer.asked.leader_id, answer.decide_by) == ("L1", None)


def test_a_leader_whose_id_was_made_inert_is_known_again(load: Load, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("leader_id,post_id,decision,note\n''=L4,P1,agreed,'=1+1\n", encoding="utf-8")
    (answer,) = load(tmp_path / "d.csv").answers
    assert (answer.asked.leader_id, answer.reason) == ("'=L4", "=1+1")


@pytest.mark.parametrize(
    "text",
    ["=1+1", " =1+1", "\t+1", "\n@x", "\u00a0-2", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "'=1", "''=1", "'\uff1d"],
)
def test_what_a_spreadsheet_might_run_is_inert_and_reads_back_equal(text: str) -> None:
    assert str(neutral(text)).startswith("'")
    assert plain(neutral(text)) == text


@pytest.mark.parametrize("text", ["", "Alder", "'s-Hertogenbosch", "a=1", "1+1", "'quoted'"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text == plain(text)
