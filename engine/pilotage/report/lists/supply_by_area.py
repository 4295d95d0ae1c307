"""Supply against need by area: where the schools of highest need are, and where the plan's placements go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.area_lists import area_list
from pilotage.report.columns import DECISION, FACT, FORECAST, MODELLED, Column
from pilotage.report.lists.ranked_schools import served_urns
from pilotage.report.words import DASH, percent

Kind = Literal["england", "region", "area"]
KIND_WORDS: dict[Kind, str] = {"england": "all schools in scope", "region": "region", "area": "area of the list"}
ENGLAND = "England"
NOT_COVERED = "not covered"
NOTE = (
    "A school may lie in a region and in an area of the list, so rows do not add up. Shares are of all schools "
    "in scope: where the share of placements is below that of the schools of highest need, the plan sends fewer than "
    "an even spread by need would. 'Not covered' means that the data has no school there; a dash means not known."
)


@dataclass(frozen=True)
class AreaSupply:
    """What an area has of the schools of highest need, and what the plan does there; None where not known.

    Attributes
    ----------
    kind, name
        ``england`` (every school in scope), a region, or an area of ``data.area_list``.
    covered
        Whether the data has any school there; where it has none, all figures are None.
    schools
        Schools in scope.
    top, worry
        Those surely in the top tenth of their phase by need, and those that are in it or can't be told apart from it;
        None where no school there has a band.
    without_band
        Schools in scope whose band is not known.
    top_share, placement_share
        Share of all schools in the top tenth, and of all placements, support and asks; None where there are none.
    placements, supported, asks
        Leaders placed, leaders in post supported, and posts that the plan asks about; ``placement_share`` counts all
        three.
    pupils_reached, pupils_expected
        Disadvantaged pupils at the schools served, those of a school once; whole. Expected: by the chance that each
        placement, support or ask comes true, of a school with several the likeliest one.
    """

    kind: Kind
    name: str
    covered: bool
    schools: int | None = None
    top: int | None = None
    without_band: int | None = None
    top_share: float | None = None
    placements: int | None = None
    supported: int | None = None
    placement_share: float | None = None
    pupils_reached: int | None = None
    asks: int | None = None
    worry: int | None = None
    pupils_expected: int | None = None


SUPPLY = (
    Column(
        "name", "Region or area", FACT, "text", 30, "Region, or area of data.area_list; first all schools in scope."
    ),
    Column(
        "kind", "Kind", FACT, "text", 20, "What the row is: all schools in scope, a region, or an area of the list."
    ),
    Column("covered", "Covered", FACT, "text", 13, "yes, or not covered: the data has no school there."),
    Column("schools", "Schools in scope", FACT, "integer", 10, "Schools in scope that lie there."),
    Column(
        "top", "In the top tenth", FORECAST, "integer", 10, "Schools surely in the top tenth of their phase by need."
    ),
    Column(
        *("worry", "To worry about", FORECAST, "integer", 10),
        "Schools in the top tenth of their phase by need, or that can't be told apart from it.",
    ),
    Column("without_band", "Band not known", FORECAST, "integer", 10, "Schools in scope without a band by need."),
    Column("top_share", "Share of the top tenth", FORECAST, "share", 10, "Share of all schools in the top tenth."),
    Column("placements", "Placements", DECISION, "integer", 11, "Leaders whom the plan places there."),
    Column("supported", "Supported", DECISION, "integer", 11, "Leaders in post whom the plan supports there."),
    Column("asks", "Asks", DECISION, "integer", 8, "Posts that may come open there and that the plan asks about."),
    Column("placement_share", "Share of the plan", DECISION, "share", 10, "Share of placements, support and asks."),
    Column(
        *("pupils_reached", "Disadvantaged pupils reached", MODELLED, "integer", 13),
        "Disadvantaged pupils reached at the schools that the plan serves there; those of a school are counted once.",
    ),
    Column(
        *("pupils_expected", "Disadvantaged pupils expected", MODELLED, "integer", 13),
        "Those reached, by the chance that a placement or an ask comes true; of a school with several, the likeliest.",
    ),
)


def supply_by_area(record: RunRecord, bands: pd.Series) -> tuple[AreaSupply, ...]:
    """Return all schools in scope, then each region, then each area of ``data.area_list``, by name.

    Parameters
    ----------
    bands
        The band of each school in scope by URN, null where not known.
    """
    schools = _counted(record, bands)
    whole = _supply("england", ENGLAND, schools, schools)
    return whole, *(_supply(kind, name, part, schools) for kind, name, part in _parts(record, schools))


def _counted(record: RunRecord, bands: pd.Series) -> pd.DataFrame:
    """Return each school of the panel by URN: whether in scope, its band, and what the plan does there."""
    frame = record.panel.schools.set_index("urn")[["region", "area"]]
    served = {name: pd.Series(served_urns(record, name)).value_counts() for name in ("place", "support", "ask")}
    urns = record.problem.urns[record.problem.post[record.plan.chosen]]
    chosen = record.impact.pairs.iloc[record.plan.chosen]
    chance = chosen["chance"] if "chance" in chosen else chosen["acceptance"]
    pupils, expected = ((chosen["pupils"] * part).groupby(urns).max() for part in (1, chance))
    return frame.assign(
        inside=frame.index.isin(record.urns),
        band=bands.reindex(frame.index),
        placed=served["place"].reindex(frame.index).fillna(0).astype(int),
        supported=served["support"].reindex(frame.index).fillna(0).astype(int),
        asked=served["ask"].reindex(frame.index).fillna(0).astype(int),
        pupils=pupils.reindex(frame.index).fillna(0.0),
        expected=expected.reindex(frame.index).fillna(0.0),
    )


def _parts(record: RunRecord, schools: pd.DataFrame) -> Iterator[tuple[Kind, str, pd.DataFrame]]:
    """Yield each region and each area of the list with its schools, by name."""
    for region in sorted(schools["region"].dropna().unique()):
        yield "region", str(region), schools[schools["region"] == region]
    for area in sorted({*area_list(record.scenario.data.area_list), *schools["area"].dropna()}):
        yield "area", area, schools[schools["area"] == area]


def _supply(kind: Kind, name: str, part: pd.DataFrame, every: pd.DataFrame) -> AreaSupply:
    """Return the figures of some schools beside those of all."""
    if part.empty:
        return AreaSupply(kind, name, covered=False)
    inside, all_inside = part[part["inside"]], every[every["inside"]]
    known = bool(inside["band"].notna().any())
    top = int((inside["band"] == "top").sum())
    served, all_served = (int(frame[["placed", "supported", "asked"]].sum().sum()) for frame in (part, every))
    return AreaSupply(
        kind=kind,
        name=name,
        covered=True,
        schools=len(inside),
        top=top if known else None,
        worry=top + int((inside["band"] == "tie").sum()) if known else None,
        without_band=int(inside["band"].isna().sum()),
        top_share=_share(top, int((all_inside["band"] == "top").sum())) if known else None,
        placements=int(part["placed"].sum()),
        supported=int(part["supported"].sum()),
        placement_share=_share(served, all_served),
        pupils_reached=round(float(part["pupils"].sum())),
        asks=int(part["asked"].sum()),
        pupils_expected=round(float(part["expected"].sum())),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def supply_table(supplies: tuple[AreaSupply, ...]) -> pd.DataFrame:
    """Return the rows as a table with the columns of ``SUPPLY``."""
    rows = [vars(each) | {"kind": KIND_WORDS[each.kind], "covered": _covered(each)} for each in supplies]
    return pd.DataFrame(rows, columns=[column.name for column in SUPPLY]).astype(object).replace({np.nan: None})


def supply_rows(supplies: tuple[AreaSupply, ...]) -> list[dict[str, str]]:
    """Return the rows in words; where the data has no school, each figure reads ``not covered``."""
    return [_row(each) for each in supplies]


def _row(each: AreaSupply) -> dict[str, str]:
    counts = ("schools", "top", "worry", "placements", "supported", "asks", "pupils_reached", "pupils_expected")
    cells = {name: DASH if (value := getattr(each, name)) is None else f"{value:,}" for name in counts}
    cells |= {name: percent(getattr(each, name)) for name in ("top_share", "placement_share")}
    said = cells if each.covered else dict.fromkeys(cells, NOT_COVERED)
    unknown = f"{each.without_band:,} without a band" if each.without_band else ""
    return {"name": each.name, "kind": KIND_WORDS[each.kind], "band_note": unknown} | said


def _covered(each: AreaSupply) -> str:
    return "yes" if each.covered else NOT_COVERED
