"""Age and coverage of the data on every first screen, and the warning that they are of a part of England."""

from dataclasses import replace
from datetime import date

from pilotage.case.record import RunRecord
from pilotage.domain.cover import Cover
from pilotage.report.run.data import data_facts
from pilotage.report.terminal import summary_text


def test_the_sample_is_whole_and_the_terminal_says_what_is_known(record: RunRecord) -> None:
    text = "\n".join(summary_text(record))
    assert "Data: an invented England, whole in small. Known of the" in text
    assert "Part of England" not in text
    assert data_facts(record)["part_of_england"] is False


def test_a_part_of_england_is_said_first(record: RunRecord) -> None:
    cover = Cover(date(2016, 8, 31), 151, ("Kent",), 1)
    part = replace(record, panel=replace(record.panel, cover=cover))
    assert any(line.startswith("Part of England: ") for line in summary_text(part)[:6])
    facts = data_facts(part)
    assert (facts["listed_on"], facts["absent"], facts["part_of_england"]) == ("2016-08-31", ["Kent"], True)
