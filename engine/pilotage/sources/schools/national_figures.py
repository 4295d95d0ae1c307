"""What the files at hand come to nationally, beside the national figures that were published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.sources.schools.yearly import national_mean


def national_notes(years: pd.DataFrame, as_of: date) -> tuple[str, ...]:
    """Return a sentence on the national means known by the day that differ from published ones; none where all agree.

    Parameters
    ----------
    years
        Yearly figures of schools with ``urn``, ``year`` and ``known_on``, by their canonical names.
    """
    parts = list(_differences(years[years["known_on"] <= pd.Timestamp(as_of)]))
    if not parts:
        return ()
    why = "some files lack special schools, and schools that have closed since"
    return (f"The files come to other national figures than those published ({why}): {'; '.join(parts)}.",)


def _differences(years: pd.DataFrame) -> Iterator[str]:
    published = _published()
    for figure in published["figures"]:
        mean = national_mean(years[years["year"] == figure["year"]], figure["measure"], figure["pupil_group"])
        if mean is not None and abs(mean - figure["mean"]) > published["difference_told"]:
            whose = f"{figure['label']} of {figure['pupil_group']} pupils in {figure['year']}"
            yield f"{whose} {mean:+.2f}, published {figure['mean']:+.2f}"


@cache
def _published() -> dict[str, Any]:
    text = (assets.reference() / "national_figures.yaml").read_text(encoding="utf-8")
    known: dict[str, Any] = YAML(typ="safe").load(text)
    return known
