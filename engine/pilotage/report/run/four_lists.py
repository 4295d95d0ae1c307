"""The four lists for people: what each is, who may see it, and its rows for the page and the terminal."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.report.lists.ask_next import ask_next
from pilotage.report.lists.for_people import Levels
from pilotage.report.lists.judgements import judgement_line
from pilotage.report.lists.ranked_schools import only, with_schools
from pilotage.report.lists.worry_about import worry_about
from pilotage.report.words import band_words, number, of_100, percent, phase_words, plural, pupils_words, text_of

WORRY, ASK_NEXT, PLACEMENTS, SUPPORT = "Worry about", "Ask next", "Placements", "Support in post"
NOTES = {
    WORRY: "Every school in scope by need, from published data and the forecast alone: leaders and posts have no part "
    "in it. Internal. It is a forecast and no judgement of anybody; do not pass it on.",
    ASK_NEXT: "Whom to speak to about a post, body by body, the most promising first. Internal. Show a trust or an "
    "authority its own schools alone, and no leader's name unless the leader agrees.",
    PLACEMENTS: "Who goes where. Confidential: for the planners, and each row for the school, the body and the leader "
    "that it names.",
    SUPPORT: "Schools whose leader in post is supported. Confidential: for the planners, and each row for the school "
    "and the body that it names.",
}
FEW = 3  # rows of a list on the terminal

Cells = dict[str, str]


@dataclass(frozen=True)
class FourLists:
    """The four lists as tables, in their own order; of ``ask_next`` the rows with a rank (``unranked``: the others)."""

    worry: pd.DataFrame
    ask_next: pd.DataFrame
    placements: pd.DataFrame
    support: pd.DataFrame
    unranked: int

    @property
    def by_name(self) -> dict[str, pd.DataFrame]:
        """Return the tables by their names."""
        return {WORRY: self.worry, ASK_NEXT: self.ask_next, PLACEMENTS: self.placements, SUPPORT: self.support}

    def first_to_ask(self, most: int) -> pd.DataFrame:
        """Return the first rows of ``ask_next`` by rank, whichever body they are of."""
        return self.ask_next.sort_values("ask_rank", ignore_index=True).head(most)


def four_lists(record: RunRecord, placed: pd.DataFrame) -> FourLists:
    """Return the four lists; ``placed``: placements and support."""
    every, named = ask_next(record), with_schools(placed, record)
    ranked = every[every["ask_rank"].notna()].reset_index(drop=True)
    place, support = only(named, "place"), only(named, "support")
    return FourLists(worry_about(record), ranked, place, support, len(every) - len(ranked))


def worry_cells(row: pd.Series) -> Cells:
    """Return the cells of a school to worry about."""
    return {
        "rank": number(row["need_rank"]),
        "rank_in_phase": number(row["need_rank_in_phase"]),
        "name": text_of(row["name"]),
        "about": _about(row["urn"], row["authority"], row["phase"]),
        "judged": judgement_line(row),
        "need": percent(row["need"]),
        "need_note": band_words(row["band"]),
        "why": text_of(row["reasons"]),
        "missing": text_of(row["missing"]),
        "marks": text_of(row["marks"]),
    }


def ask_cells(row: pd.Series, levels: Levels) -> Cells:
    """Return the cells of a school that someone could be asked about."""
    return {
        "body": text_of(row["body"]),
        "urn": str(row["urn"]),
        "rank": number(row["ask_rank"]),
        "name": text_of(row["school"]),
        "about": _about(row["urn"], row["authority"], row["phase"]),
        "level": str(row["level"]),
        "leader": text_of(row["leader_id"]),
        "acceptance": of_100(row["acceptance"]),
        "chance_open": of_100(row["chance_open"]),
        "value": levels.words(row["value_if_asked"]),
        "value_note": "" if text_of(row["value_exact"]) == "true" else "at most",
        "why": text_of(row["why"]),
        "marks": text_of(row["marks"]),
    }


def support_cells(row: pd.Series, levels: Levels) -> Cells:
    """Return the cells of a school whose leader in post is supported."""
    return {
        "by": text_of(row["leader_id"]),
        "urn": str(row["urn"]),
        "name": text_of(row["name"]),
        "about": _about(row["urn"], row["authority"], row["phase"]),
        "benefit": levels.words(row["benefit"]),
        "benefit_note": f"reaches {pupils_words(row['pupils_reached'])}",
        "acceptance": of_100(row["acceptance"]),
        "why": text_of(row["placement_reason"]),
    }


def _about(urn: int, authority: object, phase: object) -> str:
    parts = (f"URN {urn}", text_of(authority), phase_words(text_of(phase)))
    return " · ".join(part for part in parts if part)


def short_lists(record: RunRecord, placed: pd.DataFrame) -> list[str]:
    """Return how many rows each list has, and its first few, for the terminal."""
    made = four_lists(record, placed)
    return [
        f"{WORRY}: {plural(len(made.worry), 'school')} by need (worry_about.csv)",
        *(f"  {_worry_line(row)}" for _, row in made.worry.head(FEW).iterrows()),
        f"{ASK_NEXT}: {plural(len(made.ask_next), 'possible post')} with something to gain (ask_next.csv)",
        *(f"  {_ask_line(row)}" for _, row in made.first_to_ask(FEW).iterrows()),
        f"{PLACEMENTS}: {len(made.placements):,} (placements.csv)",
        *(f"  {_placed_line(row)}" for _, row in made.placements.head(FEW).iterrows()),
        f"{SUPPORT}: {len(made.support):,} (support_in_post.csv)",
        *(f"  {row['name']} ({row['urn']})" for _, row in made.support.head(FEW).iterrows()),
    ]


def _worry_line(row: pd.Series) -> str:
    band = band_words(row["band"])
    where = f"{row['name']} ({row['urn']}, {phase_words(text_of(row['phase']))})"
    return f"{where}: need {percent(row['need'])}{f' ({band})' if band else ''}"


def _ask_line(row: pd.Series) -> str:
    where = f"{row['ask_rank']}. {row['body']}: {row['school']} ({row['urn']}), {row['level']}"
    return f"{where}, leader {row['leader_id']}: {text_of(row['why'])}"


def _placed_line(row: pd.Series) -> str:
    return f"{row['leader_id']} to {row['name']} ({row['urn']}), {row['level']}"
