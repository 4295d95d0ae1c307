"""What a new setup workbook is filled with: invented leaders and posts of one region of the sample, and answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pilotage import assets

REGION = "East Midlands"
OPENS_ON = "2016-09-01"
ANSWERED = (
    {"school": "agreed", "school_date": "2016-06-01", "school_by": "the chair of governors"},
    {"school": "refused", "school_date": "2016-06-08", "school_by": "the chair of governors"},
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """The tables of the sample, in a folder."""

    folder: Path

    @cached_property
    def schools(self) -> pd.DataFrame:
        """Return the schools by URN."""
        return pd.read_csv(self.folder / "schools.csv").set_index("urn")

    @cached_property
    def leaders(self) -> list[Row]:
        """Return the leaders who live nearest to a school of the region, each taking part."""
        table = pd.read_csv(self.folder / "leaders.csv", dtype=object, keep_default_na=False)
        places = self.schools[["easting", "northing"]].to_numpy(dtype=float)
        homes = table[["easting", "northing"]].to_numpy(dtype=float)
        nearest = ((homes[:, None, :] - places[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        own = table[np.asarray(self.schools["region"] == REGION)[nearest]]
        return [_row(row) | {"takes_part": "yes"} for row in own.to_dict("records")]

    @cached_property
    def posts(self) -> list[Row]:
        """Return the posts of the region's schools that open first and are not refused, each with the school's name."""
        table = pd.read_csv(self.folder / "posts.csv", dtype=object, keep_default_na=False)
        inside = table["urn"].astype(int).map(self.schools["region"]) == REGION
        own = table[inside & (table["opens_on"] == OPENS_ON) & (table["consent"] != "no")]
        return [_row(row) | self._named(int(row["urn"])) for row in own.to_dict("records")]

    @cached_property
    def answers(self) -> list[Row]:
        """Return two answers, of the first schools that have not answered; their names say which they are."""
        asked = [post for post in self.posts if post["consent"] == "unknown" and self._alone(post)]
        return [
            {**self._named(int(post["urn"])), "level": post["level"], **said}
            for post, said in zip(asked, ANSWERED, strict=False)
        ]

    def _alone(self, post: Row) -> bool:
        """Return whether a post is the only one of its school and level, and no other school has the name there."""
        name, authority = self._named(int(post["urn"])).values()
        same = (self.schools["name"] == name) & (self.schools["authority"] == authority)
        posts = [each for each in self.posts if (each["urn"], each["level"]) == (post["urn"], post["level"])]
        return int(same.sum()) == 1 and len(posts) == 1

    def _named(self, urn: int) -> Row:
        return {"school_name": self.schools.at[urn, "name"], "authority": self.schools.at[urn, "authority"]}


def example() -> Example:
    """Return the sample that ships with Pilotage."""
    return Example(assets.sample())


def _row(row: dict[Any, Any]) -> Row:
    """Return a row as a planner would write it: yes and no, and nothing where a cell is blank."""
    words = {"True": "yes", "False": "no"}
    return {str(name): words.get(value, value) for name, value in row.items() if value != ""}
