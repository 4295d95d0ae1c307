"""A sweep on the terminal."""

from __future__ import annotations

from pilotage.domain.findings.sweep import Sweep
from pilotage.report.sweep import words
from pilotage.report.words import DASH, number

MOST = 12  # scenarios of the table; sweep.csv has all


def sweep_text(sweep: Sweep) -> list[str]:
    """Return a sweep in short: what came of it, what moves the plan, and the schools."""
    moved = [f"  {each.key}: {words.moves(each)}" for each in sweep.moves]
    counted = [f"  {count:,}: {what}" for what, count in words.came_counts(sweep)]
    return [
        *([words.SYNTHETIC] if sweep.synthetic else []),
        words.headline(sweep),
        *(counted if len(counted) > 1 else []),
        *(["", "What moves the plan, by the benefit between its best and its worst value:", *moved] if moved else []),
        "",
        words.schools_line(sweep),
    ]


def scenario_rows(sweep: Sweep) -> list[tuple[str, ...]]:
    """Return the scenarios of the highest benefit, then those without a plan, as texts: number, settings, figures."""
    keys = words.changed_keys(sweep)
    ordered = sorted(sweep.scenarios, key=lambda each: (each.plan is None, -(each.plan.benefit if each.plan else 0)))
    without = [each for each in ordered if each.plan is None]
    shown = ordered if len(ordered) <= MOST else [*ordered[: MOST - min(len(without), 3)], *without[:3]]
    rows = []
    for each in shown:
        plan = each.plan
        figures = (
            (DASH,) * 4
            if plan is None
            else (number(plan.benefit, 1), f"{plan.placed:,}", number(plan.accepted, 1), f"£{plan.spent_gbp:,.0f}")
        )
        what = f"{words.CAME[each.came]} ({words.conflict(each)})" if words.conflict(each) else words.CAME[each.came]
        rows.append((f"{each.number:,}", words.settings(each, keys), *figures, what))
    return list(dict.fromkeys(rows))
