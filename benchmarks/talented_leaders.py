"""The Talented Leaders programme again: which chance of a yes places 32 of 100 heads, and how many stay then.

The programme promised 100 heads, placed 32, and 21 stayed three years (Schools Week). `configs/talented-leaders.yaml`
states it on the synthetic England. One parameter is free: `acceptance_consent_unknown`, the chance of a yes where
nobody has asked. It is found by bisection, so that simulated asking in order places 32 in the mean; every step plans
again. What stays then follows from the measured three-year stay and is not fitted. The other lines vary what the
evidence does not say: how many schools are asked for each head, and how likely a post comes open.

Usage: python benchmarks/talented_leaders.py
"""

from collections.abc import Callable
from dataclasses import dataclass

from pilotage import pipeline
from pilotage.config.overlay import resolve
from pilotage.domain.findings.asking import Answers
from pilotage.domain.forecast import RiskForecast
from pilotage.placement.analysis.asking import asking
from pilotage.placement.analysis.reserves import reserve_pairs

SCENARIO = "talented-leaders"
FREE = "impact.parameters.acceptance_consent_unknown"
PROMISED, PLACED, STAYED = 100, 32, 21
NEAR = 0.05  # placements
MOST_STEPS = 20
YEARLY = "pool.prospects.chance_open=null"
CASES = {
    "as the scenario": [],
    "2 schools for each head": ["pool.prospects.asks_per_leader=2"],
    "5 schools for each head": ["pool.prospects.asks_per_leader=5"],
    "5 schools, chances of one year": ["pool.prospects.asks_per_leader=5", YEARLY],
    "10 schools, chances of one year": ["pool.prospects.asks_per_leader=10", YEARLY],
    "all schools, not the third of highest need": ["rules.need-floor=null"],
}


@dataclass(frozen=True)
class Fit:
    """A chance of a yes, and what asking in order comes to with it."""

    value: float
    answers: Answers


def main() -> None:
    base = resolve(SCENARIO)
    forecast = pipeline.foresee(base, pipeline.gather(base))
    print("| case | chance of a yes | placed | after 1 year | after 2 years | after 3 years |")
    print("|---|---|---|---|---|---|")
    print(f"| report, of {PROMISED} promised | - | {PLACED} | - | - | {STAYED} |", flush=True)
    for name, settings in CASES.items():
        print(_line(name, fitted(answers_of(settings, forecast))), flush=True)
    print(_line("not fitted (0.4)", Fit(0.4, answers_of([], forecast)(0.4))))


def answers_of(settings: list[str], forecast: RiskForecast) -> Callable[[float], Answers]:
    """Return how the answers depend on the chance of a yes, everything planned again."""

    def of(value: float) -> Answers:
        resolved = resolve(SCENARIO, [*settings, f"{FREE}={value}"])
        stated = pipeline.state(pipeline.gather(resolved), forecast)
        decided = pipeline.decide(resolved, stated)
        reserves = reserve_pairs(decided.problem, decided.plan)
        seed = resolved.scenario.solver.seed
        made = asking(decided.problem, decided.plan, stated.impact, reserves, seed).answers
        if made is None:
            raise SystemExit(f"nobody to ask with {settings}, {FREE} = {value}")
        return made

    return of


def fitted(of: Callable[[float], Answers]) -> Fit:
    """Return the chance of a yes at which 32 are placed in the mean, or 1 where even that places fewer."""
    low, high = 0.0, 1.0
    best = Fit(high, of(high))
    for _ in range(MOST_STEPS):
        if abs(best.answers.placed.mean - PLACED) <= NEAR or (best.value == 1 and best.answers.placed.mean < PLACED):
            return best
        middle = round((low + high) / 2, 4)
        best = Fit(middle, of(middle))
        low, high = (middle, high) if best.answers.placed.mean < PLACED else (low, middle)
    return best


def _line(name: str, fit: Fit) -> str:
    spreads = (fit.answers.placed, *fit.answers.in_post)
    figures = (f"{each.mean:.1f} ({each.low:.0f} to {each.high:.0f})" for each in spreads)
    return f"| {name} | {fit.value:.3f} | {' | '.join(figures)} |"


if __name__ == "__main__":
    main()
