"""A comparison of two runs on the terminal."""

from __future__ import annotations

from pilotage.domain.findings.comparison import Attribution, Comparison, Effect, ListChange
from pilotage.report.compare import words
from pilotage.report.compare.words import months

MOST = 10  # leaders, and schools of a list, that are shown; changes.csv has all


def comparison_text(found: Comparison) -> list[str]:
    """Return a comparison in short: warnings, figures, attribution, leaders and lists."""
    warned = [f"Warning: {each}" for each in words.warnings(found)]
    return [
        f"First run: {found.before}",
        f"Second run: {found.after}",
        *(["", *warned] if warned else []),
        "",
        *(words.figure(each) for each in found.figures if each.before or each.after),
        "",
        *_settings(found),
        "",
        *_leaders(found),
        "",
        *(line for each in found.lists for line in _list(each, found.schools)),
    ]


def _settings(found: Comparison) -> list[str]:
    if not found.settings:
        return ["No setting differs."]
    if found.attribution is not None:
        return ["Settings that differ, each changed alone in the first run:", *attribution_lines(found.attribution)]
    lines = ["Settings that differ:", *(f"  {words.setting(each)}" for each in found.settings)]
    if found.why_not:
        lines += ["What each makes alone can't be said:", *(f"  {why}" for why in found.why_not)]
    return lines


def attribution_lines(made: Attribution) -> list[str]:
    """Return what each setting makes alone, the largest first, and what is left."""
    ordered = sorted(made.effects, key=lambda effect: (-abs(effect.benefit or 0), effect.setting.key))
    lines = [line for effect in ordered for line in _effect(effect)]
    if made.together is not None and len(made.effects) > 1:
        lines.append(f"  All together beyond the sum of each alone: {months(made.together)}")
    causes = "other data, forecasts or versions" if made.together is not None else "what can't be told apart"
    lines.append(f"  Left over ({causes}): {months(made.rest)}")
    lines.append(f"  In all: {months(made.total)}")
    if not made.reproduced:
        lines.append("  Planned again, the first run gives another plan: take the parts as approximate.")
    return lines


def _effect(effect: Effect) -> list[str]:
    return [f"  {words.setting(effect.setting)}", f"    {words.effect(effect)}"]


def _leaders(found: Comparison) -> list[str]:
    if not found.leaders:
        return ["Every leader has the same posts."]
    head = f"Leaders whose posts differ: {len(found.leaders):,}"
    if found.attribution is not None:
        head += " (in brackets: settings that alone make a part of it)"
    lines = [f"  {words.leader(each, found.schools)}" for each in found.leaders[:MOST]]
    more = len(found.leaders) - MOST
    return [f"{head}", *lines, *([f"  and {more:,} more: --out writes them all"] if more > 0 else [])]


def _list(change: ListChange, names: dict[int, str]) -> list[str]:
    lines = [f"{words.list_name(change)}: {len(change.came):,} in, {len(change.went):,} out"]
    for label, urns in (("in", change.came), ("out", change.went)):
        if urns:
            more = f"; and {len(urns) - MOST:,} more" if len(urns) > MOST else ""
            lines.append(f"  {label}: {'; '.join(words.school(urn, names) for urn in urns[:MOST])}{more}")
    return lines
