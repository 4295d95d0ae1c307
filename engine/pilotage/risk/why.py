"""Why each school is at risk: the line of reasons by school, from its forecast of leadership and of the gap."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features.declared import Feature
from pilotage.risk.gap.words import gap_parts
from pilotage.risk.leadership.forecast import LeadershipForecast
from pilotage.risk.reasons import LEAST_RISK, middle_value, of_proxy, one_line, reasons
from pilotage.risk.similar import Peers, Usual, peers_of, usual
from pilotage.risk.spec.leadership import LeadershipSpec

Leadership = Mapping[str, tuple[LeadershipForecast, LeadershipSpec]]  # by outcome: its forecast and its spec
GRADE = ("inspections.leadership_grade",)


def why_at_risk(panel: SchoolPanel, table: pd.DataFrame, leadership: Leadership) -> list[str]:
    """Return a line by row of a forecast's table; empty where no reason can be given.

    Leadership is spoken of where the chance that it is below good is at least 5%, the gap where the chance that it is
    wide is.

    Parameters
    ----------
    table
        With ``urn``, ``p_below_good``, ``gap_months`` and ``p_gap_wide``; null = not known.
    leadership
        Of each outcome, the forecast of the rows of the table.
    """
    peers = peers_of(panel, table["urn"].to_numpy(dtype=np.int64))
    of_leadership = _leadership_parts(leadership, peers, len(table))
    of_gap = gap_parts(table.set_index("urn")["gap_months"], peers)
    below_good, wide = (table[name].to_numpy(dtype=float) >= LEAST_RISK for name in ("p_below_good", "p_gap_wide"))
    return [
        one_line(
            [of_proxy(part, panel.grade_proxy) for part in parts] if below_good[row] else (),
            gap if wide[row] else "",
        )
        for row, (parts, gap) in enumerate(zip(of_leadership, of_gap, strict=True))
    ]


def _leadership_parts(leadership: Leadership, peers: Peers, size: int) -> list[tuple[str, ...]]:
    parts: list[tuple[str, ...]] = [()] * size
    for forecast, spec in leadership.values():
        rows = np.flatnonzero(forecast.rows).tolist()
        if not rows:
            continue
        frame = forecast.frame
        among = {
            name: _usual_of_all(leadership, name, feature, peers, frame["urn"])
            for name, feature in spec.features.items()
            if feature.risk_rises_with != "none"
        }
        for row, said in zip(rows, reasons(frame, spec.features, _weights(forecast, spec), among), strict=True):
            parts[row] = said
    return parts


def _weights(forecast: LeadershipForecast, spec: LeadershipSpec) -> NDArray[np.float64]:
    """Return how much each feature adds to the chance of being below good, as the logit has it.

    Of schools that are below good, half of that chance is the grade itself, which so outweighs every other feature.
    """
    if spec.population != "below_good":
        return forecast.contributions
    own = [feature.column == GRADE and feature.transformation == "last" for feature in spec.features.values()]
    return np.where(own & np.isfinite(forecast.contributions), np.inf, forecast.contributions)


def _usual_of_all(leadership: Leadership, name: str, feature: Feature, peers: Peers, urns: pd.Series) -> Usual:
    """Return what is usual of a feature among all schools forecast, of whatever grade, for the schools asked."""
    frames = [
        forecast.frame.set_index("urn")[name]
        for forecast, spec in leadership.values()
        if forecast.rows.any() and spec.features.get(name) == feature
    ]
    values = pd.concat(frames)
    among = usual(values, peers, middle_value(feature))
    place = values.index.get_indexer(pd.Index(urns))
    return Usual(among.middle[place], among.shared[place], among.similar[place])
