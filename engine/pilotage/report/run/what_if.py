"""What a run changes beside its scenario, its ledger, and what its plan would change beyond its limit, in words."""

from __future__ import annotations

from typing import Any

from pilotage.case.record import RunRecord
from pilotage.domain.findings.beyond import Beyond, Limit
from pilotage.domain.words import plural
from pilotage.report.compare import words
from pilotage.report.compare.as_json import change_facts
from pilotage.report.lists.ledger import KINDS, ledger, ledger_line
from pilotage.report.words import absent, number

MOST = 10  # leaders, and rows of the ledger, that are shown; the lists have all

Json = dict[str, Any]


def what_if_lines(record: RunRecord) -> list[str]:
    """Return who is left out, which posts are added, what the ledger has, and what lies beyond a limit on changes."""
    return [*_left_out(record), *_added(record), *ledger_line(record), *beyond_lines(record)]


def _left_out(record: RunRecord) -> list[str]:
    names = sorted(record.scenario.pool.leave_out)
    return [f"Left out of this run: {plural(len(names), 'leader')} ({_some(names)})."] if names else []


def _added(record: RunRecord) -> list[str]:
    added = record.posts.added
    return [f"Added to the posts of the scenario: {plural(len(added), 'post')} ({_some(added)})."] if added else []


def _some(names: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more


def beyond_lines(record: RunRecord) -> list[str]:
    """Return what the plan gives up of the earlier plan, and the best plan without the limit."""
    beyond = record.beyond
    if beyond is None:
        return []
    return [*(_limit(limit) for limit in beyond.limits), *_without_limit(beyond)]


def _limit(limit: Limit) -> str:
    given = f"{limit.given_up:,} of {limit.earlier:,} placements and asks of the earlier plan"
    return f"Limit on changes (rules.{limit.rule}): the plan gives up {given}, at most {limit.at_most:,} may be."


def _without_limit(beyond: Beyond) -> list[str]:
    if not beyond.solved or beyond.more is None or beyond.benefit is None:
        return ["Beyond the limit: without it no plan was found in time."]
    if not beyond.leaders and not beyond.asks:
        return ["Beyond the limit: without it the plan would be the same, so the limit costs nothing."]
    worth = f"{number(beyond.benefit, 1)} pupil-months in place of {number(beyond.benefit_of_plan, 1)}"
    proven = "no plan is better" if not beyond.gap else f"proven to within {beyond.gap:.2%}"
    more = f"scores {number(max(0.0, beyond.more), 1)} more" if round(beyond.more, 1) > 0 else "scores as much"
    counted = [plural(len(beyond.leaders), "leader")] if beyond.leaders else []
    counted += [plural(beyond.asks, "ask")] if beyond.asks else []
    head = f"Beyond the limit: the best plan without it has {worth}, {more} ({proven}), and changes "
    names = dict(beyond.schools)
    lines = [f"  {words.leader(each, names)}" for each in beyond.leaders[:MOST]]
    rest = len(beyond.leaders) - MOST
    return [f"{head}{' and '.join(counted)}:", *lines, *([f"  and {rest:,} more (plan.json)"] if rest > 0 else [])]


def what_if_facts(record: RunRecord) -> Json:
    """Return who is left out, what is added, what the ledger counts, and what lies beyond, as plan.json has it."""
    rows = ledger(record)
    holds = rows["holds"] == "yes"
    counts = {kind: int((holds & (rows["what"] == kind)).sum()) for kind in KINDS}
    return {
        "left_out": sorted(record.scenario.pool.leave_out),
        "added_posts": list(record.posts.added),
        "ledger": counts | {"ended": int((~holds).sum())},
        "beyond": None if record.beyond is None else _beyond_facts(record.beyond),
    }


def _beyond_facts(beyond: Beyond) -> Json:
    figures = {name: getattr(beyond, name) for name in ("solved", "benefit", "benefit_of_plan", "more", "gap", "asks")}
    leaders = [change_facts(each) for each in beyond.leaders]
    return {"limits": [vars(limit) for limit in beyond.limits]} | figures | {"leaders": leaders}


def ledger_rows(record: RunRecord) -> list[dict[str, str]]:
    """Return the first rows of the ledger as the page shows them: blank where nothing is said."""
    shown = ledger(record).head(MOST).astype(object)
    return [
        {str(name): "" if absent(value) else str(value) for name, value in row.items()}
        for row in shown.to_dict("records")
    ]
