"""How far the forecast moves the plan: the plan beside the one made with equal risks, at three validities.

For each scenario, and the validity of inspection at its default, at 0 and at 0.6: placements and asks of the plan that
the plan with equal risks (no need floor) lacks; the share of both in the fifth of their phase at highest need; and what
both are worth under the forecast and that validity, beside the best plan without the floor. All benefits are modelled.

Usage: python benchmarks/equal_risks.py [SCENARIO ...]; scenarios of real schools need PILOTAGE_REAL_DATA.
"""

import sys
from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import Resolved, resolve
from pilotage.config.rules.need import NeedThreshold
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.panel import phases_of
from pilotage.placement.analysis.pupils_counted import sharing
from pilotage.study.equal_risks import with_equal_risks

VALIDITIES = ("", "0", "0.6")
SCENARIOS = ("baseline", "england-2014", "england-2019-secondary")
TOP = 0.2
HEADINGS = (
    *(
        "scenario",
        "validity",
        "placements and asks",
        "not in the equal-risk plan",
        "in the top fifth of need",
        "equal risks",
    ),
    *("benefit", "of the equal-risk plan", "best without the floor"),
)


def main(names: list[str]) -> None:
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for name in names:
        case, forecast = None, None
        for validity in VALIDITIES:
            resolved = resolve(name, [f"impact.parameters.inspection_validity={validity}"] if validity else [])
            case = pipeline.gather(resolved)
            forecast = pipeline.foresee(resolved, case) if forecast is None else forecast
            print(f"| {name} | {validity or 'default'} | {' | '.join(_cells(resolved, case, forecast))} |", flush=True)


def _cells(resolved: Resolved, case: Case, forecast: RiskForecast) -> list[str]:
    rules = {key: rule for key, rule in case.scenario.rules.items() if not isinstance(rule, NeedThreshold)}
    free = replace(case, scenario=case.scenario.model_copy(update={"rules": rules}))
    own, best, equal = (
        _pairs(resolved, some, figures)
        for some, figures in (
            (case, forecast),
            (free, forecast),
            (free, with_equal_risks(forecast, case.panel)),
        )
    )
    stated = pipeline.state(free, forecast)
    top = _top_fifth(case, forecast)
    shares = [f"{np.mean([urn in top for urn in _urns(case, pairs)]):.0%}" for pairs in (own, equal)]
    worth = [f"{_benefit(stated, pairs):,.0f}" for pairs in (own, equal, best)]
    return [f"{len(own)}", f"{int((~own.isin(equal)).sum())}", *shares, *worth]


def _pairs(resolved: Resolved, case: Case, forecast: RiskForecast) -> pd.MultiIndex:
    stated = pipeline.state(case, forecast)
    chosen = pipeline.decide(replace(resolved, scenario=case.scenario), stated).plan.chosen
    return _index(stated.impact)[chosen]


def _index(impact: ImpactMatrix) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(impact.pairs[["leader_index", "post_index"]])


def _benefit(stated: pipeline.Stated, pairs: pd.MultiIndex) -> float:
    chosen = np.sort(_index(stated.impact).get_indexer(pairs)).astype(np.int64)
    lost = sharing(stated.impact, stated.problem, chosen)
    return float(stated.impact.pairs["benefit"].to_numpy()[chosen].sum()) - sum(part.lost for part in lost.values())


def _top_fifth(case: Case, forecast: RiskForecast) -> set[int]:
    table = forecast.table
    phase = phases_of(case.panel, table["urn"]).to_numpy(dtype=object)
    rank = table["need"].astype(float).groupby(phase).rank(pct=True, ascending=False, method="min")
    return set(table.loc[rank.le(TOP).to_numpy(), "urn"].tolist())


def _urns(case: Case, pairs: pd.MultiIndex) -> list[int]:
    return case.posts.posts["urn"].iloc[pairs.get_level_values("post_index")].astype(int).tolist()


if __name__ == "__main__":
    main(sys.argv[1:] or list(SCENARIOS))
