"""A comparison of two runs on the terminal."""

from __future__ import annotations

from pilotage.domain.findings.comparison import Attribution, Comparison, Effect, ListChange
from pilotage.report.compare import words

MOST = 10  # leaders, and schools of a list, that are shown; changes.csv has all


def comparison_text(found: Comparison) -> list[str]:
    """Return a comparison in short: warnings, figures, attribution, leaders and lists."""
    return [
        *first_lines(found),
        "",
        *(words.figure(each) for each in words.known_figures(found)),
        "",
        *_settings(found),
        "",
        *last_lines(found),
    ]


def first_lines(found: Comparison) -> list[str]:
    """Return what is compared, what to beware of, and what differs in two sentences."""
    failed = words.failure(found)
    warned = [f"Warning: {each}" for each in ([failed] if failed else []) + words.warnings(found)]
    sides = [f"First run: {words.side(found.before)}", f"Second run: {words.side(found.after)}"]
    return [*sides, *(["", *warned] if warned else []), "", words.headline(found)]


def last_lines(found: Comparison) -> list[str]:
    """Return the leaders whose posts differ, and the lists."""
    return [*_leaders(found), "", *(line for each in found.lists for line in _list(each, found.schools))]


def _settings(found: Comparison) -> list[str]:
    if not found.settings:
        return ["No setting differs."]
    if found.attribution is not None:
        return [f"{words.SETTINGS_ALONE}:", *_attribution(found.attribution)]
    lines = [f"{words.SETTINGS}:", *(f"  {words.setting(each)}" for each in found.settings)]
    if found.why_not:
        lines += [f"{words.NOT_SAID}:", *(f"  {why}" for why in found.why_not)]
    return lines


def _attribution(made: Attribution) -> list[str]:
    """Return what each setting makes alone, the largest first, and what is left."""
    lines = [line for each in words.by_size(made) for line in _effect(each)]
    lines += [f"  {name}: {value}" for name, value in words.parts(made)]
    return [*lines, *(f"  {caution}" for caution in words.cautions(made))]


def _effect(effect: Effect) -> list[str]:
    return [f"  {words.setting(effect.setting)}", f"    {words.effect(effect)}"]


def _leaders(found: Comparison) -> list[str]:
    if not found.leaders:
        return ["Leaders whose posts differ: none"]
    head = f"Leaders whose posts differ: {len(found.leaders):,}"
    if found.attribution is not None:
        head += " (in brackets: settings that alone make a part of it)"
    lines = [f"  {words.leader(each, found.schools)}" for each in found.leaders[:MOST]]
    more = len(found.leaders) - MOST
    return [f"{head}", *lines, *([f"  and {more:,} more: --out writes them all"] if more > 0 else [])]


def _list(change: ListChange, names: dict[int, str]) -> list[str]:
    if not change.came and not change.went:
        return [f"{words.list_name(change)}: the same schools"]
    lines = [f"{words.list_name(change)}: {len(change.came):,} in, {len(change.went):,} out"]
    for label, urns in (("in", change.came), ("out", change.went)):
        if urns:
            more = f"; and {len(urns) - MOST:,} more" if len(urns) > MOST else ""
            lines.append(f"  {label}: {'; '.join(words.school(urn, names) for urn in urns[:MOST])}{more}")
    return lines
