"""The files of Ofsted's lists -> snapshots, each with the day as at which it speaks."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotage.errors import DataError, Problem
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.inventory import OFSTED, Files
from pilotage.sources.files.read import Canonical, Recognised
from pilotage.sources.schools.lists.contradictions import expect_agreement
from pilotage.sources.schools.snapshots import Snapshot


def read_lists(files: Files, as_of: date) -> list[Snapshot]:
    """Return Ofsted's lists, the earliest first; of those with publication dates, none of later than ``as_of``.

    Raises
    ------
    DataError
        When there is no list, ``as_of`` is before the first of them, one states no day, or two contradict each other.
    """
    workbooks = files.named(*OFSTED)
    if not workbooks:
        what = "no list of Ofsted's with leadership grades in it"
        allowed = f"at least one: {'; '.join(column_maps()[name].label for name in OFSTED)}"
        raise files.missing(what, allowed, "download Ofsted's management information of state-funded schools")
    every = sorted((_snapshot(file, files) for file in workbooks), key=lambda snapshot: snapshot.dated)
    snapshots = [
        shot for shot in every if not shot.publishes or shot.dated <= as_of
    ]  # a later list holds survivors only
    if not snapshots:
        snapshots = every
    if snapshots[0].dated > as_of:
        what = f"as_of = {as_of}, before any data"
        raise DataError(Problem("as_of", what, f"{snapshots[0].dated} or later", "choose a later date"))
    expect_agreement(snapshots)
    return snapshots


def _snapshot(file: Recognised, files: Files) -> Snapshot:
    content = files.read(file)
    if file.source != "ofsted_mi":
        return Snapshot(_latest_publication(file, content), content.table, file.path)
    if content.dated is None:
        what = "its sheets Dates and Cover state no day"
        raise DataError(Problem(str(file.path), what, "an 'End date' or 'As at Date'", "download it again"))
    return Snapshot(content.dated, content.table, file.path)


def _latest_publication(file: Recognised, content: Canonical) -> date:
    """Return the day as at which a list speaks that states none: that of the latest publication in it."""
    days = [content.table[name].max() for name in ("published_on", "previous_published_on") if name in content.table]
    known = [day for day in days if pd.notna(day)]
    if not known:
        what = "no inspection in it has a publication date"
        raise DataError(Problem(str(file.path), what, "days such as 31/08/2016", "download it again"))
    return pd.Timestamp(max(known)).date()
