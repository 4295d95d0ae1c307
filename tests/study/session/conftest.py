"""A plan of one region, made once."""

import pytest

from pilotage.study.session.question import Question, opened, with_edits
from pilotage.study.session.reading import Reading
from pilotage.study.session.tried import Planned, try_plan


def silent(_message: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="session")
def region() -> Question:
    return with_edits(opened("baseline"), {("scope", "regions"): ["North East"], ("report", "hangs_on"): False})


@pytest.fixture(scope="session")
def first(region: Question, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    return try_plan(region, Reading(), 1, tmp_path_factory.mktemp("session"), silent)
