"""Where each school is, and from which source: GIAS extract, coordinates of 2025, or the centroid of its outcode."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from pyproj import Transformer

from pilotage.sources.schools.lineage import reached
from pilotage.sources.schools.yearly import sources

WGS84, OSGB36 = 4326, 27700
SOURCES = {"gias": "the GIAS extract", "coords_2025": "the 2025 coordinates", "outcode": "their outcode's centroid"}
MOST_NAMED = 20  # schools without a place that a note names
WITH_PLACES = "gias_extract"  # the file with the places of all schools


def osgb36(latitude: pd.Series, longitude: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return eastings and northings in metres of WGS84 degrees (through pyproj, some metres exact)."""
    transformer = Transformer.from_crs(WGS84, OSGB36, always_xy=True)
    east, north = transformer.transform(longitude.to_numpy(float), latitude.to_numpy(float))
    return np.asarray(east), np.asarray(north)


def placed(
    schools: pd.DataFrame, gias: pd.DataFrame | None, coordinates: pd.DataFrame | None, links: dict[int, int]
) -> pd.DataFrame:
    """Return schools with ``easting``, ``northing`` (metres, OSGB36), district, urban_rural and ``place_source``."""
    with_places = schools.assign(easting=np.nan, northing=np.nan, district=None, urban_rural=None, place_source="none")
    if gias is not None:
        with_places = _from(with_places, gias[gias["easting"] > 0], links, "gias")
    if coordinates is not None:
        east, north = osgb36(coordinates["latitude"], coordinates["longitude"])
        table = coordinates.assign(easting=east, northing=north, district=None)
        with_places = _from(with_places, table[np.isfinite(east)], links, "coords_2025")
    return _from_outcodes(with_places)


def _from(schools: pd.DataFrame, table: pd.DataFrame, links: dict[int, int], source: str) -> pd.DataFrame:
    """Fill the schools that have no place from a table of places by URN, through lineage."""
    known = table.drop_duplicates("urn").set_index("urn")
    open_rows = schools["easting"].isna()
    home = schools["urn"].map(reached(schools.loc[open_rows, "urn"].tolist(), set(known.index.tolist()), links))
    fill = open_rows & home.notna()
    places = known.reindex(home[fill].astype("int64"))
    filled = schools.copy()
    for column in ("easting", "northing"):
        filled.loc[fill, column] = places[column].to_numpy(float)
    for column in ("district", "urban_rural"):
        if column in places:
            filled.loc[fill, column] = places[column].to_numpy(object)
    filled.loc[fill, "place_source"] = source
    return filled


def _from_outcodes(schools: pd.DataFrame) -> pd.DataFrame:
    """Fill the rest from the mean place of the schools of its outcode, and missing districts from the most frequent."""
    outcode = schools["postcode"].astype("string").str.strip().str.upper().str.split(" ").str[0]
    centroid = schools.groupby(outcode)[["easting", "northing"]].mean()
    fill = schools["easting"].isna() & outcode.isin(centroid.dropna().index)
    filled = schools.copy()
    for column in ("easting", "northing"):
        filled.loc[fill, column] = outcode[fill].map(centroid[column]).round()
    filled.loc[fill, "place_source"] = "outcode"
    filled["district"] = filled["district"].fillna(outcode.map(_commonest(schools["district"], outcode)))
    return filled


def _commonest(district: pd.Series, outcode: pd.Series) -> pd.Series:
    """Return the most frequent district of each outcode; of equals the first by name."""
    counts = district.groupby([outcode, district]).size().rename("schools").rename_axis(["outcode", "district"])
    order = counts.reset_index().sort_values(["outcode", "schools", "district"], ascending=[True, False, True])
    return order.drop_duplicates("outcode").set_index("outcode")["district"]


def trusts(schools: pd.DataFrame, groups: pd.DataFrame | None, as_of: date) -> pd.Series:
    """Return the trust that each school was in by the day, null for none; multi-academy trusts come first."""
    if groups is None:
        return pd.Series(None, index=schools.index, dtype=object)
    day = pd.Timestamp(as_of)
    order = {"multi-academy trust": 0, "single-academy trust": 1, "trust": 2}
    rank = groups["group_type"].str.strip().str.lower().map(order)
    known = groups.assign(rank=rank)[rank.notna() & (groups["joined_on"] <= day)]
    known = known[known["closed_on"].isna() | (known["closed_on"] > day)]
    first = known.sort_values(["urn", "rank", "joined_on"]).drop_duplicates("urn").set_index("urn")["group_name"]
    return schools["urn"].map(first)


def places_notes(schools: pd.DataFrame) -> tuple[str, ...]:
    """Return from where the places of schools are, and which schools have none."""
    counts = schools["place_source"].value_counts()
    places = ", ".join(f"{counts.get(key, 0):,} from {name}" for key, name in SOURCES.items())
    note = f"Places of schools: {places}, {counts.get('none', 0):,} unknown."
    urns = sorted(schools.loc[schools["place_source"] == "none", "urn"].tolist())
    if not urns:
        return (note,)
    named = ", ".join(str(urn) for urn in urns[:MOST_NAMED])
    more = f" and {len(urns) - MOST_NAMED:,} more" if len(urns) > MOST_NAMED else ""
    return (
        note,
        f"No place is known of {named}{more}: no leader can be sent there. The newest {sources()[WITH_PLACES]['file']} "
        f"has their places: `pilotage data fetch --source {WITH_PLACES}`, or GIAS's page of downloads.",
    )
