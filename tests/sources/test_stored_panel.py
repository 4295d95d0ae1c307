"""A panel comes back from the cache as it was made, and is made anew when anything of it differs."""

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain.cover import Cover
from pilotage.domain.inputs import InputFile
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.sources import assemble
from pilotage.sources import stored_panel as module
from pilotage.sources.sample.panel import FILES, sample_panel
from pilotage.sources.stored_panel import Origin, stored_panel

DAY = date(2025, 10, 31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file that may be used."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "links.csv").write_text("URN,LinkURN,LinkType\n1,2,Successor\n", encoding="utf-8")
    return tmp_path / "data"


def _panel(folder: Path) -> SchoolPanel:
    day = pd.Timestamp("2024-05-06")
    return SchoolPanel(
        as_of=DAY,
        schools=pd.DataFrame({"urn": [1, 2], "name": ['Élm, "A"', None], "opened_on": [day, pd.NaT]}),
        inspections=pd.DataFrame({"urn": [1], "grade": pd.array([None], dtype="Int64"), "known_on": [day]}),
        school_years=pd.DataFrame({"urn": [1], "year": [2024], "fsm6_share": [0.1 + 0.2]}),
        results=pd.DataFrame({"urn": [1], "state": ["published"]}),
        absences=pd.DataFrame({"urn": [2], "field": ["place"], "reason": ["not known"]}),
        visits=pd.DataFrame({"urn": [2], "visited_on": [day]}),
        synthetic=False,
        snapshots=(date(2024, 4, 30),),
        notes=("A note.", "Another."),
        inputs=(InputFile("gias_links", "links.csv", folder / "links.csv", "0" * 64),),
        other_urns={9: 1, 3: 2},
        merged_urns={7: 1},
        cover=Cover(DAY, 152, ("London",), 33, (("primary", 3, 16_000),)),
        not_recognised=("these files were not recognised: a.csv (no columns)",),
    )


class Maker:
    """Makes the panel of a folder, and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.times = folder, 0

    def __call__(self) -> SchoolPanel:
        self.times += 1
        return _panel(self.folder)


def test_the_panel_comes_back_as_it_was_made(folder: Path, tmp_path: Path) -> None:
    make, origin = Maker(folder), Origin(folder, DAY, ("none", None, None))
    first, again = (stored_panel(origin, tmp_path / "cache", make) for _ in range(2))
    assert make.times == 1
    for name in module.TABLES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name), check_exact=True)
    for name in ("as_of", "notes", "inputs", "snapshots", "cover", "not_recognised", "grade_proxy", "synthetic"):
        assert getattr(first, name) == getattr(again, name)
    assert list(again.other_urns.items()) == [(9, 1), (3, 2)]
    assert again.merged_urns == {7: 1}


@pytest.mark.parametrize("what", ["file", "new file", "day", "setting", "code"])
def test_the_panel_is_made_anew_where_anything_that_it_is_made_from_differs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    make, settings, day = Maker(folder), ("none", None, None), DAY
    stored_panel(Origin(folder, day, settings), tmp_path / "cache", make)
    if what == "file":
        (folder / "links.csv").write_text("URN,LinkURN,LinkType\n1,3,Successor\n", encoding="utf-8")
    elif what == "new file":
        (folder / "more.csv").write_text("URN\n1\n", encoding="utf-8")
    elif what == "code":
        monkeypatch.setattr(module, "_makers", lambda: "other")
    settings = ("none", "report_cards", None) if what == "setting" else settings
    stored_panel(Origin(folder, date(2025, 10, 30) if what == "day" else day, settings), tmp_path / "cache", make)
    assert make.times == 2


def test_a_damaged_file_of_the_cache_is_made_anew(folder: Path, tmp_path: Path) -> None:
    make, origin = Maker(folder), Origin(folder, DAY, ("none", None, None))
    stored_panel(origin, tmp_path / "cache", make)
    table = next((tmp_path / "cache" / "panels").glob("*.schools.parquet"))
    table.write_bytes(table.read_bytes()[:-1])
    again = stored_panel(origin, tmp_path / "cache", make)
    assert make.times == 2
    assert len(again.schools) == 2


def test_a_panel_that_would_come_back_otherwise_is_not_kept(folder: Path, tmp_path: Path) -> None:
    odd = pd.DataFrame({"urn": [1, 2], "name": ["a", "b"]}, index=[5, 6])  # Parquet has no place for the index
    made = [0]

    def make() -> SchoolPanel:
        made[0] += 1
        return SchoolPanel(**vars(_panel(folder)) | {"schools": odd})

    for _ in range(2):
        panel = stored_panel(Origin(folder, DAY, ("none", None, None)), tmp_path / "cache", make)
        assert panel.schools.index.tolist() == [5, 6]
    assert made == [2]


def test_a_panel_is_not_kept_where_a_file_changed_while_it_was_made(folder: Path, tmp_path: Path) -> None:
    def make() -> SchoolPanel:
        (folder / "links.csv").write_text("URN,LinkURN,LinkType\n1,3,Successor\n", encoding="utf-8")
        return _panel(folder)

    stored_panel(Origin(folder, DAY, ("none", None, None)), tmp_path / "cache", make)
    assert not (tmp_path / "cache" / "panels").exists()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return a folder with the tables of the sample's schools."""
    folder = tmp_path / "sample"
    folder.mkdir()
    for name in FILES:
        shutil.copy(assets.sample() / f"{name}.csv", folder)
    return folder


def _read_sample(folder: Path, cache: Path) -> SchoolPanel:
    scenario = resolve("baseline", (f"data.folder={folder}",)).scenario
    return assemble.load_panel(scenario, cache=cache, say=lambda _: None)


def test_the_panel_of_a_sample_comes_back_as_it_was_made(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _read_sample(sample, tmp_path / "cache")
    monkeypatch.setattr(assemble, "sample_panel", None)  # it is not read a second time
    again = _read_sample(sample, tmp_path / "cache")
    for name in module.TABLES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name), check_exact=True)
    assert (again.inputs, again.notes, again.synthetic) == (first.inputs, first.notes, True)


def test_a_changed_table_of_a_sample_is_read_again(sample: Path, tmp_path: Path) -> None:
    before = _read_sample(sample, tmp_path / "cache")
    schools = (sample / "schools.csv").read_text(encoding="utf-8")
    name = str(before.schools["name"].iloc[0])
    (sample / "schools.csv").write_text(schools.replace(name, "Changed School"), encoding="utf-8")
    after = _read_sample(sample, tmp_path / "cache")
    assert after.schools["name"].iloc[0] == "Changed School"
    assert after.inputs[0].sha256 != before.inputs[0].sha256


def test_a_sample_that_lost_a_table_is_refused_though_its_panel_is_kept(sample: Path, tmp_path: Path) -> None:
    _read_sample(sample, tmp_path / "cache")
    (sample / "results.csv").unlink()
    with pytest.raises(DataError, match=r"no results\.csv"):
        _read_sample(sample, tmp_path / "cache")


def test_a_folder_named_otherwise_has_the_paths_of_its_name(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (sample, Path("sample")):

        def make(folder: Path = folder) -> SchoolPanel:
            return sample_panel(folder, date(2016, 8, 31), "opportunity_areas_2016")

        origin = Origin(folder, date(2016, 8, 31), ("opportunity_areas_2016",), sample=True)
        panel = stored_panel(origin, tmp_path / "cache", make)
        assert {each.path.parent for each in panel.inputs} == {folder}
