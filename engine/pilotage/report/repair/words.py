"""What a scenario that no plan keeps may change, in words and as a JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from pilotage.config.leaf import Key, Leaf, nearest_place
from pilotage.domain.findings.repair import Ended, Repair, Repairs, SettingChange, Way
from pilotage.errors import Problem
from pilotage.report.words import number, plural

SCHEMA_VERSION = 1  # of what `pilotage run --json` prints of a scenario that no plan keeps
HEADING = "What would make a plan possible, best first. No change can be smaller; each was planned again."
NOUNS = {"pins": "the pin ", "bans": "the ban ", "rules": "the rule "}
UNKNOWN = "its benefit is not known before a forecast"
ENDS = {
    Ended.MORE: "There are more repairs that change as few settings; these were found first.",
    Ended.OUT_OF_TIME: "Time was up before all were tried: there may be better ones.",
}
NOTHING = {
    Ended.OUT_OF_TIME: "No repair was found in time. Loosen one of the rules named above.",
    Ended.NONE: (
        "No change of the scenario's own limits, pins and bans makes a plan possible. What the errors name must "
        "change, or rules or tables that bar leaders from posts."
    ),
}


def repairs_words(found: Repairs) -> list[str]:
    """Return the repairs line by line, each with what to set, and how the search for them ended."""
    if not found.repairs:
        return [how_ended(found)]
    best = found.repairs[0].benefit
    lines = [line for place, repair in enumerate(found.repairs, 1) for line in _lines(place, repair, best)]
    return [HEADING, *lines, *filter(None, [how_ended(found)])]


def ways_out(found: Repairs, places: dict[Key, Leaf]) -> Iterator[Problem]:
    """Yield each change of each repair, with the cell of a workbook that set what it changes, if one did."""
    best = found.repairs[0].benefit if found.repairs else None
    for place, repair in enumerate(found.repairs, 1):
        beside = "" if len(repair.changes) == 1 else ", with the other changes of this number"
        for change in repair.changes:
            leaf = nearest_place(places, change.key)
            at = None if leaf is None else leaf.at
            yield Problem(change.place, f"{place}. {_change(change)}{beside}", do=_worth(repair, best), at=at)


def repair_words(repair: Repair, best: float | None) -> str:
    """Return the changes of a repair in words, and what the plan is then worth; ``best``: that of the first repair."""
    changes = " and ".join(_change(change) for change in repair.changes)
    return f"{changes[0].upper()}{changes[1:]}: {_worth(repair, best)}"


def how_ended(found: Repairs) -> str:
    """Return how a search for repairs ended, in words; empty where every repair is there."""
    if not found.repairs:
        return NOTHING.get(found.ended, NOTHING[Ended.NONE])
    return ENDS.get(found.ended, "")


def _lines(place: int, repair: Repair, best: float | None) -> Iterator[str]:
    yield f"  {place}. {repair_words(repair, best)}"
    yield f"     {' '.join(_option(change) for change in repair.changes)}"


def _change(change: SettingChange) -> str:
    """Return a change in words: ``raise rules.cap.count from 8 to 10 (baseline.yaml, line 41)``."""
    key, place = ".".join(change.key), f" ({change.place})" if change.place else ""
    if change.way is Way.REMOVE:
        return f"remove {NOUNS.get(change.key[0], '')}{key}{place}"
    if change.way is Way.SET:
        return f"set {key} to {change.needed}{place}"
    return f"{change.way} {key} from {_figure(change.now)} to {_figure(change.needed)}{place}"


def _figure(value: float | str | None) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{100 * value:g}%" if isinstance(value, float) else str(value)


def _worth(repair: Repair, best: float | None) -> str:
    placed = plural(repair.placements, "placement")
    if repair.benefit is None:
        return f"{placed}; {UNKNOWN}"
    least = "" if repair.proven else "at least "
    short = (best or 0) - repair.benefit
    behind = f", {number(short, 1)} fewer than with the first" if round(short, 1) > 0 else ""
    return f"{least}{number(repair.benefit, 1)} pupil-months with {placed}{behind}"


def _option(change: SettingChange) -> str:
    """Return a change as an option of the command line."""
    written = _setting(change)
    return f'--set "{written}"' if " " in written else f"--set {written}"


def _setting(change: SettingChange) -> str:
    return f"{'.'.join(change.key)}={'null' if change.needed is None else change.needed}"


def repairs_json(name: str, problems: Sequence[Problem], found: Repairs) -> dict[str, object]:
    """Return the problems and the repairs of a scenario, keys as the fields of ``domain.findings.repair``.

    ``set`` is a change as an option ``--set`` takes it; benefits are pupil-months, null where they are not known.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "infeasible",
        "scenario": name,
        "problems": [
            {"where": each.where, "what": each.what, "allowed": each.allowed, "do": each.do} for each in problems
        ],
        "repairs": [_as_json(repair) for repair in found.repairs],
        "ended": found.ended,
    }


def _as_json(repair: Repair) -> dict[str, object]:
    changes = [asdict(change) | {"key": ".".join(change.key), "set": _setting(change)} for change in repair.changes]
    return asdict(repair) | {"changes": changes}
