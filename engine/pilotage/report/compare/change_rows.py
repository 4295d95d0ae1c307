"""The rows of changes.csv: what differs between two runs, one row for each thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pilotage.domain.findings.comparison import Comparison, Post
from pilotage.report.columns import DECISION, FACT, MODELLED, Column

Json = dict[str, Any]

CHANGES = (
    Column("what", "What", FACT, "text", 12, "leader, school, figure, setting or difference: what the row is about."),
    Column("name", "Name", FACT, "text", 30, "The leader, the list of the school, the figure, the setting's key."),
    Column("change", "Change", DECISION, "text", 10, "gained, lost or moved; in or out; differs."),
    Column("urn", "URN", FACT, "integer", 9, "The school of a list that came in or went out."),
    Column("school", "School", FACT, "text", 38, "Its name."),
    Column("before", "First run", DECISION, "text", 30, "What the first run has. Blank = nothing."),
    Column("after", "Second run", DECISION, "text", 30, "What the second run has. Blank = nothing."),
    Column(
        *("benefit", "Pupil-months", MODELLED, "months", 12),
        "Of a setting: by how much the first plan's benefit rises with this setting alone. Blank = not known.",
    ),
    Column("made_by", "Made by", DECISION, "text", 30, "Of a leader: the settings that alone make a part of it."),
    Column("setting", "Setting", FACT, "text", 40, "Of a setting: what it is, in words; its key is under name."),
)


def changes(found: Comparison) -> pd.DataFrame:
    """Return the rows of changes.csv: leaders, schools of the lists, figures, settings and differences."""
    rows = [*_leader_rows(found), *_school_rows(found), *_figure_rows(found), *_setting_rows(found)]
    rows += [
        {"what": "difference", "name": f"{each.kind.value}: {each.name}", "change": "differs"}
        | {"before": each.before, "after": each.after}
        for each in found.differences
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in CHANGES])
    return frame.astype({"urn": "Int64", "benefit": "float64"})


def _leader_rows(found: Comparison) -> Iterator[Json]:
    for each in found.leaders:
        posts = {"before": _posts(each.before), "after": _posts(each.after)}
        row = {"what": "leader", "name": each.leader_id, "change": each.change.value}
        yield row | posts | {"made_by": ", ".join(each.made_by) or None}


def _posts(posts: tuple[Post, ...]) -> str | None:
    return "; ".join(f"{post.post_id} ({post.urn})" for post in posts) or None


def _school_rows(found: Comparison) -> Iterator[Json]:
    for each in found.lists:
        for change, urns in (("in", each.came), ("out", each.went)):
            for urn in urns:
                row = {"what": "school", "name": each.name.value, "change": change}
                yield row | {"urn": urn, "school": found.schools.get(urn)}


def _figure_rows(found: Comparison) -> Iterator[Json]:
    for each in found.figures:
        if each.before != each.after:
            row = {"what": "figure", "name": each.figure.value, "change": "differs"}
            yield row | {"before": _number(each.before), "after": _number(each.after)}


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.10g}"


def _setting_rows(found: Comparison) -> Iterator[Json]:
    made = {} if found.attribution is None else {each.setting: each.benefit for each in found.attribution.effects}
    for each in found.settings:
        row = {"what": "setting", "name": each.key, "change": "differs"}
        told = {"before": each.words.before, "after": each.words.after, "setting": each.words.what}
        yield row | told | {"benefit": made.get(each)}
