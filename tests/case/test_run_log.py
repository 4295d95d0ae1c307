"""run.log: every message with its time, from one writer."""

import logging
import re

from pilotage.case.run_log import LOGGER, logged


def test_what_is_said_is_heard_and_logged_with_its_time() -> None:
    said: list[str] = []
    with logged() as log:
        log.heard(said.append)("Reading 100% of the schools")
        LOGGER.getChild("sources").warning("a table is %s", "old")
    LOGGER.warning("afterwards")
    assert said == ["Reading 100% of the schools"]
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    wanted = rf"{time} INFO Reading 100% of the schools\n{time} WARNING a table is old\n"
    assert re.fullmatch(wanted, log.text)


def test_the_logger_is_left_as_it_was() -> None:
    level, handlers = LOGGER.level, list(LOGGER.handlers)
    with logged() as log:
        assert LOGGER.isEnabledFor(logging.INFO)
    assert (LOGGER.level, LOGGER.handlers) == (level, handlers)
    assert log.text == ""
