"""Templates of leaders and posts: every column explained, and what is filled in is read."""

from pathlib import Path

import openpyxl
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.school_names import NAMING
from pilotage.sources.pool.tables import load_pool
from pilotage.sources.pool.templates import described, write_templates


def test_every_column_of_the_tables_is_explained_and_no_other() -> None:
    assert set(described()["leaders"]) == {*tables.LEADERS.columns, "base", "takes_part"}
    assert set(described()["posts"]) == {*tables.POSTS.columns, *NAMING}
    assert set(described()["pairs"]) == set(tables.PAIRS.columns)
    assert set(described()["asks"]) == {*tables.ASKS.columns, *NAMING}
    assert set(described()["schools"]) == set(tables.KNOWN_SCHOOLS.columns)


def test_the_first_sheet_explains_and_the_second_is_filled_in(tmp_path: Path) -> None:
    write_templates(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "leaders_template.xlsx")
    assert book.sheetnames == ["Read me", "leaders"]
    told = [row[0].value for row in book["Read me"].iter_rows(min_row=4)]
    assert told == list(described()["leaders"])
    assert [cell.value for cell in book["leaders"][1]] == told
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["leaders"].data_validations.dataValidation}
    assert '"middle,senior,head,executive"' in lists.values()
    assert '"yes,no"' in lists.values()


def test_templates_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = write_templates(tmp_path / "a"), write_templates(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_what_a_planner_fills_in_is_read(tmp_path: Path) -> None:
    write_templates(tmp_path)
    panel = load_panel(resolve("baseline").scenario, cache=tmp_path, say=print)
    urn = int(panel.schools["urn"].iloc[0])
    leaders = {
        "leader_id": "L1",
        "level": "head",
        "phases": "primary",
        "easting": 458_500,
        "northing": 306_600,
        "max_travel_km": 30,
    }
    posts = {"post_id": "P1", "urn": urn, "level": "head", "consent": "yes"}
    filled = {"leaders": leaders | {"available_from": "01/09/2016"}, "posts": posts | {"opens_on": "2016-09-01"}}
    for table, row in filled.items():
        book = openpyxl.load_workbook(tmp_path / f"{table}_template.xlsx")
        for place, name in enumerate(described()[table], 1):
            book[table].cell(2, place).value = row.get(name)
        book.save(tmp_path / f"{table}.xlsx")
    settings = [f"pool.{table}={(tmp_path / f'{table}.xlsx').as_posix()}" for table in filled]
    pool, found = load_pool(resolve("baseline", settings).scenario, panel)
    assert pool.leaders["leader_id"].tolist() == ["L1"]
    assert pool.leaders["available_from"].dt.date.astype(str).tolist() == ["2016-09-01"]
    assert found.posts["urn"].tolist() == [urn]
    assert not pool.synthetic


@pytest.mark.parametrize("table", ["leaders", "posts"])
def test_the_samples_own_tables_use_columns_of_the_templates(table: str) -> None:
    header = (assets.sample() / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert set(header) <= set(described()[table])
