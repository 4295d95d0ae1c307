"""The map of the synthetic England: where its schools lie, what they are, whom they teach."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets

FIRST_URN = 900_001
SECONDARY_SHARE = 0.26
PUPILS = {"primary": (250.0, 0.45), "secondary": (950.0, 0.3)}  # median, sd of the logarithm
TRUST_SHARE = {"primary": 0.15, "secondary": 0.4}


def draw_map(schools: int, generator: np.random.Generator) -> pd.DataFrame:
    """Return one row per school: ``domain.tables.SCHOOLS`` columns, ``deprivation`` (truth) and ``sponsor_led``."""
    places = sample_places()
    place = places.iloc[generator.choice(len(places), schools, p=places["weight"] / places["weight"].sum())]
    place = place.reset_index(drop=True)
    phase = np.where(generator.random(schools) < SECONDARY_SHARE, "secondary", "primary")
    offset = generator.normal(0, 1, (schools, 2)) * place["spread_km"].to_numpy()[:, None] * 0.6
    frame = pd.DataFrame(
        {
            "urn": np.arange(FIRST_URN, FIRST_URN + schools),
            "name": _names(phase, generator),
            "phase": phase,
            "authority": place["authority"],
            "region": place["region"],
            "district": place["district"],
            "easting": ((place["easting_km"] + offset[:, 0]) * 1000).round(-2).astype(int),
            "northing": ((place["northing_km"] + offset[:, 1]) * 1000).round(-2).astype(int),
            "pupils": _pupils(phase, generator),
            "deprivation": np.clip(place["deprivation"] + generator.normal(0, 0.45, schools), -1.5, 1.8),
        }
    )
    return _with_trusts(frame, generator)


def sample_places() -> pd.DataFrame:
    """Return where the schools of the sample lie, one row per authority or district, as ``sample_places.yaml`` says."""
    text = (assets.reference() / "sample_places.yaml").read_text(encoding="utf-8")
    columns = [
        "authority",
        "district",
        "easting_km",
        "northing_km",
        "spread_km",
        "deprivation",
        "weight",
        "postcode_area",
    ]
    regions = YAML(typ="safe").load(text).items()
    parts = [pd.DataFrame(rows, columns=columns).assign(region=region) for region, rows in regions]
    places = pd.concat(parts, ignore_index=True)
    return places.assign(district=places["district"].fillna(places["authority"]))


def _names(phase: np.ndarray, generator: np.random.Generator) -> list[str]:
    words = YAML(typ="safe").load((assets.reference() / "sample_names.yaml").read_text(encoding="utf-8"))
    first = generator.choice(words["first"], len(phase))
    second = generator.choice(words["second"], len(phase))
    kinds = np.where(phase == "primary", "Primary School", "High School")
    return [f"{a}{b} {kind} (synthetic)" for a, b, kind in zip(first, second, kinds, strict=True)]


def _pupils(phase: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    median = np.where(phase == "primary", PUPILS["primary"][0], PUPILS["secondary"][0])
    spread = np.where(phase == "primary", PUPILS["primary"][1], PUPILS["secondary"][1])
    return np.clip(np.round(median * np.exp(generator.normal(0, spread))), 40, 2200).astype(int)


def _with_trusts(frame: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    share = frame["phase"].map(TRUST_SHARE).to_numpy() + 0.1 * (frame["deprivation"].to_numpy() > 0.6)
    academy = generator.random(len(frame)) < share
    number = generator.integers(1, 8, len(frame))
    trust = [f"{region} Learning Trust {n} (synthetic)" for region, n in zip(frame["region"], number, strict=True)]
    sponsored = academy & (generator.random(len(frame)) < 0.15 + 0.2 * (frame["deprivation"].to_numpy() > 0.5))
    opened = pd.to_datetime("2011-09-01") + pd.to_timedelta(generator.integers(0, 4, len(frame)) * 365, unit="D")
    kinds = np.where(sponsored, "Academy Sponsor Led", np.where(academy, "Academy Converter", "Community School"))
    return frame.assign(
        trust=pd.Series(trust).where(academy, None),
        school_type=kinds,
        sponsor_led=sponsored,
        opened_on=pd.Series(opened).where(sponsored, pd.NaT),
    )
