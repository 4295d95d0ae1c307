"""A plan re-counted from the tables, rule by rule: structure, rules, pins, bans, and what broken rules cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.teams import Teams
from pilotage.config.scenario import Scenario
from pilotage.domain.explanation import Check
from pilotage.placement.audit import leader_rules
from pilotage.placement.audit.case import UNITS, AuditCase, Claim, pair_frame
from pilotage.placement.audit.count_rules import RECOUNTS as COUNTS
from pilotage.placement.audit.count_rules import Counted, RuleCount
from pilotage.placement.audit.expected import units_of_price
from pilotage.placement.audit.pair_rules import Pairwise, banned, charges, kept, own_post
from pilotage.placement.audit.values import Worth

RECOUNTS = COUNTS | {ExecutiveSpan: leader_rules.span, Teams: leader_rules.teams}


def recount_checks(case: AuditCase, claim: Claim, worth: dict[int, Worth] | None) -> Iterator[Check]:
    """Yield the checks of the plan's placements; benefits and costs are the audit's own where it reckoned them."""
    scenario = case.scenario
    frame = _placements(case, claim, worth)
    charged = charges(frame, scenario, case.need)
    units = np.rint(frame["benefit"] * UNITS).astype("int64")
    counted = Counted(frame.assign(worth=units), case)
    counts = {name: RECOUNTS[type(r)](name, r, counted) for name, r in scenario.rules.items() if type(r) in RECOUNTS}
    yield from _structure(counted)
    yield from _rules(counted, counts)
    yield from _named(counted)
    if any(_price(scenario, name) is not None for name in scenario.rules):
        paid = sum(_charge(_price(scenario, name), count) for name, count in counts.items())
        yield from _prices(case, claim, charged, paid)


def _placements(case: AuditCase, claim: Claim, worth: dict[int, Worth] | None) -> pd.DataFrame:
    """Return the placements with all columns of leader, post and school, their cost and their benefit."""
    problem, chosen, pairs = claim.problem, claim.plan.chosen, case.impact.pairs
    frame = pair_frame(case, problem.leader[chosen], problem.post[chosen])
    if worth is None:
        benefit, cost = (pairs[name].to_numpy()[chosen] for name in ("benefit", "cost_gbp"))
    else:
        mine = [worth[pair] for pair in chosen.tolist()]
        benefit, cost = (np.array(values, dtype=float) for values in _of(mine))
    return frame.assign(cost_gbp=cost, benefit=benefit)


def _of(mine: list[Worth]) -> tuple[list[float], list[float]]:
    return [pair.benefit for pair in mine], [pair.cost_gbp for pair in mine]


def _price(scenario: Scenario, name: str) -> float | None:
    rule = scenario.rules[name]
    return rule.price if isinstance(rule, Priced) else None


def _charge(price: float | None, count: RuleCount) -> int:
    """Return what a priced rule's breaches cost, in integer units; a hard rule costs nothing, it may not be broken."""
    return 0 if price is None else units_of_price(price) * count.units


def _check(name: str, wrong: list[str], counted: str) -> Check:
    return Check(name, not wrong, counted if not wrong else "; ".join(wrong[:10]))


def _structure(counted: Counted) -> Iterator[Check]:
    """Yield whether leaders and posts take no more than they may, and each placement is one at all."""
    frame, case = counted.placements, counted.case
    twice = [f"{value} twice" for value in frame.loc[frame["post_id"].duplicated(), "post_id"].unique()]
    at_once, words = leader_rules.overloaded(counted), f"{len(frame)} placements, none too many for its leader"
    yield _check("one_post_per_leader", at_once, words)
    yield _check("one_leader_per_post", twice, f"{len(frame)} posts, each once")
    yield _check("own_post", _names(frame, own_post(frame)), "nobody is placed in a post that they hold already")
    late = frame["year"] >= case.scenario.time.years
    yield _check("late_posts", _names(frame, late), "every placement starts within the plan")
    outside = ~frame["urn"].isin(case.urns)
    yield _check("scope", _names(frame, outside), f"every placement is in one of {len(case.urns):,} schools in scope")
    if case.scenario.interventions.support is not None:
        both = leader_rules.supported_and_led(counted)
        yield _check("support_or_head", both, "no school has its head supported and a new one placed")


def _rules(counted: Counted, counts: dict[str, RuleCount]) -> Iterator[Check]:
    """Yield one check per rule of the scenario; a priced rule holds whatever its breach, which the objective pays."""
    frame, scenario = counted.placements, counted.case.scenario
    for name, rule in scenario.rules.items():
        if isinstance(rule, Pairwise):
            broken = _names(frame, ~kept(rule, frame, scenario, counted.case.need))
            made = RuleCount(0, tuple(broken), f"holds for all {len(frame)} placements")
        elif name in counts:
            made = counts[name]
        else:
            raise TypeError(f"the audit does not know the rule {type(rule).__name__}")
        if made.wrong and not made.beyond and _price(scenario, name) is not None:
            yield Check(f"rules.{name}", True, f"broken at a price: {'; '.join(made.wrong[:10])}")
        else:
            yield _check(f"rules.{name}", [*made.beyond, *made.wrong], made.counted)


def _named(counted: Counted) -> Iterator[Check]:
    """Yield one check per pin and ban of the scenario."""
    frame, scenario = counted.placements, counted.case.scenario
    for name, pin in scenario.pins.items():
        made = ((frame["leader_id"] == pin.leader_id) & (frame["post_id"] == pin.post_id)).any()
        wrong = [] if made else [f"{pin.leader_id} is not in {pin.post_id}"]
        yield _check(f"pins.{name}", wrong, f"{pin.leader_id} is in {pin.post_id}")
    for name, ban in scenario.bans.items():
        yield _check(f"bans.{name}", _names(frame, banned(ban, frame)), "no placement matches")


def _names(frame: pd.DataFrame, broken: pd.Series) -> list[str]:
    return [
        f"{leader} in {post}" for leader, post in frame.loc[broken, ["leader_id", "post_id"]].itertuples(index=False)
    ]


def _prices(case: AuditCase, claim: Claim, charged: NDArray[np.float64], paid: int) -> Iterator[Check]:
    """Yield whether what broken rules cost is what the plan pays: pair by pair, and for each unit of breach."""
    problem, plan, pairs = claim.problem, claim.plan, case.impact.pairs
    given = pairs["price"].to_numpy()[plan.chosen] if "price" in pairs else np.zeros(len(plan.chosen))
    owed = zip(charged.tolist(), given.tolist(), strict=True)
    wrong = [f"placement {number} owes {own:g}" for number, (own, said) in enumerate(owed) if abs(own - said) > 1e-9]
    breaches = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    pays = -sum(one.benefit * value for one, value in breaches if one.kind == "breach")
    owes = paid * case.scaled
    wrong += [f"breaches cost {owes / problem.scale:g}, the plan pays {pays / problem.scale:g}"] if owes != pays else []
    yield _check("prices", wrong, f"{charged.sum() + paid / UNITS:,.1f} {case.unit} paid for broken rules")
