"""What is already known of pairs, as the pins and bans that it amounts to."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from pilotage.config.scenario import Ban, Pin, Scenario

REFUSED = "refused"


def with_known_pairs(scenario: Scenario, pairs: pd.DataFrame) -> Scenario:
    """Return the scenario with a ban for each refused pair and a pin for each pair in a binding state.

    Each is named ``pair <leader> <post>``; a planner's own pins and bans stay.
    """
    rows = cast("list[dict[str, Any]]", pairs.to_dict("records"))
    binding = scenario.pool.binding_states
    pins = {_name(row): Pin.model_validate(_record(row)) for row in rows if row["state"] in binding}
    bans = {_name(row): Ban.model_validate(_record(row)) for row in rows if row["state"] == REFUSED}
    return scenario.model_copy(update={"pins": scenario.pins | pins, "bans": scenario.bans | bans})


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
