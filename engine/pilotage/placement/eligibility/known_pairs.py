"""What is already known of pairs, as the pins and bans that it amounts to, each with the file and row that say it."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from pilotage.config.scenario import Ban, Pin, Scenario
from pilotage.domain.answers import PAIR, Answer, Answers

REFUSED = "refused"


class AnsweredPin(Pin):
    """A pin that an answer in a table makes; ``answered_in``: the file and the row, as errors name them."""

    answered_in: str


class AnsweredBan(Ban):
    """A ban that an answer in a table makes; ``answered_in``: the file and the row, as errors name them."""

    answered_in: str


def answered_in(entry: Pin | Ban) -> str | None:
    """Return the file and row of the answer that makes a pin or ban; None where the scenario has it."""
    return entry.answered_in if isinstance(entry, AnsweredPin | AnsweredBan) else None


def with_known_pairs(scenario: Scenario, pairs: pd.DataFrame, answers: Answers = ()) -> Scenario:
    """Return the scenario with a ban for each refused pair and a pin for each pair in a binding state.

    Each is named ``pair <leader> <post>``, with the file and row that ``answers`` say; a planner's own pins and bans
    stay.
    """
    rows = cast("list[dict[str, Any]]", pairs.to_dict("records"))
    binding = scenario.pool.binding_states
    written = {(said.asked.leader_id, said.asked.post_id): said for said in answers if said.party == PAIR}
    pins = dict(_pin(row, written.get(_asked(row))) for row in rows if row["state"] in binding)
    bans = dict(_ban(row, written.get(_asked(row))) for row in rows if row["state"] == REFUSED)
    return scenario.model_copy(update={"pins": scenario.pins | pins, "bans": scenario.bans | bans})


def _asked(row: dict[str, Any]) -> tuple[str, str]:
    return row["leader_id"], row["post_id"]


def _pin(row: dict[str, Any], said: Answer | None) -> tuple[str, Pin]:
    if said is None:
        return _name(row), Pin.model_validate(_record(row))
    return f"{_name(row)} ({said.place})", AnsweredPin.model_validate(_record(row) | {"answered_in": said.where})


def _ban(row: dict[str, Any], said: Answer | None) -> tuple[str, Ban]:
    if said is None:
        return _name(row), Ban.model_validate(_record(row))
    return f"{_name(row)} ({said.place})", AnsweredBan.model_validate(_record(row) | {"answered_in": said.where})


def _name(row: dict[str, Any]) -> str:
    return f"pair {row['leader_id']} {row['post_id']}"


def _record(row: dict[str, Any]) -> dict[str, str]:
    when = row["date"]
    dated = "" if pd.isna(when) else f" on {when:%d %b %Y}"
    author = "the table of pairs" if pd.isna(row["by"]) else row["by"]
    return {
        "leader_id": str(row["leader_id"]),
        "post_id": str(row["post_id"]),
        "reason": f"{row['state']}{dated}",
        "author": author,
    }
