"""A plan re-counted from the tables, rule by rule: structure, rules, pins, bans, and what broken rules cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.findings.explanation import Check
from pilotage.placement.audit.answers import answer_checks
from pilotage.placement.audit.case import UNITS, AuditCase, Capacities, Claim, pair_frame
from pilotage.placement.audit.counting import Counted, RuleCount, checked, named
from pilotage.placement.audit.eligibility.single_pairs import broken, charges, own_post, pair_table
from pilotage.placement.audit.expected import units_of_price
from pilotage.placement.audit.pins import pin_and_ban_checks
from pilotage.placement.audit.rules.catalogue import STRUCTURES, audited
from pilotage.placement.audit.values.pair_values import Worth


def recount_checks(
    case: AuditCase, claim: Claim, capacities: Capacities, worth: dict[int, Worth] | None
) -> Iterator[Check]:
    """Yield the checks of the plan's placements; benefits and costs are the audit's own where it calculated them."""
    frame = _placements(case, claim, worth)
    units = np.rint(frame["benefit"] * UNITS).astype("int64")
    counted = Counted(frame.assign(worth=units), case, capacities)
    counts = _rule_counts(counted)
    yield from _structure(counted)
    yield from _rules(counted, counts)
    yield from pin_and_ban_checks(counted)
    yield from answer_checks(counted)
    prices = {name: rule.breach_price() for name, rule in case.scenario.rules.items()}
    if any(price is not None for price in prices.values()):
        paid = sum(_charge(prices[name], count) for name, count in counts.items())
        yield from _prices(case, claim, charges(pair_table(case, frame), case.scenario), paid)


def _placements(case: AuditCase, claim: Claim, worth: dict[int, Worth] | None) -> pd.DataFrame:
    """Return the placements with all columns of leader, post and school, their cost and their benefit."""
    problem, chosen, pairs = claim.problem, claim.plan.chosen, case.impact.pairs
    frame = pair_frame(case, problem.leader[chosen], problem.post[chosen])
    if worth is None:
        given = pairs.iloc[chosen].reset_index(drop=True)
    else:
        names = ("benefit", "cost_gbp", "chance")
        mine = [worth[pair] for pair in chosen.tolist()]
        given = pd.DataFrame({name: [getattr(pair, name) for pair in mine] for name in names}, dtype=float)
    figures = {name: given[name].to_numpy() for name in ("benefit", "cost_gbp", "chance") if name in given}
    return frame.assign(**figures)


def _charge(price: float | None, count: RuleCount) -> int:
    """Return what a priced rule's breaches cost, in integer units; a hard rule costs nothing, it may not be broken."""
    return 0 if price is None else units_of_price(price) * count.units


def _structure(counted: Counted) -> Iterator[Check]:
    """Yield whether leaders and posts take no more than they may, and each placement may be made at all."""
    frame, case = counted.placements, counted.case
    structures = sorted(STRUCTURES, key=lambda structure: structure.order)
    for structure in structures:
        yield from structure.checks(counted) if structure.order < 0 else ()
    twice = [f"{value} twice" for value in frame.loc[frame["post_id"].duplicated(), "post_id"].unique()]
    yield checked("one_leader_per_post", twice, f"{len(frame)} posts, each once")
    again = named(frame, own_post(frame))
    yield checked("own_post", again, "nobody is placed in a post that they hold already")
    late = named(frame, frame["year"] >= case.scenario.time.years)
    yield checked("late_posts", late, "every placement starts within the plan")
    outside = named(frame, ~frame["urn"].isin(case.urns))
    yield checked("scope", outside, f"every placement is in one of {len(case.urns):,} schools in scope")
    for structure in structures:
        yield from structure.checks(counted) if structure.order >= 0 else ()


def _rule_counts(counted: Counted) -> dict[str, RuleCount]:
    """Return the count of each rule that counts over placements."""
    rules = audited(counted.case.scenario)
    return {name: audit.recount(name, rule, counted) for name, rule, audit in rules if audit.recount is not None}


def _rules(counted: Counted, counts: dict[str, RuleCount]) -> Iterator[Check]:
    """Yield a check for each rule of the scenario; a priced rule always holds: the objective pays its breach."""
    frame = counted.placements
    pairs = pair_table(counted.case, frame)
    for name, rule, audit in audited(counted.case.scenario):
        if name in counts:
            made = counts[name]
        else:
            wrong = named(frame, pd.Series(broken(audit, rule, pairs), frame.index))
            made = RuleCount(0, tuple(wrong), f"holds for all {len(frame)} placements")
        if made.wrong and not made.beyond and rule.breach_price() is not None:
            yield Check(f"rules.{name}", True, f"broken at a price: {'; '.join(made.wrong[:10])}")
        else:
            yield checked(f"rules.{name}", [*made.beyond, *made.wrong], made.counted)


def _prices(case: AuditCase, claim: Claim, charged: NDArray[np.float64], paid: int) -> Iterator[Check]:
    """Yield whether what broken rules cost is what the plan pays: pair by pair, and for each unit of breach."""
    problem, plan, pairs = claim.problem, claim.plan, case.impact.pairs
    given = pairs["price"].to_numpy()[plan.chosen] if "price" in pairs else np.zeros(len(plan.chosen))
    owed = zip(charged.tolist(), given.tolist(), strict=True)
    wrong = [f"placement {number} owes {own:g}" for number, (own, said) in enumerate(owed) if abs(own - said) > 1e-9]
    breaches = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    pays = -sum(variable.benefit * value for variable, value in breaches if variable.kind == "breach")
    owes = paid * case.scaled
    wrong += [f"breaches cost {owes / problem.scale:g}, the plan pays {pays / problem.scale:g}"] if owes != pays else []
    yield checked("prices", wrong, f"{charged.sum() + paid / UNITS:,.1f} {case.unit} paid for broken rules")
