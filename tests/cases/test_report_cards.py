"""A year into report cards: one order of two scales, chances only once cards set their level, plans to the end."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from pilotage import assets, pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import Resolved, resolve
from pilotage.domain.chances import FEWEST_WEAK, weak_judgements
from pilotage.errors import PilotageError
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.lists.worry_about import worry_about
from pilotage.report.page.page import page
from pilotage.report.run.data import caution_line
from pilotage.report.terminal import summary_text

SCHOOLS = 600
FIRST = 110_000
BEFORE = (
    "Previous graded inspection overall effectiveness",
    "Previous effectiveness of leadership and management",
)


@pytest.fixture(scope="module")
def ofsted() -> ModuleType:
    place = Path(__file__).parents[1] / "sources" / "schools" / "lists" / "of_ofsted.py"
    spec = spec_from_file_location("lists_of_ofsted", place)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", autouse=True)
def _few_resamples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let models be small, so that a run takes seconds."""
    models = tmp_path_factory.mktemp("models") / "models"
    shutil.copytree(assets.models(), models)
    for spec in models.glob("leadership_*/spec.yaml"):
        spec.write_text(spec.read_text(encoding="utf-8").replace("resamples: 60", "resamples: 4"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "models", lambda: models)
        patch.setenv("PILOTAGE_CACHE", str(models.parent / "cache"))
        yield


def _day(number: int) -> str:
    """Return a day of the three school years to 2024/25 for a school's inspection."""
    return f"{1 + number % 28:02d}/{(11, 2, 5)[number % 3]:02d}/{2022 + number % 3 + (number % 3 > 0)}"


def _grade(number: int) -> str:
    """Return what the last inspection on the old scale found: a quarter of poor schools fell, a tenth of the others."""
    return "3" if Random(number).random() < (0.25 if number % 2 else 0.1) else "2"


def _files(ofsted: ModuleType, official: ModuleType, folder: Path, weak: int) -> Path:
    """Write the list of August 2025, one with report cards of 300 schools (so many weak), places and a census."""
    old, cards, places, census = [], [], [], []
    for number in range(SCHOOLS):
        urn, day, grade = str(FIRST + number), _day(number), _grade(number)
        own = {"URN": urn} | {f"URN at time of {which} graded inspection": urn for which in ("latest", "previous")}
        found = {"Inspection start date": day, "Publication date": day, "Overall effectiveness": grade}
        found |= {"Effectiveness of leadership and management": grade, "Quality of education": grade}
        before = "3" if number % 4 < 2 else "2"  # so that both populations have pairs
        found |= dict.fromkeys(BEFORE, before)
        old.append(ofsted.GRADED | own | found)
        point = "Needs attention" if number < weak else "Expected standard"
        own = {"URN": urn, "URN at time of latest full inspection": urn, "Leadership and governance": point}
        row = ofsted.card(**own)
        if number >= 300:  # no card yet
            row |= {name: "NULL" for name in row if name in ofsted.AREAS or " - date of grade" in name}
            row |= {"Inspection start date": "NULL", "Publication date": "NULL"}
        cards.append(row)
        place = {"URN": urn, "EstablishmentName": f"School {number}", "LA (name)": "Blackpool"}
        place |= {"EstablishmentStatus (name)": "Open", "OpenDate": "", "CloseDate": "", "Northing": "436000"}
        places.append(place | {"Easting": str(331_000 + number), "DistrictAdministrative (name)": "Blackpool"})
        poor = {"PNUMFSM": "40" if number % 2 else "8", "PNUMFSMEVER": "45" if number % 2 else "10"}
        census.append({"URN": urn, "NOR": "210", "PNUMEAL": "12"} | poor)
    ofsted.write(folder / ofsted.AUGUST_2025, *old)
    ofsted.write(folder / ofsted.CARDS.format("31_October_2026"), *cards)
    official.write(folder / "gias" / "edubasealldata.csv", places)
    official.write(folder / "2024" / "england_census.csv", census)
    return folder


def _below(weak: int) -> set[int]:
    """Return the schools whose leadership was judged weak the last time, so many of them by report card."""
    return {FIRST + n for n in range(SCHOOLS) if n < weak or (n >= 300 and _grade(n) == "3")}


def _resolved(folder: Path, *settings: str) -> Resolved:
    usual = [f"data.folder={folder}", "data.partial=accept", "pool.size=6", "interventions.support=null"]
    return resolve("england-2026", [*usual, *settings])


@pytest.fixture(scope="module")
def few(ofsted: ModuleType, official: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _files(ofsted, official, tmp_path_factory.mktemp("few") / "files", 30)


@pytest.fixture(scope="module")
def by_order(few: Path) -> RunRecord:
    return pipeline.run(_resolved(few))


def test_with_few_weak_cards_schools_have_an_order_and_bands_and_no_chance_is_printed(by_order: RunRecord) -> None:
    assert weak_judgements(by_order.panel) == 30
    worry, ranked = worry_about(by_order), ranked_schools(by_order)
    for shown in (worry, ranked):
        assert shown["need_rank"].notna().all()
        assert shown["band"].notna().any()
        assert shown[[name for name in shown if name.startswith("p_")] + ["need"]].isna().all().all()
    assert by_order.forecast.need.notna().all()  # the order has a ground
    below = _below(30)  # now, on either scale: they come before all that may fall
    assert set(worry["urn"].head(len(below))) == below


def test_the_first_screen_says_that_ofsted_warns(by_order: RunRecord) -> None:
    text = "\n".join(summary_text(by_order))
    assert "report cards and the four grades are not directly comparable" in text
    assert f"Only 30 report cards find leadership to need attention or worse, under {FEWEST_WEAK}" in text
    assert "not directly comparable" in page(by_order, ranked_schools(by_order), placements(by_order))


def test_leaders_are_still_placed(by_order: RunRecord) -> None:
    assert len(by_order.plan.chosen) > 0
    assert by_order.audit.clean


def test_a_hundred_weak_cards_set_the_level(ofsted: ModuleType, official: ModuleType, tmp_path: Path) -> None:
    resolved = _resolved(_files(ofsted, official, tmp_path / "files", FEWEST_WEAK))
    panel, urns = pipeline.schools(resolved)
    forecast = pipeline.foresee_schools(resolved, panel, urns)
    chance = forecast.table["p_fall_if_inspected"].dropna()
    assert 0.2 < chance.mean() < 0.5  # a third of the cards; an eighth fell on the four grades
    line = caution_line(panel, resolved.scenario)
    assert line is not None
    assert "The level of the chances is that of the report cards" in line


def test_without_a_crosswalk_need_is_null_and_the_list_is_by_facts(few: Path) -> None:
    resolved = _resolved(few, "data.crosswalk=null", "rules.need-floor=null")
    record = pipeline.run(resolved)
    worry = worry_about(record)
    assert worry["need"].isna().all()
    assert len(record.plan.chosen) > 0
    below = _below(30)
    assert set(worry["urn"].head(len(below))) == below
    assert "sorted by facts alone" in "\n".join(summary_text(record))


def test_without_a_crosswalk_the_floor_lets_nobody_in_and_says_so(few: Path) -> None:
    with pytest.raises(PilotageError, match=r"none of the 600 schools in scope: need is known of 0 .*case_quota"):
        pipeline.run(_resolved(few, "data.crosswalk=null"))


def test_before_the_first_card_nothing_of_it_holds(by_order: RunRecord) -> None:
    scenario = by_order.scenario.model_copy(update={"as_of": date(2025, 10, 31)})
    line = caution_line(replace(by_order.panel, as_of=date(2025, 10, 31)), scenario)
    assert line is not None
    assert "A new scale: report cards replace the four grades on 10 November 2025" in line
