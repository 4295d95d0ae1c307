"""Rules on leaders, re-counted from the tables: spans of executive leaders, and teams."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.teams import Teams
from pilotage.placement.audit.count_rules import Counted, RuleCount
from pilotage.placement.audit.support_tables import SUPPORT


def span(name: str, rule: ExecutiveSpan, counted: Counted) -> RuleCount:
    """Count the posts and the trusts of each executive leader who is used; members of a team go with the team."""
    several = counted.leaders.loc[counted.case.several_schools, "leader_id"]
    executives = counted.placements[counted.placements["leader_id"].isin(several)]
    wrong, beyond, units = [], [], 0
    for leader, mine in executives.groupby("leader_id"):
        most = mine["leader_span"].iloc[0]
        limit = rule.span_when_blank if pd.isna(most) else int(most)
        if len(mine) < rule.minimum:
            units += rule.minimum - len(mine)
            wrong.append(f"{leader} leads {len(mine)}, under {rule.minimum}")
        beyond += [f"{leader} leads {len(mine)}, over {limit}"] if len(mine) > limit else []
        beyond += [f"{leader} leads a school twice"] if mine["urn"].duplicated().any() else []
        trusts = mine["school_trust"]
        if rule.one_trust and (trusts.isna().any() or trusts.nunique() > 1):
            beyond.append(f"{leader} leads schools of more than one trust")
    used = executives["leader_id"].nunique()
    return RuleCount(units, tuple(wrong), f"{used} executive leaders lead {len(executives)} posts", tuple(beyond))


def overloaded(counted: Counted) -> list[str]:
    """Return, in words, the leaders with more placements at a time, or in all, than they may have.

    A leader is bound for a term from the start of a placement; an executive leader under a rule of spans may have as
    many posts as the rule of spans counts, and a region as much support as the scenario gives it.
    """
    case = counted.case
    most = dict(zip(case.pool.leaders["leader_id"], case.capacities.tolist(), strict=True))
    several = set(case.pool.leaders.loc[case.several_schools, "leader_id"])
    counts = counted.placements["leader_id"].value_counts().sort_index()
    limits = zip(counts.index, counts, counts.index.map(most), strict=True)
    words = [f"{leader}: {count}, over {limit}" for leader, count, limit in limits if count > limit]
    repeated = counted.placements[counted.placements["leader_id"].isin(counts.index[counts > 1])]
    bound = repeated[(repeated["level"] != SUPPORT) & ~repeated["leader_id"].isin(several)]
    for leader, starts in bound.sort_values("starts_on").groupby("leader_id")["starts_on"]:
        free = starts + pd.DateOffset(years=case.scenario.time.term_years)
        if (starts.iloc[1:].to_numpy() < free.iloc[:-1].to_numpy()).any():
            words.append(f"{leader} twice at a time")
    again = bound.loc[bound.duplicated(["leader_id", "urn", "level"]), "leader_id"]
    return words + [f"{leader} twice at one level of a school" for leader in again.unique()]


def supported_and_led(counted: Counted) -> list[str]:
    """Return, in words, the schools whose leader in post is supported although a head is placed there."""
    frame = counted.placements
    led = frame.loc[frame["level"].isin(["head", "executive"]), "urn"]
    both = frame.loc[(frame["level"] == SUPPORT) & frame["urn"].isin(led), "urn"]
    return [f"{urn} is supported and led" for urn in both]


def teams(name: str, rule: Teams, counted: Counted) -> RuleCount:
    """Count the members of each team who are placed: whole to a place in a planning year, wherever one of them goes."""
    frame = counted.placements
    place = "urn" if rule.together == "school" else "school_authority"
    sizes = counted.leaders["team_id"].value_counts()
    placed = frame[(frame["level"] != SUPPORT) & frame["leader_team_id"].map(sizes).gt(1)]
    wrong = []
    for team, mine in placed.groupby("leader_team_id"):
        size, visits = int(sizes[str(team)]), mine.groupby([place, "year"])["leader_id"].nunique()
        if (visits < size).any():
            parts = ", ".join(f"{count} of {size}" for count in visits)
            wrong.append(f"team {team}: {parts} in a place and a planning year")
    whole = placed["leader_team_id"].nunique() - len(wrong)
    return RuleCount(len(wrong), tuple(wrong), f"{whole} teams placed whole")
