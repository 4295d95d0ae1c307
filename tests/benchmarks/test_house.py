"""The measures of benchmarks/house.py, on a tree made by hand."""

import runpy
from pathlib import Path
from typing import Any

import pytest

HOUSE = Path(__file__).resolve().parents[2] / "benchmarks" / "house.py"

RULES = '''
class StartCap(Priced):
    """A box of others, on the command line."""

    rule: Literal["start_cap", "level"]
'''
SEVEN = '''
def kept_rows(self, a, b, /, c, *, d, e, **f):
    """Words do not count as body."""
    found = a
    return found


def wide(a, b, c, d, *e, f, g):
    return a
'''
COLUMNS = """
RANKED = (
    Column("data_age", 1),
    Column(
        *("urn", 2),
    ),
)
PLACEMENTS = (Column("starts_on", 1),)
"""
FILES = {
    "engine/pilotage/config/rules.py": RULES,
    "engine/pilotage/placement/lines.py": SEVEN,
    "engine/pilotage/placement/long.py": "x = 1\n" * 301,
    "engine/pilotage/placement/rules/start_cap.py": "",
    "engine/pilotage/report/columns.py": COLUMNS,
    "models/x/spec.yaml": "features:\n  a_b: {column: [schools.c_d, results.e_f]}\n  c_d: {column: schools.c_d}\n",
    "data/reference/sources.yaml": "one_file:\n  publisher: a\n",
    "docs/page.md": "The tail is kept in `a box` on a straight line.\n",
    "README.md": "",
    "CONTRIBUTING.md": "",
}


@pytest.fixture
def values(tmp_path: Path) -> dict[str, str]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for number in range(13):
        path = tmp_path / "engine" / "pilotage" / "risk" / f"m{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    house: dict[str, Any] = runpy.run_path(str(HOUSE))
    return {row.measure: row.value for row in house["measured"](house["Tree"](tmp_path))}


def test_sizes(values: dict[str, str]) -> None:
    assert values["folders; modules"] == "5; 18"
    assert values["folders over 12 modules"] == "1 (risk 13)"
    assert values["modules over 300 lines (longest)"] == "1 (301)"
    assert values["function bodies, lines at the median"] == "1.5"  # of 2 and 1
    assert values["functions with over 6 parameters"] == "1"  # kept_rows has six without self, wide seven


def test_words(values: dict[str, str]) -> None:
    assert values["modules named by a replaced word"] == "1"  # lines
    assert values["functions named by a replaced word"] == "1"  # kept_rows
    assert values["variables named found, one, told, others, kept or alike"] == "1"
    assert values["replaced words in docstrings"] == "2"  # box, others; "command line" is plain English
    assert values["replaced words in documentation pages"] == "2"  # tail, kept; what stands in code does not count


def test_pairs_of_declarations_repeat_no_logic(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nx: int\n\n\ndef f() -> int:\n    return 1\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("import os\nx: int\n", encoding="utf-8")
    declares = runpy.run_path(str(HOUSE))["declares"]
    assert declares(tmp_path, "D1 a.py:1-2 ~ b.py:1-2 shape boilerplate")
    assert not declares(tmp_path, "D2 a.py:2-5 ~ b.py:1-2 shape")
    assert not declares(tmp_path, "D3 b.py:1-2 ~ a.py:6-6")


def test_files_that_name_something(values: dict[str, str]) -> None:
    assert values["files that name a rule (1 of them)"] == "2, at most 2"  # its model, and the file of its name
    assert values["files that name a feature (1 of them)"] == "1, at most 1"  # a_b; c_d is a column
    assert values["files that name a column of the ranked list (1 of them)"] == "1, at most 1"
    assert values["files that name a source family (1 of them)"] == "1, at most 1"
    assert values["files that name an outcome (3 of them)"] == "0, at most 0"
