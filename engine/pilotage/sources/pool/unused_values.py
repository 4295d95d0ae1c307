"""What tables give and nothing takes into account, said in the notes of every report."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pilotage.domain.evidence import Evidence
from pilotage.domain.tables import LEVELS

MOST_NAMED = 5


Unheard = tuple[str, pd.Series, str]


def notes(leaders: pd.DataFrame, posts: pd.DataFrame, evidence: Evidence) -> tuple[str, ...]:
    """Return a sentence for each kind of cell that counts for nothing; none where all that is given counts."""
    return tuple(
        f"{what} ({_names(names)}) counts for nothing: {why}."
        for what, names, why in [
            *_spans(leaders),
            *_lone_teams(leaders),
            *_subjects(posts),
            *_own_evidence(leaders, evidence),
        ]
        if len(names)
    )


def _names(names: pd.Series) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names.head(MOST_NAMED))}{more}"


def _spans(leaders: pd.DataFrame) -> Iterator[Unheard]:
    given = leaders["span"].notna() & (leaders["level"] != "executive")
    yield "The span of leaders", leaders.loc[given, "leader_id"], "only executive leaders lead several schools"


def _lone_teams(leaders: pd.DataFrame) -> Iterator[Unheard]:
    alone = leaders["team_id"].notna() & ~leaders["team_id"].duplicated(keep=False)
    yield "The team of leaders", leaders.loc[alone, "leader_id"], "nobody else has the same team_id"


def _subjects(posts: pd.DataFrame) -> Iterator[Unheard]:
    given = posts["subject"].notna() & (posts["subject"] != "") & (posts["level"] != "middle")
    yield "The subject of posts", posts.loc[given, "post_id"], "only posts of middle leaders are filled by subject"


def _own_evidence(leaders: pd.DataFrame, evidence: Evidence) -> Iterator[Unheard]:
    """Yield leaders whose evidence is shrunk to nothing: the average effect it is weighed with has no spread."""
    own = leaders["effect_mean"].notna()
    for stage in ("primary", "secondary"):
        above = f"months_per_sd_{stage}_above"
        for level in LEVELS:
            names = ["leader_quality_sd", above, *([] if level == "head" else [f"effect_ratio_{level}"])]
            zero = [f"impact.parameters.{name}" for name in names if evidence.value(name) == 0]
            if zero:
                mine = leaders.loc[own & (leaders["level"] == level), "leader_id"]
                yield f"The own evidence of {level} leaders in {stage} schools", mine, f"{' and '.join(zero)} is 0"
