"""What is already known of pairs, as the pins and bans that it amounts to."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from pilotage.config.scenario import Ban, Pin, Scenario
from pilotage.domain.answers import PAIR, Answers

REFUSED = "refused"
Places = dict[tuple[str | None, str | None], str]


def with_known_pairs(scenario: Scenario, pairs: pd.DataFrame, answers: Answers = ()) -> Scenario:
    """Return the scenario with a ban for each refused pair and a pin for each pair in a binding state.

    Each is named ``pair <leader> <post>``, with the file and row that ``answers`` say; a planner's own pins and bans
    stay.
    """
    rows = cast("list[dict[str, Any]]", pairs.to_dict("records"))
    binding = scenario.pool.binding_states
    place = {(said.asked.leader_id, said.asked.post_id): said.place for said in answers if said.party == PAIR}
    pins = {_name(row, place): Pin.model_validate(_record(row)) for row in rows if row["state"] in binding}
    bans = {_name(row, place): Ban.model_validate(_record(row)) for row in rows if row["state"] == REFUSED}
    return scenario.model_copy(update={"pins": scenario.pins | pins, "bans": scenario.bans | bans})


def _name(row: dict[str, Any], place: Places) -> str:
    name, there = f"pair {row['leader_id']} {row['post_id']}", place.get((row["leader_id"], row["post_id"]))
    return name if there is None else f"{name} ({there})"


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
