"""What an optional extra that is not installed says, and that one that is there is returned."""

import sys

import pytest

from pilotage.errors import UsageError, expect_extra


def test_an_extra_that_is_installed_is_returned() -> None:
    assert expect_extra("--cluster", "Dask", "json.decoder", "cluster").JSONDecoder.__name__ == "JSONDecoder"


@pytest.mark.parametrize("module", ["no_such_module_of_anybody", "json.no_such_part", "blocked"])
def test_an_extra_that_is_not_there_says_what_to_install(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "blocked", None)
    with pytest.raises(UsageError) as refused:
        expect_extra("pilotage serve", "Streamlit", module, "workbench")
    assert str(refused.value) == (
        "pilotage serve - Streamlit is not installed - an installation with the extra `workbench` - "
        'install it: python -m pip install "pilotage[workbench]"'
    )
    assert refused.value.exit_code == 2
