"""Earlier pairs: schools as they were before the first snapshot, seen on a panel made for these training rows alone.

The first snapshot shows each school's latest inspection and the overall grade before it, of years in which no list of
leadership grades was published. Two assumptions make rows of them: an inspection was published so many days after the
visit, and a leadership grade (or one of its like) that was never published was as the overall grade. No forecast, test
or label of another row is made on this panel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.risk.estimators.boosting import earlier_pairs_weight, varying
from pilotage.risk.estimators.rows import LabelledRows
from pilotage.risk.features.compute import features
from pilotage.risk.features.inspections import GRADES
from pilotage.risk.leadership.labels import earlier_pairs
from pilotage.risk.spec.leadership import LeadershipSpec

FeatureMaker = Callable[[SchoolPanel, pd.DataFrame, LeadershipSpec], pd.DataFrame]


def earlier_pair_rows(
    panel: SchoolPanel, spec: LeadershipSpec, by: pd.Timestamp, make: FeatureMaker = features
) -> LabelledRows | None:
    """Return the earlier pairs of a spec's population known by a day, with their features and labels.

    None where the spec asks for none, or where they are too few to train on (as for pairs of leadership grades).

    Parameters
    ----------
    make
        Makes features, or takes them from a store.
    """
    if spec.earlier_pairs is None or earlier_pairs_weight(spec) == 0:
        return None
    pairs = earlier_pairs(panel, spec.earlier_pairs, by)
    pairs = pairs[(pairs["before"] >= BELOW_GOOD) == (spec.population == "below_good")].reset_index(drop=True)
    label = (pairs["after"] >= BELOW_GOOD).to_numpy().astype(np.int64)
    if len(pairs) < spec.smallest_training or np.bincount(label, minlength=2).min() < spec.calibration.folds * 5:
        return None
    frame = make(panel_before(panel, spec.earlier_pairs.published_after_days), pairs, spec)
    rows = LabelledRows(frame, label, pairs["urn"].to_numpy(dtype=float))
    return rows if varying(tuple(spec.features), frame) else None


def panel_before(panel: SchoolPanel, published_after_days: int) -> SchoolPanel:
    """Return the panel as it may have been known before its first snapshot, under both assumptions.

    What the first snapshot shows counts as known so many days after the visit, and with the snapshot at the latest.
    """
    inspections, first = panel.inspections, pd.Timestamp(min(panel.snapshots))
    shown = inspections["known_on"] == first
    published = inspections["inspected_on"] + pd.to_timedelta(published_after_days, unit="D")
    known = inspections["known_on"].where(~shown, published.where(published < first, first))
    filled = {name: inspections[name].fillna(inspections["overall_grade"]) for name in GRADES}
    return replace(panel, inspections=inspections.assign(known_on=known, **filled))
