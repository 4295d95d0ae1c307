"""The docstring of every package says what it holds, briefly, and names only modules and folders that exist."""

import ast
import re
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[2] / "engine" / "pilotage"
PACKAGES = sorted(path.parent for path in ENGINE.rglob("__init__.py"))
MOST_SENTENCES, MOST_WORDS = 3, 70
MORE_THAN = 3  # modules and folders: a package that holds more says in which order to read it


def _docstring(package: Path) -> str:
    return ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""


def _held(package: Path) -> set[str]:
    """Return the names of a package's modules and folders."""
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    return modules | {path.parent.name for path in package.glob("*/__init__.py")}


def _name(package: Path) -> str:
    return package.relative_to(ENGINE.parent).as_posix()


def test_every_folder_with_modules_is_a_package() -> None:
    assert {path.parent for path in ENGINE.rglob("*.py")} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES, ids=_name)
def test_a_package_says_briefly_what_it_holds(package: Path) -> None:
    text = _docstring(package)
    assert text.endswith(".")
    assert len(re.findall(r"[.?!](?:\s|$)", text)) <= MOST_SENTENCES
    assert len(text.split()) <= MOST_WORDS


@pytest.mark.parametrize("package", PACKAGES, ids=_name)
def test_a_package_names_only_modules_that_exist(package: Path) -> None:
    named = re.findall(r"``([^`]+)``", _docstring(package))
    assert set(named) <= _held(package)


@pytest.mark.parametrize("package", [path for path in PACKAGES if len(_held(path)) > MORE_THAN], ids=_name)
def test_a_package_with_many_modules_says_in_which_order_to_read_it(package: Path) -> None:
    text = _docstring(package)
    assert re.search(r"\bRead\b", text)
    assert "``" in text
