"""What each rule asks, how it stands in the plan, and why nobody may take a post: in a planner's words."""

from __future__ import annotations

from pilotage.case.record import RunRecord
from pilotage.config.rules.catalogue import BARS
from pilotage.config.scenario import Ban, ConflictBan, Scenario
from pilotage.domain.bars import BAR_WORDS, Bar
from pilotage.domain.findings.explanation import RuleState
from pilotage.domain.plan import SETTINGS
from pilotage.report.words import DASH, number, plural

BOUNDS = {"<=": "at most", ">=": "at least", "=": "exactly"}
ASKS: dict[str, str] = {  # of settings
    "own_post": "a leader holds a level in a school once",
    "support_or_head": "a school has its head supported or a new one placed, not both",
    "asks": "a leader takes one known post, or asks for posts that may come open, whose chances add up to at most one",
}


def barred_words(reason: str) -> str:
    """Return why nobody may take a post, from its code."""
    return BARS[reason].words if reason in BARS else BAR_WORDS[Bar(reason)]


def rule_name(state: RuleState) -> str:
    """Return the rule's name in the scenario, with the part that a row is about."""
    return ".".join(SETTINGS.get(state.rule, ())) or state.name


def asks(state: RuleState, scenario: Scenario) -> str:
    """Return what a rule asks: a row's own words, else those of the kind of rule with the scenario's figures."""
    if state.label:
        return state.label
    rule = scenario.rules.get(state.key)
    return _asks_beyond_rules(state, scenario) if rule is None else rule.sentence()


def _asks_beyond_rules(state: RuleState, scenario: Scenario) -> str:
    if state.rule == "term":
        return f"a leader starts once in {plural(scenario.time.term_years, 'year')}"
    bans = {f"bans.{name}": ban for name, ban in scenario.bans.items()}
    return _asks_ban(bans[state.key]) if state.key in bans else ASKS.get(state.rule, DASH)


def _asks_ban(ban: Ban) -> str:
    place = [f"post {ban.post_id}"] if ban.post_id is not None else []
    place += [f"school {ban.urn}"] if ban.urn is not None else []
    who = "nobody goes" if ban.leader_id is None else f"{ban.leader_id} does not go"
    if isinstance(ban, ConflictBan):
        return f"{who} to {', '.join(place)} ({ban.reason})"
    return f"{who} to {', '.join(place) or 'any post'} (banned by {ban.author}: {ban.reason})"


def standing(state: RuleState) -> str:
    """Return how a rule stands: ``8 of at most 8``, ``34% of at least 30%``, or what it bars."""
    if not state.can_bind:
        return "cannot bind: no plan could reach its limit"
    return _barring(state) if state.acts == "bars" else _counting(state) + _closed(state)


def _barring(state: RuleState) -> str:
    if not state.hard:
        broken = f"broken by {plural(state.breach, 'placement')}, which the plan pays for"
        return broken if state.breach else "kept by every placement"
    if state.unit == "post":
        alone = (
            f"alone closes {plural(state.barred_alone, 'post')}" if state.barred_alone else "closes no post by itself"
        )
    elif state.barred_alone:
        alone = f"alone bars {plural(state.barred_alone, 'pair')} of leader and post"
    else:
        alone = "bars nothing by itself"
    said = state.unit == "post" and state.closed_posts == state.barred_alone
    return alone if said else alone + _closed(state)


def _closed(state: RuleState) -> str:
    """Return for how many posts the rule is the reason that nobody may take them."""
    return f"; the reason why nobody may take {plural(state.closed_posts, 'post')}" if state.closed_posts else ""


def _counting(state: RuleState) -> str:
    if state.measure == "structure":
        return "kept" if not state.breach else f"broken {plural(state.breach, 'time')}, which the plan pays for"
    paid = f"; {_amount(state, state.breach)} beyond it, which the plan pays for" if state.breach else ""
    bound = BOUNDS[state.sense or "="]
    if state.measure == "share":
        if state.share is None:
            return f"nothing is counted, so no share of {bound} {_percent(state.share_limit or 0)}{paid}"
        return f"{_share(state.share, state.share_limit or 0)} of {bound} {_percent(state.share_limit or 0)}{paid}"
    pound = "£" if state.unit == "pound" else ""
    return f"{pound}{state.activity or 0:,.0f} of {bound} {pound}{state.limit or 0:,}{paid}"


def _amount(state: RuleState, units: int) -> str:
    """Return so many units of breach in words; of a budget a unit is GBP 1,000."""
    return f"up to £{1000 * units:,}" if state.unit == "pound" else f"{units:,}"


def _percent(share: float) -> str:
    return f"{share:.0%}" if abs(100 * share - round(100 * share)) < 1e-9 else f"{share:.1%}"


def _share(share: float, limit: float) -> str:
    """Return a share in whole per cent; with a decimal where whole ones would hide which side of the limit it is on."""
    return f"{share:.1%}" if f"{share:.0%}" == f"{limit:.0%}" and abs(share - limit) > 1e-9 else f"{share:.0%}"


def price(state: RuleState) -> str:
    """Return a rule's price, of a budget for GBP 1,000; a dash where it is not known or its limit has no plain unit."""
    if state.price is None or state.measure != "number" or state.acts == "bars":
        return DASH
    if state.unit == "pound":
        return f"{number(1000 * state.price, 2)} for £1,000"
    return number(state.price, 1)


def price_basis(record: RunRecord) -> str:
    """Return how far the prices hold for this plan."""
    known = [state for state in record.rule_states if state.price is not None]
    if not known:
        return "No price is known here: the linear optimum was not reached in time, or no rule has one."
    if all(state.price_of_plan for state in known):
        return ""
    return (
        "Leaders do not divide, so the best plan falls a little short of the linear optimum that the prices belong to: "
        "take them as a guide."
    )


def in_order(states: tuple[RuleState, ...]) -> list[RuleState]:
    """Return the states, binding ones first: rules that count, then rules that bar; then those that do not bind."""
    return sorted(states, key=lambda state: (not state.can_bind, not state.binding, state.acts == "bars"))


def rule_table(record: RunRecord) -> list[dict[str, str]]:
    """Return a row for every rule, binding ones first; the places of a rule that are below its limit share a row."""
    states, slack = [], dict[str, list[RuleState]]()
    for state in in_order(record.rule_states):
        rule = record.scenario.rules.get(state.key)
        by_place = rule is not None and rule.limits_each_place
        if by_place and state.can_bind and not state.binding:
            slack.setdefault(state.key, []).append(state)
            if len(slack[state.key]) > 1:
                continue
        states.append((state, by_place))
    return [_table_row(state, record, slack.get(state.key, []) if by_place else []) for state, by_place in states]


def _table_row(state: RuleState, record: RunRecord, slack: list[RuleState]) -> dict[str, str]:
    row = {
        "name": rule_name(state),
        "acts": state.acts,
        "label": asks(state, record.scenario),
        "standing": standing(state),
        "price": price(state),
        "binding": "yes" if state.binding else "no",
    }
    if state.binding or len(slack) < 2:
        return row
    near = max(slack, key=lambda state: (state.activity or 0) - (state.limit or 0))
    spare = f"room in {len(slack):,} of them; nearest to the limit: {near.part[0]}, {standing(near)}"
    rule = record.scenario.rules[state.key]
    return row | {"name": state.key, "label": rule.asks(), "standing": spare}
