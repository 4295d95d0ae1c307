"""Declared features: each transformation by hand, none from the future, and declarations that cannot be."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from pilotage.assets import Store
from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.risk.features import neighbours, yearly
from pilotage.risk.features.cache import stored_features
from pilotage.risk.features.compute import features
from pilotage.risk.features.declared import NEEDS, TAKES, Feature, problems
from pilotage.risk.leadership.training import refuse_constant, training_pairs
from pilotage.risk.spec.leadership import LabelWindow, LeadershipSpec

DAY = pd.Timestamp("2015-03-01")
COLUMNS = {
    "schools": "easting",
    "inspections": "leadership_grade",
    "school_years": "absence_share",
    "results": "progress_sd",
}
GIVEN = {"years": 2, "nearest": 3, "group": "authority"}


def _with(fall: LeadershipSpec, **declared: Feature) -> LeadershipSpec:
    return fall.model_copy(update={"features": declared})


def _feature(column: str | list[str], transformation: str = "last", **more: object) -> Feature:
    return Feature.model_validate({"column": column, "transformation": transformation, **more})


def _every_kind() -> dict[str, Feature]:
    """Return a feature of every transformation of every table that takes it."""
    found = {}
    for table, taken in TAKES.items():
        for transformation in sorted(taken):
            more = {name: GIVEN[name] for name in NEEDS.get(transformation, ()) if name in GIVEN}
            if "other" in NEEDS.get(transformation, ()):
                more["other"] = "overall_grade" if table == "inspections" else "pupils"
            found[f"{table}_{transformation}"] = _feature(f"{table}.{COLUMNS[table]}", transformation, **more)
    trust = {"trust": _feature("inspections.leadership_grade", "others_below_good", group="trust")}
    kind = {"kind": _feature("schools.school_type", "since_opening", kind="nominal")}
    return found | trust | kind


def _moved(panel: SchoolPanel, day: pd.Timestamp) -> SchoolPanel:
    """Return the panel with every value moved, or its row gone, that became known after the day."""
    inspections, years, results = panel.inspections.copy(), panel.school_years.copy(), panel.results.copy()
    late = inspections["known_on"] > day
    grades = [column for column in inspections if str(column).endswith("_grade")]
    inspections.loc[late, grades] = 4
    late_years = years["known_on"] > day
    numbers = [column for column in years if column not in ("urn", "year", "known_on")]
    years.loc[late_years, numbers] = years.loc[late_years, numbers] * 0 + 0.99
    results.loc[results["known_on"] > day, ["progress_sd", "pupils"]] = [-3.0, 400.0]
    assert min(late.sum(), late_years.sum(), (results["known_on"] > day).sum()) > 0
    kept = np.arange(len(inspections)) % 3 != 0
    opened = panel.schools["opened_on"]
    schools = panel.schools.assign(trust=panel.schools["trust"].where(~(opened > day), "Another Trust"))
    return replace(panel, inspections=inspections[~late | kept], school_years=years, results=results, schools=schools)


def test_no_transformation_sees_a_value_known_later(panel: SchoolPanel, fall: LeadershipSpec) -> None:
    spec = _with(fall, **_every_kind())
    rows = pd.DataFrame({"urn": panel.schools["urn"], "on": DAY})
    before = features(panel, rows, spec)
    pd.testing.assert_frame_equal(features(_moved(panel, DAY), rows, spec), before)
    assert before.notna().any().mean() > 0.9


def test_features_do_not_depend_on_the_order_of_tables_or_rows(panel: SchoolPanel, fall: LeadershipSpec) -> None:
    spec = _with(fall, **_every_kind())
    rows = pd.DataFrame({"urn": panel.schools["urn"].head(300), "on": DAY})
    parts = {
        name: getattr(panel, name).sample(frac=1, random_state=1) for name in ("schools", "school_years", "results")
    }
    shuffled = replace(panel, **parts, inspections=panel.inspections.sample(frac=1, random_state=2))
    found = features(shuffled, rows.sample(frac=1, random_state=3), spec).sort_index()
    pd.testing.assert_frame_equal(found, features(panel, rows, spec))


def test_the_kept_features_are_the_features(panel: SchoolPanel, fall: LeadershipSpec, tmp_path: Path) -> None:
    rows = pd.DataFrame({"urn": panel.schools["urn"].head(80), "on": DAY}).set_axis(range(5, 85))
    plain = features(panel, rows, fall)
    for _ in range(2):
        pd.testing.assert_frame_equal(stored_features(panel, rows, fall, Store(tmp_path)), plain, check_dtype=False)
    (path,) = (tmp_path / "features").iterdir()
    path.write_bytes(b"broken")
    pd.testing.assert_frame_equal(stored_features(panel, rows, fall, Store(tmp_path)), plain, check_dtype=False)
    other = replace(panel, results=panel.results.head(0))
    stored_features(other, rows, fall, Store(tmp_path))
    assert len(list((tmp_path / "features").iterdir())) == 2


NAN = float("nan")
VALUES = np.array([[0.1, 0.2, 0.4, 0.5], [0.3, NAN, 0.6, NAN], [NAN, NAN, NAN, NAN]])


def test_yearly_transformations_by_hand() -> None:
    np.testing.assert_allclose(yearly.last(VALUES), [0.5, 0.6, NAN])
    np.testing.assert_allclose(yearly.lag(VALUES, 1), [0.4, NAN, NAN])
    np.testing.assert_allclose(yearly.change(VALUES, 2), [0.3, 0.3, NAN])
    years, days = np.arange(2011, 2015), np.array(["2015-03-01", "2015-09-01", "2015-09-01"], dtype="datetime64[ns]")
    np.testing.assert_allclose(yearly.years_old(VALUES, years, days), [0.5, 2.0, NAN])
    np.testing.assert_allclose(yearly.trend(VALUES, 3), [0.15, NAN, NAN])
    np.testing.assert_allclose(yearly.pooled_mean(VALUES, 3), [1.1 / 3, 0.45, NAN])
    weights = np.array([[1.0, 1, 1, 3], [1, 1, 3, 1], [1, 1, 1, 1]])
    np.testing.assert_allclose(yearly.pooled_mean(VALUES, 3, weights), [2.1 / 5, 2.1 / 4, NAN])
    np.testing.assert_allclose(yearly.ratio(VALUES, np.where(weights > 2, 0.0, 2.0)), [NAN, NAN, NAN])
    np.testing.assert_allclose(yearly.ratio(VALUES, weights), [0.5 / 3, 0.2, NAN])


def _panel(inspections: list[tuple[int, str, int, int]]) -> SchoolPanel:
    """Return four primaries in a row, 1 km apart, two authorities, and inspections known a month after."""
    rows = [
        {"urn": u, "urn_at_time": u, "inspected_on": on, "known_on": pd.Timestamp(on) + pd.Timedelta(days=30),
         "leadership_grade": leadership, "overall_grade": overall}
        for u, on, leadership, overall in inspections
    ]  # fmt: skip
    schools = pd.DataFrame(
        {"urn": [1, 2, 3, 4, 5], "authority": list("AAAAB"), "easting": [0.0, 1000, 2000, 3000, NAN]}
    )
    same = {
        "phase": "primary",
        "region": "London",
        "trust": "T",
        "northing": 0.0,
        "name": "x",
        "place_source": "sample",
    }
    schools = schools.assign(**same, opened_on=pd.Timestamp("2014-06-01"), school_type="Academy", sponsor_led=False)
    values = {"pupils": [100, 110, 300], "absence_share": [0.05, 0.03, 0.09]}
    years = pd.DataFrame({"urn": [1, 2, 3], "year": 2013, "known_on": pd.Timestamp("2014-02-01"), **values})
    none = pd.DataFrame({"urn": [], "year": [], "known_on": [], "key_stage": [], "pupil_group": [], "state": []})
    return SchoolPanel(
        date(2015, 3, 1),
        tables.validated(tables.SCHOOLS, schools, "t"),
        tables.validated(tables.INSPECTIONS, pd.DataFrame(rows), "t"),
        tables.validated(tables.SCHOOL_YEARS, years, "t"),
        tables.validated(tables.RESULTS, none, "t"),
        pd.DataFrame(),
        True,
    )


HISTORY = [
    (1, "2008-01-10", 3, 3), (1, "2010-01-10", 2, 2), (1, "2013-01-10", 1, 2),
    (2, "2010-01-10", 2, 2), (2, "2014-01-10", 3, 3),
    (3, "2012-01-10", 2, 2), (4, "2012-01-10", 4, 4), (5, "2012-01-10", 2, 2),
]  # fmt: skip


def test_grades_neighbours_and_records_by_hand(fall: LeadershipSpec) -> None:
    spec = _with(
        fall,
        before=_feature("inspections.overall_grade", "before"),
        worst=_feature("inspections.overall_grade", "worst"),
        less=_feature("inspections.overall_grade", "less", other="leadership_grade"),
        since=_feature("inspections.inspected_on", "months_since"),
        since_below=_feature("inspections.overall_grade", "months_since_below_good"),
        count=_feature("inspections.leadership_grade", "known_count"),
        km=_feature("schools.easting", "km_to_nearest", nearest=2),
        around=_feature("inspections.leadership_grade", "neighbour_mean", nearest=2),
        below=_feature("inspections.leadership_grade", "others_below_good", group="authority"),
        fell=_feature("inspections.leadership_grade", "others_fell", group="authority"),
        similar=_feature("school_years.absence_share", "deviation_from_similar", nearest=1),
        kind=_feature("schools.school_type", "since_opening", kind="nominal"),
    )
    rows = pd.DataFrame({"urn": [1, 2, 5], "on": pd.Timestamp("2015-03-01")})
    first, second, alone = features(_panel(HISTORY), rows, spec).to_dict("records")
    assert (first["before"], first["worst"], first["less"], first["count"]) == (2, 3, 1, 3)
    assert first["since"] == pytest.approx(780 / 30.4375, abs=0.05)
    assert first["since_below"] == pytest.approx(2607 / 30.4375, abs=0.05)
    assert (first["km"], first["around"], first["below"]) == (2.0, 2.5, pytest.approx(2 / 3))
    assert second["below"] == pytest.approx(1 / 3)
    assert np.isnan(first["fell"])  # only one other school of the authority has two grades
    assert first["similar"] == pytest.approx(0.02)
    assert second["kind"] == "Academy"
    assert np.isnan([alone[name] for name in ("km", "around", "below", "similar", "before")]).all()
    early = features(_panel(HISTORY), rows.assign(on=pd.Timestamp("2014-01-31")), spec)
    assert early["kind"].isna().all()  # the present school had not opened
    assert early["below"].iloc[0] == pytest.approx(1 / 3)  # the second school's fall was not known yet


def test_coincident_points_are_neighbours_and_no_point_is_its_own() -> None:
    points = np.array([[0.0, 0], [0, 0], [0, 0], [1, 0]])
    position, distance = neighbours.nearest(points, np.array(["a"] * 4, dtype=object), 2)
    assert all(row not in found for row, found in enumerate(position.tolist()))
    assert distance[:3].tolist() == [[0, 0]] * 3


def test_imputation_is_as_declared(fall: LeadershipSpec) -> None:
    column = {"column": "school_years.absence_share"}
    spec = _with(
        fall,
        left=_feature(**column),
        phase=_feature(**column, missing="median_of_phase"),
        every=_feature(**column, missing="median"),
        fallback=_feature(["school_years.fsm6_share", "school_years.absence_share"]),
    )  # fmt: skip
    rows = pd.DataFrame({"urn": [1, 2, 3, 4], "on": pd.Timestamp("2015-03-01")})
    found = features(_panel(HISTORY), rows, spec)
    assert found.loc[3, ["left", "phase", "every"]].tolist() == pytest.approx([NAN, 0.05, 0.05], nan_ok=True)
    assert found["fallback"].tolist() == pytest.approx([0.05, 0.03, 0.09, NAN], nan_ok=True)


def test_a_feature_against_its_phase_is_less_the_mean_of_the_phase_on_the_day(fall: LeadershipSpec) -> None:
    # Schools 1 and 2 are primaries (0.05, 0.03: mean 0.04), 3 alone is secondary; 4 has no value, so counts in no mean.
    plain = _panel(HISTORY)
    panel = replace(
        plain, schools=plain.schools.assign(phase=["primary", "primary", "secondary", "primary", "primary"])
    )
    spec = _with(fall, absence=_feature("school_years.absence_share", against="phase"))
    rows = pd.DataFrame({"urn": [1, 2, 3, 4, 1], "on": pd.to_datetime(["2015-03-01"] * 4 + ["2014-01-31"])})
    absence = features(panel, rows, spec)["absence"].tolist()
    assert absence == pytest.approx([0.01, -0.01, 0, NAN, NAN], abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        (_feature("school_years.absence_shar"), "did you mean 'absence_share'?"),
        (_feature("school_year.absence_share"), "did you mean 'school_years'?"),
        (_feature("school_years.absence_share", "before"), "transformation 'before' of a column of school_years"),
        (_feature("school_years.absence_share", "change"), "change without 'years'"),
        (_feature("school_years.absence_share", "last", years=3), "'years' given to last"),
        (_feature("school_years.pupils", "ratio", other="teacher_fte"), "did you mean 'teachers_fte'?"),
        (_feature(["school_years.pupils", "schools.pupils"]), "columns of several tables"),
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_be_is_told(feature: Feature, words: str) -> None:
    (problem,) = problems("spec.yaml", "one", feature)
    assert words in str(problem)
    assert "spec.yaml, features.one" in str(problem)


def test_an_unknown_transformation_is_told() -> None:
    with pytest.raises(ValidationError, match="'last'"):
        _feature("school_years.pupils", "lst")


def test_a_constant_feature_is_refused_unless_left_out(fall: LeadershipSpec) -> None:
    spec = _with(
        fall, pupils=_feature("school_years.pupils"), region=_feature("schools.region", "value", kind="nominal")
    )
    frame = pd.DataFrame({"pupils": [1.0, 2.0], "region": ["London", "London"]})
    refuse_constant(spec, frame)
    with pytest.raises(DataError, match=r"region.* is the same for every school"):
        refuse_constant(spec.model_copy(update={"constant_features": "refuse"}), frame)
    with pytest.raises(DataError, match="is the same for every school"):
        refuse_constant(spec, frame.head(1))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (LabelWindow(ends=date(2017, 1, 1)), "ends on 2017-01-01, after 2016-08-31"),
        (LabelWindow(starts=date(2016, 12, 1)), "starts on 2016-12-01, but the last pair known is of"),
    ],
)
def test_a_label_window_past_the_data_is_told(
    panel: SchoolPanel, fall: LeadershipSpec, window: LabelWindow, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        training_pairs(panel, fall.model_copy(update={"label_window": window}), pd.Timestamp("2016-08-31"))


def test_a_label_window_keeps_the_pairs_within_it(panel: SchoolPanel, fall: LeadershipSpec) -> None:
    window = LabelWindow(starts=date(2013, 1, 1), ends=date(2014, 12, 31))
    found = training_pairs(panel, fall.model_copy(update={"label_window": window}), pd.Timestamp("2016-08-31"))
    assert found["inspected_on"].between("2013-01-01", "2014-12-31").all()
    assert 0 < len(found) < len(training_pairs(panel, fall, pd.Timestamp("2016-08-31")))


def test_a_short_visit_changes_no_grade_and_no_time(fall: LeadershipSpec) -> None:
    spec = _with(
        fall,
        before=_feature("inspections.overall_grade", "before"),
        since=_feature("inspections.inspected_on", "months_since"),
    )
    rows = pd.DataFrame({"urn": [1], "on": DAY})
    panel = _panel([(1, "2008-01-10", 3, 3), (1, "2010-01-10", 2, 2), (1, "2013-01-10", 2, 2)])
    graded = panel.inspections["leadership_grade"].where([True, False, True])
    short = panel.inspections.assign(kind=[None, "short_visit", None], leadership_grade=graded)
    found = features(replace(panel, inspections=short), rows, spec)
    assert found["before"].tolist() == [3]
    assert found["since"].tolist() == features(panel, rows, spec)["since"].tolist()
