"""The answers of a setup workbook on the screen: mended there, and written as a new workbook."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd

from pilotage.errors import DataError, Problem
from pilotage.sources.setup.answer_cells import AnswerCells, answer_cells, with_answers
from pilotage.sources.setup.scenario import is_workbook
from pilotage.study.session.tables import own_name, put_into


def answers_of(name: str) -> AnswerCells | None:
    """Return the answers of a setup workbook; None of another scenario, and where its sheet cannot be read."""
    if is_workbook(name):
        with suppress(DataError):  # what opens the workbook says what is wrong
            return answer_cells(Path(name))
    return None


def with_corrected(answers: AnswerCells, cells: pd.DataFrame, folder: Path) -> Path:
    """Write the workbook with other answers as a new file, and return its path; the one before stays as it is.

    Raises
    ------
    DataError
        Where formulas rest on the answers, or the workbook has changed or cannot be copied.
    UsageError
        Where the folder cannot be written.
    """
    now = answers_of(str(answers.path))
    if now is None or not now.cells.equals(answers.cells):
        do = "open it again, and correct the answers as they are now"
        raise DataError(Problem(answers.where, "has changed since it was opened", "", do))
    return put_into(folder, str(own_name(answers.path, folder)), with_answers(answers, cells))
