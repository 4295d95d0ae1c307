"""What the need threshold accepts, and what it asks in words."""

from typing import Any

import pytest

from pilotage.config.rules.need import NeedThreshold


@pytest.mark.parametrize("given", [{}, {"minimum": 0.5, "top_share": 0.2}])
def test_a_threshold_has_one_of_its_two_figures(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs either minimum or top_share, and not both"):
        NeedThreshold.model_validate({"rule": "need_threshold"} | given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"minimum": 0.35}, "the school's need is at least 35%"),
        ({"top_share": 0.2}, "the school's need is among the highest 20% of its phase"),
        ({"top_share": 0.3333, "within": "all"}, "the school's need is among the highest 33% of all schools"),
        (
            {"top_share": 0.2, "unknown": "keep"},
            "the school's need is among the highest 20% of its phase; schools of unknown need are let through",
        ),
    ],
)
def test_the_words_say_which_figure_decides(given: dict[str, Any], words: str) -> None:
    assert NeedThreshold.model_validate({"rule": "need_threshold"} | given).asks() == words
