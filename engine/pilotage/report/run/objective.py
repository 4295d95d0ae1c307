"""What a plan maximises, in a planner's words, where it is more than expected benefit."""

from __future__ import annotations

from pilotage.case.record import RunRecord
from pilotage.domain.place_names import place_words
from pilotage.report.words import number

UNIT = "pupil-months of progress of disadvantaged pupils, modelled"


def objective_measure(record: RunRecord) -> str:
    """Return the measure's name, as in the scenario."""
    return record.scenario.objective.measure


def value_unit(record: RunRecord) -> str:
    """Return the unit in which the objective counts benefits: weighted or not."""
    weights = _kinds_of_weight(record)
    return f"{UNIT}, times {' and '.join(weights)} weights" if weights else UNIT


def _kinds_of_weight(record: RunRecord) -> list[str]:
    objective = record.scenario.objective
    kinds = {"equity": objective.equity_weights.given, "need": objective.need_weight > 0}
    return [name for name, given in kinds.items() if given]


def objective_unit(record: RunRecord) -> str:
    """Return the unit of objective, bound and baselines."""
    cvar = record.cvar
    if cvar is None:
        return value_unit(record)
    return f"{value_unit(record)}; {1 - cvar.weight:g} x mean + {cvar.weight:g} x mean of the worst simulations"


def score_unit(record: RunRecord) -> str:
    """Return what scores are counted in, in short."""
    weighted = "weighted " if record.scenario.objective.weighted else ""
    return f"{weighted}pupil-months" + (", mean and worst simulations" if record.cvar else "")


def score_name(record: RunRecord) -> str:
    """Return what a score is called: the benefit itself where the objective is no other."""
    plain = record.cvar is None and not record.scenario.objective.weighted
    return "Modelled benefit" if plain else "Score"


def aim_words(record: RunRecord) -> list[str]:
    """Return what the plan maximises, in sentences; empty where it is expected benefit alone."""
    return [*_equity(record), *_need(record), *_worst_draws(record)]


def _equity(record: RunRecord) -> list[str]:
    weights = record.scenario.objective.equity_weights
    if not weights.given:
        return []
    fifths = [f"fifth {fifth} x {weight:g}" for fifth, weight in sorted(weights.deprivation_fifths.items())]
    areas = [f"{place_words(area)} x {weight:g}" for area, weight in sorted(weights.areas.items())]
    parts = [f"by deprivation (5 = the most deprived): {', '.join(fifths)}"] if fifths else []
    parts += [f"by place: {', '.join(areas)}"] if areas else []
    return [
        f"Equity weights decide who goes where, {'; '.join(parts)}; all other schools x 1. They are a choice of the "
        "scenario. Scores are in weighted pupil-months; every benefit shown is unweighted."
    ]


def _need(record: RunRecord) -> list[str]:
    weight = record.scenario.objective.need_weight
    if not weight:
        return []
    return [
        f"A pupil-month counts 1 + {weight:g} x the need of its school in deciding who goes where. That is a choice of "
        "the scenario, not a fact. Scores are in weighted pupil-months; every benefit shown is unweighted."
    ]


def _worst_draws(record: RunRecord) -> list[str]:
    cvar = record.cvar
    if cvar is None:
        return []
    share = f"the worst {cvar.worst:,} of {cvar.draws:,} simulations"
    return [
        f"The plan weighs its mean by {1 - cvar.weight:g} and its mean in {share} of the uncertain world by "
        f"{cvar.weight:g}: {number(cvar.mean)} and {number(cvar.worst_mean)}. The plan of highest expected benefit has "
        f"{number(cvar.expected_plan_mean)} and {number(cvar.expected_plan_worst_mean)}. The simulations carry the "
        "doubt about effects, falls averted and the forecast; they are as good as those assumptions."
    ]
