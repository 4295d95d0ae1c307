"""What was known of each school on the date of each row: nothing later than the row's own date is ever joined.

A *row* asks one question: what did a forecaster know of school ``urn`` at the end of the day ``at``, when the school
bore the number ``urn_then`` (another one before it was renewed as an academy)?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel

DAYS_PER_MONTH = 30.4375
POOLED_YEARS = 3
CHANGE_YEARS = 2
#: the last academic year of a column's old definition: no change is measured across it
LAST_OF_OLD_DEFINITION = {"persistent_absence_share": 2014, "sen_share": 2014}


def known_by(panel: SchoolPanel, as_of: date) -> SchoolPanel:
    """Return the panel as it was known at the end of the day ``as_of``."""
    tables = {
        name: getattr(panel, name).loc[getattr(panel, name)["known_on"] <= pd.Timestamp(as_of)]
        for name in ("inspections", "school_years", "results")
    }
    snapshots = tuple(sorted(day for day in panel.snapshots if day <= as_of))
    return replace(panel, as_of=as_of, snapshots=snapshots, **tables)


def rows_now(panel: SchoolPanel, urns: NDArray[np.int64]) -> pd.DataFrame:
    """Return one row per school, as of the panel's date."""
    return pd.DataFrame({"urn": urns, "urn_then": urns, "at": pd.Timestamp(panel.as_of)})


@dataclass(frozen=True)
class View:
    """The rows, and what each could know; every column returned is indexed as ``rows`` is, missing where unknown."""

    panel: SchoolPanel
    rows: pd.DataFrame

    def school(self, column: str) -> pd.Series:
        """Return a column of the schools' own table."""
        return self.rows["urn"].map(self.panel.schools.set_index("urn")[column])

    @cached_property
    def as_present(self) -> pd.Series:
        """Return whether the school already bore its present number."""
        return self.rows["urn"] == self.rows["urn_then"]

    @cached_property
    def history(self) -> pd.DataFrame:
        """Return the inspections with a leadership grade that each row knew, newest first numbered 0 (``back``)."""
        graded = self.panel.inspections.dropna(subset=["leadership_grade"])
        known = self._joined(graded).sort_values(["row", "inspected_on"], kind="stable")
        return known.assign(back=known.groupby("row").cumcount(ascending=False))

    @cached_property
    def last(self) -> pd.DataFrame:
        """Return the newest inspection with a leadership grade, predecessors' included, one line per row."""
        return self._back(0)

    @cached_property
    def before(self) -> pd.DataFrame:
        """Return the inspection before the last, one line per row."""
        return self._back(1)

    @cached_property
    def current_grade(self) -> pd.Series:
        """Return the leadership grade in force; a sponsor-led academy does not take over its predecessor's."""
        own = self.last["urn_at_time"] == self.rows["urn_then"]
        inherits = ~self.school("sponsor_led").fillna(False).astype(bool)
        return self.last["leadership_grade"].astype(float).where(own | inherits)

    @cached_property
    def months_since_inspection(self) -> pd.Series:
        """Return the months since the last inspection with a leadership grade."""
        return (self.rows["at"] - self.last["inspected_on"]).dt.days / DAYS_PER_MONTH

    def latest(self, column: str) -> pd.Series:
        """Return the newest known value of a yearly column."""
        return self._newest(column)[column].reindex(self.rows.index)

    def change(self, column: str) -> pd.Series:
        """Return the newest known value less that of two years before, missing across a change of definition."""
        now = self._newest(column)
        then = pd.MultiIndex.from_arrays([now.index, now["year"] - CHANGE_YEARS])
        was = self._yearly.set_index(["row", "year"])[column].reindex(then).to_numpy()
        last_old = LAST_OF_OLD_DEFINITION.get(column, 0)
        across = (now["year"] > last_old) & (now["year"] - CHANGE_YEARS <= last_old)
        return (now[column] - was).mask(across).reindex(self.rows.index)

    def pooled(self, group: str) -> pd.Series:
        """Return the progress of a pupil group over its three newest years, weighted by pupils."""
        results = self.panel.results
        wanted = results[(results["pupil_group"] == group) & results["progress_sd"].notna() & (results["pupils"] > 0)]
        known = self._joined(wanted)
        known = known[known["year"] > known.groupby("row")["year"].transform("max") - POOLED_YEARS]
        sums = known.assign(total=known["progress_sd"] * known["pupils"]).groupby("row")[["total", "pupils"]].sum()
        return (sums["total"] / sums["pupils"]).reindex(self.rows.index)

    @cached_property
    def newest_value_on(self) -> pd.Series:
        """Return the date of the newest thing known: last inspection held, or yearly table or results published."""
        tables = (self._yearly, self._joined(self.panel.results))
        dates = [self.last["inspected_on"], *(table.groupby("row")["known_on"].max() for table in tables)]
        return pd.concat([day.reindex(self.rows.index) for day in dates], axis=1).max(axis=1)

    @cached_property
    def _yearly(self) -> pd.DataFrame:
        return self._joined(self.panel.school_years).sort_values(["row", "year"], kind="stable")

    def _newest(self, column: str) -> pd.DataFrame:
        published = self._yearly.dropna(subset=[column])
        return published.drop_duplicates("row", keep="last").set_index("row")[["year", column]]

    def _back(self, steps: int) -> pd.DataFrame:
        found = self.history[self.history["back"] == steps].set_index("row")
        return found.reindex(self.rows.index)

    def _joined(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the lines of a dated table that each row knew, with the row's number in ``row``."""
        keys = self.rows[["urn", "at"]].assign(row=self.rows.index)
        joined = keys.merge(table, on="urn")
        return joined[joined["known_on"] <= joined["at"]]
