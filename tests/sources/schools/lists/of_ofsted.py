"""Small lists in the forms of Ofsted's of August 2025 and of those with report cards, invented."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from pilotage.domain.panel import SchoolPanel
from pilotage.sources.schools.official import official_panel

AUGUST_2025 = "State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv"
CARDS = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_{}.csv"
SCHOOL = {
    "School name": "Elm",
    "Ofsted phase": "Primary",
    "Type of education": "Community School",
    "School open date": "NULL",
    "Region": "North West",
    "Local authority": "Blackpool",
    "Multi-academy trust UID": "NULL",
    "Multi-academy trust name": "NULL",
    "Postcode": "FY1 1AA",
    "The income deprivation affecting children index (IDACI) quintile": "5",
    "Total number of pupils": "200",
}
VISIT = {
    "Date of latest ungraded inspection": "NULL",
    "Ungraded inspection publication date": "NULL",
    "URN at time of the ungraded inspection": "NULL",
    "Ungraded inspection overall outcome": "NULL",
}
GRADED = (
    SCHOOL
    | {"URN": "110000"}
    | VISIT
    | {
        "Did the latest ungraded inspection convert to a graded inspection?": "NULL",
        "Inspection start date": "10/03/2025",
        "Publication date": "28/04/2025",
        "URN at time of latest graded inspection": "110000",
        "Overall effectiveness": "Not judged",
        "Category of concern": "NULL",
        "Quality of education": "3",
        "Behaviour and attitudes": "2",
        "Effectiveness of leadership and management": "3",
        "Previous inspection start date": "12/06/2018",
        "Previous publication date": "09/07/2018",
        "URN at time of previous graded inspection": "110000",
        "Previous graded inspection overall effectiveness": "2",
        "Previous category of concern": "NULL",
        "Previous quality of education": "9",
        "Previous behaviour and attitudes": "2",
        "Previous effectiveness of leadership and management": "2",
    }
)
AREAS = (
    *("Safeguarding standards", "Inclusion", "Curriculum and teaching", "Achievement", "Attendance and behaviour"),
    *("Personal development and wellbeing", "Leadership and governance"),
)
OEIF = {
    "Inspection start date of latest OEIF graded inspection": "NULL",
    "Publication date of latest OEIF graded inspection": "NULL",
    "URN at time of latest OEIF graded inspection": "NULL",
    "Latest OEIF category of concern": "NULL",
    "Latest OEIF overall effectiveness": "NULL",
    "Latest OEIF quality of education": "NULL",
    "Latest OEIF behaviour and attitudes": "NULL",
    "Latest OEIF effectiveness of leadership and management": "NULL",
}


def card(wording: str = "date of grade", **cells: str) -> dict[str, str]:
    """Return a row of the list with report cards, inspected on 13 January 2026; other cells by ``cells``."""
    found = dict.fromkeys(AREAS, "Expected standard") | {"Safeguarding standards": "Met"}
    judged = {f"{area} - {wording}": "13/01/2026" for area in AREAS}
    full = {
        "Inspection start date": "13/01/2026",
        "Publication date": "09/02/2026",
        "URN at time of latest full inspection": "110000",
        "Category of concern": "",
        "Most recent category of concern": "",
    }
    return SCHOOL | {"URN": "110000"} | full | found | judged | OEIF | VISIT | cells


def write(path: Path, *rows: dict[str, Any]) -> Path:
    """Write rows as Ofsted does, cp1252, with the columns of the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def panel(folder: Path, as_of: date, crosswalk: str | None = None) -> SchoolPanel:
    """Return the panel of a folder of lists."""
    areas, cache = "opportunity_areas_2016", folder.parent / "cache"
    return official_panel(folder, as_of, areas, crosswalk_name=crosswalk, cache=cache, say=lambda _message: None)
