"""What a plan hangs on, in words for the page and the terminal, and as figures for plan.json."""

from __future__ import annotations

from typing import Any

from pilotage.case.record import RunRecord
from pilotage.domain.findings.hangs_on import Assumed, Doubt, Flag, HangsOn, Trial
from pilotage.report.lists.counted import expected_benefit
from pilotage.report.words import DASH, number, percent, plural

Json = dict[str, Any]
Cells = dict[str, str]

LEAST_MONTHS = 0.01  # a smaller change is rounding

DOUBTS = {
    Doubt.BEYOND_LIMIT: "beyond the leader's travel limit",
    Doubt.UNLIKELY_YES: "the chance of a yes is under 30%",
    Doubt.SEVERAL_LEADERS: "several leaders in one school",
    Doubt.NO_ADDED_VALUE: "no added value is expected",
}


def hangs_on_facts(record: RunRecord) -> Json | None:
    """Return ``hangs_on`` of plan.json; None where the plan was not tried."""
    firm = record.hangs_on
    if firm is None:
        return None
    return {
        "in_top_fifth": firm.in_top_fifth,
        "need_floor_costs": floor_cost(firm),
        "trials": [_trial_facts(trial) for trial in firm.trials],
        "not_tried": list(firm.left_out),
        "gap": firm.gap,
        "flags": [_flag_facts(record, flag) for flag in firm.flags],
    }


def _trial_facts(trial: Trial) -> Json:
    names = ("parameter", "value", "solved", "placements", "differing", "benefit", "benefit_of_plan", "in_top_fifth")
    return {"assumed": trial.assumed.value} | {name: getattr(trial, name) for name in names}


def _flag_facts(record: RunRecord, flag: Flag) -> Json:
    problem = record.problem
    leader, post = int(problem.leader[flag.pair]), int(problem.post[flag.pair])
    names = {"leader_id": problem.leader_ids[leader], "post_id": problem.post_ids[post]}
    return names | {"urn": int(problem.urns[post]), "doubts": [doubt.value for doubt in flag.doubts]}


def floor_cost(firm: HangsOn) -> float | None:
    """Return by how many pupil-months the need floor lowers the modelled benefit; None where there is no floor."""
    trial = _first(firm, Assumed.NO_NEED_FLOOR)
    if trial is None or trial.benefit is None or trial.benefit_of_plan is None:
        return None
    return round(trial.benefit - trial.benefit_of_plan, 6)


def _first(firm: HangsOn, assumed: Assumed) -> Trial | None:
    return next((trial for trial in firm.trials if trial.assumed is assumed), None)


def hangs_on_lines(record: RunRecord) -> list[str]:
    """Return what the plan hangs on, in sentences; none where it was not tried."""
    firm = record.hangs_on
    if firm is None:
        return []
    lines = [*_equal_line(firm), *_fifth_line(firm), *_floor_line(firm), *_most_line(firm), *_flags_line(firm)]
    if record.scenario.pool.prospects is not None:
        lines.append("What the plan asks for counts as a placement in these sentences.")
    if firm.left_out:
        were = "was" if len(firm.left_out) == 1 else "were"
        lines.append(f"{plural(len(firm.left_out), 'assumption')} {were} not tried: the decision is too large.")
    if firm.gap:
        lines.append(f"Each other plan is proven within {firm.gap:.1%} of the best under its assumption.")
    return lines


def _equal_line(firm: HangsOn) -> list[str]:
    trial = _first(firm, Assumed.EQUAL_RISKS)
    if trial is None or trial.differing is None or trial.placements is None:
        return []
    floor = "" if _first(firm, Assumed.NO_NEED_FLOOR) is None else ", so that no school were below the need floor"
    return [f"If all risks were equal{floor}, the plan would have {_others(trial)}."]


def _others(trial: Trial) -> str:
    return f"{plural(trial.placements or 0, 'placement')}, {trial.differing:,} of them not in this plan"


def _of(trial: Trial) -> str:
    return f"{trial.differing:,} of {plural(trial.placements or 0, 'placement')}"


def _fifth_line(firm: HangsOn) -> list[str]:
    if firm.in_top_fifth is None:
        return []
    trial = _first(firm, Assumed.EQUAL_RISKS)
    beside = "" if trial is None or trial.in_top_fifth is None else f" ({percent(trial.in_top_fifth)} with equal risks)"
    return [f"{percent(firm.in_top_fifth)} of placements are in the fifth of their phase at highest need{beside}."]


def _floor_line(firm: HangsOn) -> list[str]:
    cost, trial = floor_cost(firm), _first(firm, Assumed.NO_NEED_FLOOR)
    if cost is None or trial is None or not trial.benefit:
        return []
    share = f", {percent(cost / trial.benefit)} of what the plan without it would add" if trial.benefit > 0 else ""
    return [f"The need floor costs {number(cost)} pupil-months{share}, as modelled. It is a value, not a fact."]


def _most_line(firm: HangsOn) -> list[str]:
    """Return which assumption moves the plan most."""
    trials = [trial for trial in firm.trials if trial.parameter is not None and trial.differing is not None]
    if not trials:
        return []
    most = max(trials, key=lambda trial: (trial.differing or 0, trial.parameter or ""))
    if not most.differing:
        return ["No assumption changes the plan when it is moved over its range."]
    return [
        f"The assumption that moves the plan most: {name_of(most)}. At {most.value:g}, the best plan would have "
        f"{_others(most)}; this plan would add {number(most.benefit_of_plan)} pupil-months, the best one "
        f"{number(most.benefit)}."
    ]


def _flags_line(firm: HangsOn) -> list[str]:
    if not firm.flags:
        return []
    counts = {doubt: sum(doubt in flag.doubts for flag in firm.flags) for doubt in Doubt}
    named = "; ".join(f"{count:,} {DOUBTS[doubt]}" for doubt, count in counts.items() if count)
    return [f"{plural(len(firm.flags), 'placement')} to look at first: {named}."]


def name_of(trial: Trial) -> str:
    """Return what a trial changes, as a row of a table."""
    named = {
        Assumed.EQUAL_RISKS: "all risks equal, no need floor",
        Assumed.NO_NEED_FLOOR: "no need floor",
    }
    return named.get(trial.assumed, trial.title or (trial.parameter or "").replace("_", " "))


def trial_rows(record: RunRecord) -> list[Cells]:
    """Return one row per trial for the page, in the order tried; assumptions that change nothing are left out."""
    firm = record.hangs_on
    return [] if firm is None else [_row(trial) for trial in firm.trials if _matters(record, trial)]


def _matters(record: RunRecord, trial: Trial) -> bool:
    """Return whether an assumption changes the plan, or what the plan would add."""
    if trial.parameter is None or not trial.solved or trial.differing or trial.benefit_of_plan is None:
        return True
    return abs(trial.benefit_of_plan - expected_benefit(record)) > LEAST_MONTHS


def _row(trial: Trial) -> Cells:
    return {
        "name": name_of(trial),
        "value": DASH if trial.value is None else f"{trial.value:g}",
        "differing": _of(trial) if trial.solved else "no plan found",
        "benefit_of_plan": number(trial.benefit_of_plan),
        "benefit": number(trial.benefit),
        "in_top_fifth": percent(trial.in_top_fifth),
    }


def doubt_words(record: RunRecord) -> dict[int, str]:
    """Return by chosen pair why it is hard to believe in."""
    firm = record.hangs_on
    return {} if firm is None else {flag.pair: "; ".join(DOUBTS[doubt] for doubt in flag.doubts) for flag in firm.flags}


def flag_rows(record: RunRecord) -> list[Cells]:
    """Return one row per placement that is hard to believe in, in the order of the plan."""
    problem, words = record.problem, doubt_words(record)
    names = record.panel.schools.set_index("urn")["name"]
    return [
        {
            "leader": problem.leader_ids[int(problem.leader[pair])],
            "school": str(names.get(int(problem.urns[problem.post[pair]]), "")),
            "post": problem.post_ids[int(problem.post[pair])],
            "why": why,
        }
        for pair, why in words.items()
    ]
