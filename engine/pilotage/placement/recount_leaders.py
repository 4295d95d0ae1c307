"""Rules on leaders, re-counted from the tables: spans of executive leaders, and teams."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules import ExecutiveSpan, Teams
from pilotage.placement.ground import SUPPORT
from pilotage.placement.recount_counts import Counted, Found


def span(name: str, rule: ExecutiveSpan, counted: Counted) -> Found:
    """Count the posts and the trusts of each executive leader who is used; members of a team go with the team."""
    frame = counted.placements
    executives = frame[(frame["leader_level"] == "executive") & ~_in_team(frame, counted)]
    wrong, beyond, units = [], [], 0
    for leader, mine in executives.groupby("leader_id"):
        most = mine["leader_span"].iloc[0]
        limit = rule.span_when_blank if pd.isna(most) else int(most)
        if len(mine) < rule.minimum:
            units += rule.minimum - len(mine)
            wrong.append(f"{leader} leads {len(mine)}, under {rule.minimum}")
        if len(mine) > limit:
            beyond.append(f"{leader} leads {len(mine)}, over {limit}")
        if mine["urn"].duplicated().any():
            beyond.append(f"{leader} leads a school twice")
        if rule.one_trust and (mine["school_trust"].isna().any() or mine["school_trust"].nunique() > 1):
            beyond.append(f"{leader} leads schools of more than one trust")
    used = executives["leader_id"].nunique()
    return Found(units, tuple(wrong), f"{used} executive leaders lead {len(executives)} posts", tuple(beyond))


def overloaded(counted: Counted) -> list[str]:
    """Return, in words, the leaders with more placements at a time than they may have.

    A leader is bound for a term from the start of a placement; an executive leader under a rule of spans may have as
    many posts as the rule of spans counts, and a region as much support as the scenario gives it.
    """
    scenario = counted.scenario
    spans = any(isinstance(rule, ExecutiveSpan) for rule in scenario.rules.values())
    told = []
    for leader, mine in counted.placements.groupby("leader_id"):
        level, starts = mine["leader_level"].iloc[0], mine["starts_on"].sort_values()
        if level == SUPPORT:
            allowed = int(mine["leader_span"].iloc[0])
            told += [f"{leader}: {len(mine)}, over {allowed}"] if len(mine) > allowed else []
        elif not (spans and level == "executive" and not _in_team(mine, counted).any()):
            free = starts + pd.DateOffset(years=scenario.time.term_years)
            bound = (starts.iloc[1:].to_numpy() < free.iloc[:-1].to_numpy()).any()
            told += [f"{leader} twice at a time"] if bound else []
    return told


def supported_and_led(counted: Counted) -> list[str]:
    """Return, in words, the schools whose leader in post is supported although a head is placed there."""
    frame = counted.placements
    led = frame.loc[frame["level"].isin(["head", "executive"]), "urn"]
    both = frame.loc[(frame["level"] == SUPPORT) & frame["urn"].isin(led), "urn"]
    return [f"{urn} is supported and led" for urn in both]


def _in_team(frame: pd.DataFrame, counted: Counted) -> pd.Series:
    kept = any(isinstance(rule, Teams) for rule in counted.scenario.rules.values())
    return frame["leader_team_id"].notna() & kept


def teams(name: str, rule: Teams, counted: Counted) -> Found:
    """Count the members of each team who are placed, and the places they go to."""
    frame = counted.placements
    place = "urn" if rule.together == "school" else "school_authority"
    sizes = counted.leaders["team_id"].value_counts()
    wrong = []
    for team, mine in frame[frame["level"] != SUPPORT].groupby("leader_team_id"):
        size = int(sizes[str(team)])
        if size > 1 and (len(mine) < size or mine[place].nunique() > 1):
            wrong.append(f"team {team}: {len(mine)} of {size} placed, in {mine[place].nunique()} places")
    whole = frame["leader_team_id"].nunique() - len(wrong)
    return Found(len(wrong), tuple(wrong), f"{whole} teams placed whole")
