"""Features of a school as of a date, as a spec declares them, from what was known by then and nothing later.

Each row asks for a school (``urn``) on a day (``on``); every value in it was known by then: ``known_on`` <= ``on``.
A value that is not known is null: the estimator has a bin of its own for it, unless the spec names another imputation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features import inspections as past
from pilotage.risk.features import neighbours, yearly
from pilotage.risk.features.declared import Declares, Feature
from pilotage.risk.features.yearly import Asked, Yearly

Floats = NDArray[np.float64]
STANDING = ("leadership_grade", "overall_grade", "months_since_inspection", "last_inspected_on")


@dataclass
class Tables:
    """The panel laid out for asking: what several features share is made once."""

    panel: SchoolPanel
    made: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gives, made at the first call."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]

    def yearly(self, feature: Feature) -> Yearly:
        """Return the yearly table of a feature: of results, that of its pupil group."""
        if feature.table == "school_years":
            return self.school_years()
        results: Yearly = self.once(
            ("results", feature.pupil_group),
            lambda: yearly.yearly(_results(self.panel.results, feature.pupil_group)),
        )
        return results

    def school_years(self) -> Yearly:
        """Return the layout of school years."""
        years: Yearly = self.once("school_years", lambda: yearly.yearly(self.panel.school_years))
        return years

    def history(self) -> past.History:
        """Return the layout of inspections."""
        inspections: past.History = self.once("history", lambda: past.history(self.panel.inspections))
        return inspections


def _results(results: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return published progress of a pupil group by urn and year, key stages pooled by pupils."""
    part = results[(results["pupil_group"] == group) & results["progress_sd"].notna()]
    sums = part.assign(total=part["progress_sd"] * part["pupils"]).groupby(["urn", "year"], as_index=False)
    pooled = sums.agg({"known_on": "max", "pupils": "sum", "total": "sum"})
    return pooled.assign(progress_sd=(pooled["total"] / pooled["pupils"]).where(pooled["pupils"] > 0))


def features(panel: SchoolPanel, rows: pd.DataFrame, spec: Declares) -> pd.DataFrame:
    """Return every feature that the spec declares, as of each row's day.

    Parameters
    ----------
    rows
        Columns ``urn`` and ``on``; one row per school and day asked for. ``inspected_on`` is the later inspection of a
        labelled pair: only the time between inspections is counted to it.

    Returns
    -------
    pd.DataFrame
        ``urn``, ``on``, those of ``STANDING`` and one column per feature, in the rows' order and index.
    """
    tables = Tables(panel)
    asked = _asked(rows)
    columns = {name: _column(tables, asked, feature) for name, feature in spec.features.items()}
    base = standing_of(panel, rows, tables)
    return base.assign(**{name: pd.Series(values, index=rows.index) for name, values in columns.items()})


def standing_of(panel: SchoolPanel, rows: pd.DataFrame, tables: Tables | None = None) -> pd.DataFrame:
    """Return ``urn``, ``on``, and the grade and time of the last leadership grade known on each row's day."""
    known = past.as_known((tables or Tables(panel)).history(), _asked(rows))
    return rows[["urn", "on"]].assign(
        leadership_grade=past.last(known, "leadership_grade"),
        overall_grade=past.last(known, "overall_grade"),
        months_since_inspection=past.months_since(known),
        last_inspected_on=past.last_inspected_on(known),
    )


def _asked(rows: pd.DataFrame) -> Asked:
    until = rows["inspected_on"].to_numpy(dtype="datetime64[ns]") if "inspected_on" in rows else None
    return Asked(rows["urn"].to_numpy(dtype=np.int64), rows["on"].to_numpy(dtype="datetime64[ns]"), until)


def _column(tables: Tables, asked: Asked, feature: Feature) -> NDArray[Any]:
    """Return one feature: of several columns, the first that is known for the school, then imputed as declared."""
    columns = [_transformed(tables, asked, feature, name) for name in feature.fields]
    if feature.kind == "nominal":
        return columns[0]
    values: Floats = columns[0]
    for column in columns[1:]:
        values = np.where(np.isfinite(values), values, column)
    if feature.against == "phase":
        values = values - _of_phase(tables, asked, feature)
    return _imputed(tables, asked, feature, values)


def _of_phase(tables: Tables, asked: Asked, feature: Feature) -> Floats:
    """Return the mean of the feature over all schools of each row's phase, as known on the row's day.

    A bad winter moves every school's absence: the model of one year must not read it as news of a school in another.
    """
    phase = tables.panel.schools.set_index("urn")["phase"]
    plain = feature.model_copy(update={"against": None, "missing": "bin"})
    mean = np.full(len(asked.urn), np.nan)
    days = neighbours.few_days(asked.day)
    for day in np.unique(days):
        rows = np.flatnonzero(days == day)
        all_schools = Asked(phase.index.to_numpy(dtype=np.int64), np.repeat(day, len(phase)))
        means = pd.Series(_column(tables, all_schools, plain)).groupby(phase.to_numpy(dtype=object)).mean()
        mean[rows] = phase.reindex(asked.urn[rows]).map(means).to_numpy(dtype=np.float64)
    return mean


def _transformed(tables: Tables, asked: Asked, feature: Feature, name: str) -> NDArray[Any]:
    if feature.transformation in ("others_below_good", "others_fell"):
        fell = feature.transformation == "others_fell"
        return neighbours.share_among_rest(tables.history(), tables.panel.schools, asked, str(feature.group), fell=fell)
    if feature.table == "schools":
        return _of_school(tables, asked, feature, name)
    if feature.transformation == "neighbour_mean":
        key = ("nearest", feature.nearest)
        near = tables.once(key, lambda: neighbours.nearest_by_place(tables.panel.schools, int(feature.nearest or 1)))
        around, there = neighbours.neighbours_of(near, asked)
        return neighbours.mean_of(_last(tables, around, feature, name), there)
    if feature.transformation == "deviation_from_similar":
        around, there = _similar(tables, asked, int(feature.nearest or 1))
        return _last(tables, asked, feature, name) - neighbours.mean_of(_last(tables, around, feature, name), there)
    return (
        _of_inspections(tables, asked, feature, name)
        if feature.table == "inspections"
        else _of_years(tables, asked, feature, name)
    )


def _similar(tables: Tables, asked: Asked, count: int) -> tuple[Asked, NDArray[np.bool_]]:
    similar: tuple[Asked, NDArray[np.bool_]] = tables.once(
        ("similar", count, asked.urn.tobytes(), asked.day.tobytes()),
        lambda: neighbours.similar_to(tables.school_years(), tables.panel.schools, asked, count),
    )
    return similar


def _of_school(tables: Tables, asked: Asked, feature: Feature, name: str) -> NDArray[Any]:
    schools = tables.panel.schools
    if feature.transformation == "km_to_nearest":
        near = neighbours.nearest_by_place(schools, int(feature.nearest or 1))
        km = np.append(near.km[:, -1], np.nan)
        return np.asarray(km[yearly.places(near.urns, asked.urn)])
    values = schools.set_index("urn")[name].reindex(asked.urn)
    if feature.transformation == "since_opening":
        opened = schools.set_index("urn")["opened_on"].reindex(asked.urn).to_numpy(dtype="datetime64[ns]")
        values = values.where(opened <= asked.day)
    if feature.kind == "nominal":
        return values.astype(object).where(values.notna(), None).to_numpy()
    return values.to_numpy(dtype=np.float64)


def _last(tables: Tables, asked: Asked, feature: Feature, name: str) -> Floats:
    if feature.table == "inspections":
        return past.last(past.as_known(tables.history(), asked), name)
    return yearly.last(tables.yearly(feature).as_known(name, asked))


def _of_inspections(tables: Tables, asked: Asked, feature: Feature, name: str) -> Floats:
    known: past.Known = tables.once(
        ("known", asked.urn.tobytes(), asked.day.tobytes()), lambda: past.as_known(tables.history(), asked)
    )
    made: dict[str, Callable[[], Floats]] = {
        "last": lambda: past.last(known, name),
        "before": lambda: past.before(known, name),
        "worst": lambda: past.worst(known, name),
        "less": lambda: past.last(known, name) - past.last(known, str(feature.other)),
        "months_since": lambda: past.months_since(known),
        "months_between": lambda: past.months_since(known, asked.until),
        "months_since_below_good": lambda: past.months_since_below_good(known, name),
        "known_count": lambda: past.known_count(known, name),
    }
    return made[feature.transformation]()


def _of_years(tables: Tables, asked: Asked, feature: Feature, name: str) -> Floats:
    table, years = tables.yearly(feature), feature.years or 1
    values = table.as_known(name, asked)
    weight = table.as_known("pupils", asked) if feature.table == "results" else None
    made: dict[str, Callable[[], Floats]] = {
        "last": lambda: yearly.last(values),
        "years_old": lambda: yearly.years_old(values, table.years, asked.day),
        "lag": lambda: yearly.lag(values, years),
        "change": lambda: yearly.change(values, years),
        "trend": lambda: yearly.trend(values, years),
        "pooled_mean": lambda: yearly.pooled_mean(values, years, weight),
        "ratio": lambda: yearly.ratio(values, table.as_known(str(feature.other), asked)),
        "known_count": lambda: np.isfinite(values).sum(axis=1).astype(np.float64),
    }
    return made[feature.transformation]()


def _imputed(tables: Tables, asked: Asked, feature: Feature, values: Floats) -> Floats:
    """Return the values with unknown ones as declared: left null, or the median of the phase or of all rows asked."""
    if feature.missing == "bin":
        return values
    column = pd.Series(values)
    if feature.missing == "median_of_phase":
        phase = tables.panel.schools.set_index("urn")["phase"].reindex(asked.urn).to_numpy(dtype=object)
        column = column.fillna(column.groupby(phase).transform("median"))
    return np.asarray(column.fillna(column.median()), dtype=np.float64)


def known_grades(inspections: pd.DataFrame) -> pd.DataFrame:
    """Return inspections with a leadership grade in the order in which they became known, none older than one known."""
    graded = inspections[inspections["leadership_grade"].notna()].sort_values(["urn", "known_on", "inspected_on"])
    latest = graded.groupby("urn")["inspected_on"].cummax()
    return graded[graded["inspected_on"] == latest].reset_index(drop=True)
