"""Small official files, invented, for the cases: a list of Ofsted's in one of its forms, and where schools are."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from pilotage.domain.panel import SchoolPanel
from pilotage.sources.schools.authorities import authorities
from pilotage.sources.schools.official import official_panel

SCHOOL = {
    "School name": "Elm",
    "Ofsted phase": "Primary",
    "Type of education": "Community School",
    "Region": "North West",
    "Local authority": "Blackpool",
    "Postcode": "FY1 1AA",
}
OLD = SCHOOL | {"Total number of pupils": "200"}
GRADED = OLD | {
    "Inspection end date": "11/05/2019",
    "Publication date": "20/06/2019",
    "URN at time of latest graded inspection": "",
    "Overall effectiveness": "2",
    "Effectiveness of leadership and management": "2",
}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as a CSV with the columns of the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def every_authority(but: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return a list of all England in 2024, without some authorities: as many schools a phase as there are."""
    places = [place for code, place in authorities().items() if place[0] not in but and code != 835]
    primaries = [(urn, "Primary", places[urn % len(places)]) for urn in range(100_000, 116_500)]
    secondaries = [(urn, "Secondary", places[urn % len(places)]) for urn in range(130_000, 133_300)]
    return [
        GRADED | {"URN": urn, "Ofsted phase": phase, "Local authority": name, "Region": region}
        for urn, phase, (name, region) in [*primaries, *secondaries]
    ]


def panel(folder: Path, as_of: date, crosswalk: str | None = None) -> SchoolPanel:
    """Return the panel of a folder of official files."""
    areas, cache = "opportunity_areas_2016", folder.parent / "cache"
    return official_panel(folder, as_of, areas, crosswalk_name=crosswalk, cache=cache, say=lambda _message: None)
