"""A window of the workbench, driven without a browser."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from pilotage.workbench import bench

SCENARIO = """\
# Agreed in May.
extends: baseline
name: north
why: The North East.
scope:
  regions: [North East]
report:
  hangs_on: false
"""
LIMIT = 300.0  # seconds


def _app(scenario: str) -> None:
    from pilotage.workbench.app import show

    show([scenario] if scenario else [])


class Window:
    """A window: what it shows, and what a planner does in it."""

    def __init__(self, scenario: str) -> None:
        self.test = AppTest.from_function(_app, args=(scenario,), default_timeout=LIMIT).run()

    @property
    def header(self) -> str:
        """Return the step that is shown."""
        return str(self.test.header[0].value)

    @property
    def texts(self) -> str:
        """Return every sentence on the screen, without the signs that keep Markdown away."""
        shown = (*self.test.markdown, *self.test.subheader, *self.test.caption, *self.test.success, *self.test.warning)
        return "\n".join(str(each.value) for each in shown).replace("\\", "")

    @property
    def errors(self) -> str:
        """Return what is wrong, as the screen says it."""
        return "\n".join(str(each.value) for each in self.test.error).replace("\\", "")

    @property
    def downloads(self) -> list[str]:
        """Return the names of what can be downloaded, but for the setup workbook that is always there."""
        labels = [str(each.label) for each in self.test.get("download_button")]
        return [label for label in labels if label != "Get a setup workbook to fill in"]

    @property
    def bench(self) -> Any:
        """Return what the window remembers."""
        return self.test.session_state["bench"]

    def step(self, name: str) -> None:
        """Go to a step."""
        self.test.sidebar.radio[0].set_value(name).run()
        self._expect_no_exception()

    def click(self, label: str) -> None:
        """Click the first button of a name."""
        next(each for each in self.test.button if each.label == label).click().run()
        self._expect_no_exception()

    def set(self, kind: str, label: str, value: Any) -> None:
        """Set the first field of a kind whose label begins with some words."""
        next(each for each in self.test.get(kind) if each.label.startswith(label)).set_value(value).run()
        self._expect_no_exception()

    def wait(self) -> None:
        """Wait until the work beside the screen is done and what comes of it is shown."""
        until = time.monotonic() + LIMIT
        while self.bench.job is not None:
            assert time.monotonic() < until
            self.bench.job.wait(LIMIT)
            self.test.run()
        self._expect_no_exception()

    def plan(self) -> None:
        """Plan, and wait for the answer."""
        self.click("Plan now")
        self.wait()

    def _expect_no_exception(self) -> None:
        assert [each.value for each in self.test.exception] == []


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the workbench is started, with a scenario of the planner's own."""
    (tmp_path / "north.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine, on which a check takes long, show the same as another."""
    monkeypatch.setattr(bench, "AT_ONCE", math.inf)


@pytest.fixture
def window(desk: Path) -> Window:
    return Window("north.yaml")


@pytest.fixture
def open_window(desk: Path) -> Callable[[str], Window]:
    return Window


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[tuple[int, str], str]], None]:
    """Return what types texts into the grids that have such rows and columns; the driver of a window cannot."""

    def type_in(texts: dict[tuple[int, str], str]) -> None:
        def editor(cells: pd.DataFrame, **_options: Any) -> pd.DataFrame:
            changed = cells.copy()
            for (row, column), text in texts.items():
                if row in changed.index and column in changed:
                    changed.loc[row, column] = text
            return changed

        monkeypatch.setattr(streamlit, "data_editor", editor)

    return type_in
