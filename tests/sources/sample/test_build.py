"""The synthetic England: the same bytes each time, and the truth that it claims."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.domain.units import SD_PER_MONTH
from pilotage.errors import DataError, UsageError
from pilotage.sources.sample.build import build, write
from pilotage.sources.sample.panel import sample_panel
from pilotage.sources.sample.results import path_months
from pilotage.sources.schools.areas import fill_area

AREAS = "opportunity_areas_2016"
LIMIT_BYTES = 3_000_000


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return build()


def test_the_shipped_sample_is_regenerated_byte_for_byte(tmp_path: Path) -> None:
    write(tmp_path / "again")
    shipped = {path.name: path.read_bytes() for path in assets.sample().glob("*.csv")}
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == shipped
    assert sum(map(len, shipped.values())) < LIMIT_BYTES


def test_another_seed_is_another_england() -> None:
    assert not build(300, 10, 1)["schools"].equals(build(300, 10, 2)["schools"])


def test_a_folder_that_holds_something_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_every_school_trust_leader_and_post_says_that_it_is_invented(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["schools"]["name"].str.endswith("(synthetic)").all()
    assert tables["schools"]["trust"].dropna().str.endswith("(synthetic)").all()
    assert tables["leaders"]["leader_id"].str.startswith("SYN-").all()
    assert tables["posts"]["post_id"].str.startswith("SYN-").all()
    assert (tables["schools"]["urn"] > 900_000).all()


def test_there_are_leaders_of_all_levels_and_posts_of_every_consent(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables["leaders"]["level"]) == {"middle", "senior", "head", "executive"}
    assert set(tables["posts"]["consent"]) == {"yes", "no", "unknown"}


def _inside(tables: dict[str, pd.DataFrame]) -> pd.Series:
    schools = fill_area(tables["schools"].assign(postcode=None), AREAS)
    return schools.set_index("urn")["area"].notna()


def test_about_eighteen_in_a_hundred_good_schools_of_the_areas_fall_by_2016(tables: dict[str, pd.DataFrame]) -> None:
    graded = tables["inspections"]
    before = graded[graded["inspected_on"] <= "2010-12-31"].groupby("urn")["leadership_grade"].last()
    after = graded[graded["inspected_on"] <= "2016-08-31"].groupby("urn")["leadership_grade"].last()
    good = before[before <= 2].index
    inside = _inside(tables)[good]
    fell = after[good] >= 3
    error = np.sqrt(0.18 * 0.82 / inside.sum())
    assert abs(fell[inside].mean() - 0.18) < 2 * error
    assert fell[~inside].mean() < fell[inside].mean() - error


@pytest.fixture(scope="module")
def pupils(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return published progress of secondary schools: one row per school, year and group, in months."""
    wide = tables["results"].replace({"SUPP": None, "NP": None})
    wide = wide[wide["urn"].map(tables["schools"].set_index("urn")["phase"]) == "secondary"]
    parts = []
    for group in ("other", "persistently_disadvantaged"):
        part = wide[["urn", "year", f"pupils_{group}", f"progress_{group}"]].dropna().astype(float)
        part.columns = pd.Index(["urn", "year", "pupils", "progress"])
        parts.append(part.assign(group=group, inside=part["urn"].map(_inside(tables))))
    frame = pd.concat(parts)
    return frame.assign(months=frame["progress"] / SD_PER_MONTH)


def _mean(frame: pd.DataFrame) -> pd.Series:
    """Return the mean over pupils, by year."""
    sums = frame.assign(total=frame["months"] * frame["pupils"]).groupby("year")[["total", "pupils"]].sum()
    return sums["total"] / sums["pupils"]


def test_the_areas_gaps_are_the_founding_reports(pupils: pd.DataFrame) -> None:
    other, inside = pupils["group"] == "other", pupils["inside"]
    persistent = _mean(pupils[other]) - _mean(pupils[~other & inside])
    others = _mean(pupils[other & ~inside]) - _mean(pupils[other & inside])
    assert persistent[2015] == pytest.approx(20.1, abs=0.8)
    assert others[2015] == pytest.approx(4.9, abs=0.5)
    assert persistent[2015] - persistent[2010] == pytest.approx(8.3, abs=1.1)
    assert others[2015] - others[2010] == pytest.approx(3.6, abs=0.7)
    assert (persistent.loc[2010:2015].diff().dropna() > 0).all()


def test_the_paths_of_the_truth_are_the_founding_reports_exactly() -> None:
    years = list(range(2010, 2017))
    path = dict(zip(years, path_months(True, "persistently_disadvantaged"), strict=True))
    assert path[2015] == pytest.approx(20.1)
    assert path[2015] - path[2010] == pytest.approx(8.3)


def test_small_cells_are_suppressed_and_suppressed_is_null_with_its_reason() -> None:
    panel = sample_panel(assets.sample(), pd.Timestamp("2016-08-31").date(), AREAS)
    hidden = panel.results[panel.results["state"] != "published"]
    assert set(hidden["state"]) == {"suppressed", "not_published"}
    assert hidden[["pupils", "progress_sd"]].isna().all(axis=None)
    assert panel.results.loc[panel.results["state"] == "published", "pupils"].min() > 5
    assert (panel.absences["reason"] == "suppressed").all()


def test_nothing_in_the_panel_comes_from_the_truth() -> None:
    panel = sample_panel(assets.sample(), pd.Timestamp("2016-08-31").date(), AREAS)
    assert not any("truth" in each.name for each in panel.inputs)


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    write(tmp_path / "s", 100, 4, 1)
    (tmp_path / "s" / "results.csv").unlink()
    with pytest.raises(DataError, match=r"no results\.csv"):
        sample_panel(tmp_path / "s", pd.Timestamp("2016-08-31").date(), AREAS)


def test_a_grade_out_of_range_is_named_with_its_row(tmp_path: Path) -> None:
    write(tmp_path / "s", 100, 4, 1)
    path = tmp_path / "s" / "inspections.csv"
    frame = pd.read_csv(path)
    frame.loc[3, "leadership_grade"] = 7
    frame.to_csv(path, index=False)
    with pytest.raises(DataError, match=r"row 5 - leadership_grade = 7"):
        sample_panel(tmp_path / "s", pd.Timestamp("2016-08-31").date(), AREAS)
