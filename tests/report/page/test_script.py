"""The script of the page: one module with the library inside, which can neither end early nor ask for a file."""

import re

import pytest

from pilotage.report.page.script import as_constant, library, script


def test_the_library_is_a_constant_and_exports_nothing() -> None:
    text = library()
    assert re.search(r"\nconst DataTable = [\w$]+;$", text)
    assert not re.search(r"^export\b|^import\b", text, re.M)


@pytest.mark.parametrize("bundle", ["const a = 1;", "const a = 1; export { a };"])
def test_a_library_without_a_default_export_is_refused(bundle: str) -> None:
    with pytest.raises(RuntimeError, match="no default export"):
        as_constant(bundle)
    assert as_constant("const a = 1; export { a as default };").endswith("const DataTable = a;")


def test_nothing_in_the_script_ends_the_element_that_holds_it() -> None:
    text = str(script()).lower()
    assert "</script" not in text
    assert "<!--" not in text


def test_what_the_page_adds_asks_for_no_file_and_builds_no_code() -> None:
    own = str(script())[len(library()) :]
    assert "innerHTML" not in own
    assert not re.search(r"\b(fetch|import|eval|XMLHttpRequest|Function)\s*\(", own)
