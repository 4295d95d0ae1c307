"""The figures and the settings of a comparison as the cells of a table."""

from __future__ import annotations

from pilotage.domain.findings.comparison import Comparison
from pilotage.report.compare import words
from pilotage.report.words import DASH

Cells = dict[str, str]


def figure_cells(found: Comparison) -> list[Cells]:
    """Return a row for each figure that either plan has: its name, both values, and the difference."""
    return [
        {
            "name": words.sentence(words.FIGURES[each.figure]),
            "before": words.figure_value(each.figure, each.before),
            "after": words.figure_value(each.figure, each.after),
            "more": words.figure_difference(each) or DASH,
        }
        for each in words.known_figures(found)
    ]


def setting_cells(found: Comparison) -> list[Cells]:
    """Return a row for each setting that differs: what it is, both values, what it makes alone, and its key."""
    made = found.attribution
    effects = [] if made is None else words.by_size(made)
    cells = [(each.setting, words.effect(each)) for each in effects] or [(each, "") for each in found.settings]
    return [
        {
            "what": of.words.what,
            "before": words.value(of.words.before),
            "after": words.value(of.words.after),
            "effect": effect,
            "key": of.key,
        }
        for of, effect in cells
    ]
