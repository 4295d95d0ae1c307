"""Earlier pairs: which they are, by hand; nothing later in them; a model of both; schools whole."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from pilotage import assets
from pilotage.assets import Store
from pilotage.config.overlay import resolve
from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators import boosting
from pilotage.risk.estimators.additive import Additive, Term
from pilotage.risk.estimators.artefact import Origin, content_of, packed
from pilotage.risk.estimators.boosting import counts_together, fitted
from pilotage.risk.estimators.rows import LabelledRows, TrainingSet
from pilotage.risk.estimators.train import origin_of
from pilotage.risk.evaluation import backtest
from pilotage.risk.evaluation.backtest import Trainer
from pilotage.risk.evaluation.folds import Fold, everyone
from pilotage.risk.features.compute import features, standing_of
from pilotage.risk.leadership import forecast, training
from pilotage.risk.leadership.first_snapshot import earlier_pair_rows, panel_before
from pilotage.risk.leadership.labels import earlier_pairs
from pilotage.risk.spec.leadership import EarlierPairs, LeadershipSpec
from pilotage.risk.spec.load import load_specs
from pilotage.sources.assemble import load_panel

FIRST = date(2013, 4, 30)
BY = pd.Timestamp("2013-12-31")
ASKED = EarlierPairs(weight=0.3, starts=date(2012, 1, 1), published_after_days=30, lead_months=4)


@pytest.fixture(scope="module")
def fall() -> LeadershipSpec:
    """Return the shipped spec of falls with few resamples and few features."""
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    names = ("leadership_grade", "months_between_inspections", "absence_share", "phase", "authority_below_good")
    return spec.model_copy(
        update={
            "features": {name: spec.features[name] for name in names},
            "estimator": spec.estimator.model_copy(update={"resamples": 3, "bins": 8, "learning_rate": 0.5}),
            "calibration": spec.calibration.model_copy(update={"resamples": 2, "folds": 2}),
        }
    )


def test_the_shipped_specs_ask_for_them_of_falls_alone() -> None:
    specs = load_specs(assets.models())
    assert specs["leadership_fall"].model_dump()["earlier_pairs"] == ASKED.model_dump()
    assert specs["leadership_stuck"].model_dump()["earlier_pairs"] is None


@pytest.mark.parametrize("name", ["published_after_days", "lead_months"])
def test_a_row_is_never_of_the_day_on_which_its_grade_was_known(name: str) -> None:
    with pytest.raises(ValidationError, match=f"{name}\n.*greater than or equal to 1"):
        EarlierPairs.model_validate(ASKED.model_dump() | {name: 0})


# The rows


def _panel(rows: list[tuple[int, str, str, int | None, int | None]], snapshots: tuple[date, ...]) -> SchoolPanel:
    given = [
        {"urn": u, "urn_at_time": u, "inspected_on": on, "known_on": known, "leadership_grade": g, "overall_grade": o}
        for u, on, known, o, g in rows
    ]
    frame = tables.validated(tables.INSPECTIONS, pd.DataFrame(given), "t")
    empty = pd.DataFrame()
    return SchoolPanel(FIRST, empty, frame, empty, empty, empty, False, snapshots)


SHOWN = [
    (1, "2008-03-01", "2013-04-30", 2, None), (1, "2012-06-15", "2013-04-30", 3, 3),  # good, fell
    (2, "2009-03-01", "2013-04-30", 1, None), (2, "2013-04-10", "2013-04-30", 1, 2),  # outstanding, held
    (3, "2009-03-01", "2013-04-30", 2, None), (3, "2011-12-31", "2013-04-30", 3, 3),  # before the first day
    (4, "2012-05-01", "2013-04-30", 3, 3),  # no grade before
    (5, "2009-03-01", "2013-04-30", 2, None), (5, "2012-05-01", "2013-04-30", 2, None),  # no leadership grade
    (6, "2009-03-01", "2013-04-30", 2, None), (6, "2012-05-01", "2013-07-31", 3, 3),  # shown by the second alone
    (7, "2012-02-01", "2013-04-30", 2, None), (7, "2012-06-15", "2013-04-30", 3, 3),  # the grade before not out yet
    (8, "2009-03-01", "2013-04-30", 4, None), (8, "2012-06-15", "2013-04-30", 2, 2),  # below good before
]  # fmt: skip
SNAPSHOTS = (FIRST, date(2013, 7, 31))


def test_earlier_pairs_by_hand() -> None:
    found = earlier_pairs(_panel(SHOWN, SNAPSHOTS), ASKED, BY)
    assert found[["urn", "before", "after"]].to_numpy().tolist() == [[1, 2, 3], [2, 1, 2], [8, 4, 2]]
    days = pd.to_datetime(["2012-02-14", "2012-12-09", "2012-02-14"])  # 122 days before
    assert found["on"].tolist() == days.tolist()


def test_there_are_none_before_the_first_snapshot_without_snapshots_or_of_a_proxy() -> None:
    panel = _panel(SHOWN, SNAPSHOTS)
    assert earlier_pairs(panel, ASKED, pd.Timestamp("2013-04-29")).empty
    assert len(earlier_pairs(panel, ASKED, pd.Timestamp(FIRST))) == 3
    assert earlier_pairs(_panel(SHOWN, ()), ASKED, BY).empty
    assert earlier_pairs(replace(panel, grade_proxy="overall_grade"), ASKED, BY).empty


def test_the_panel_of_these_rows_by_hand() -> None:
    found = panel_before(_panel(SHOWN, SNAPSHOTS), 30).inspections.set_index(["urn", "inspected_on"])
    known, grade = found["known_on"], found["leadership_grade"]
    assert known[(1, "2008-03-01")] == pd.Timestamp("2008-03-31")
    assert known[(2, "2013-04-10")] == pd.Timestamp(FIRST)  # with the snapshot at the latest
    assert known[(6, "2012-05-01")] == pd.Timestamp("2013-07-31")  # of a later snapshot: as it is
    assert (grade[(1, "2008-03-01")], grade[(1, "2012-06-15")], grade[(2, "2013-04-10")]) == (2, 3, 2)


# Of the sample, as if one list had been published


@pytest.fixture(scope="module")
def listed(panel: SchoolPanel) -> SchoolPanel:
    """Return the sample as snapshots would show it: grades of before the first are known with it, leadership of one."""
    first = pd.Timestamp(FIRST)
    inspections = panel.inspections.sort_values(["urn", "inspected_on"])
    old = inspections["inspected_on"] <= first
    place = inspections[old].groupby("urn").cumcount(ascending=False).reindex(inspections.index)
    shown = inspections.assign(known_on=inspections["known_on"].where(~old, first))
    shown.loc[place == 1, "leadership_grade"] = pd.NA
    shown = shown[~old | (place <= 1)].reset_index(drop=True)
    return replace(panel, inspections=shown, snapshots=(FIRST,))


def test_nothing_known_later_is_in_the_rows(listed: SchoolPanel, fall: LeadershipSpec) -> None:
    rows = earlier_pair_rows(listed, fall, BY)
    assert rows is not None
    assert len(rows.label) > 200
    assert set(rows.label.tolist()) == {0, 1}
    late = listed.inspections["known_on"] > BY
    years = listed.school_years.copy()
    years.loc[years["known_on"] > BY, ["absence_share", "pupils"]] = 0.99
    moved = listed.inspections.copy()
    moved.loc[late, ["leadership_grade", "overall_grade"]] = 4
    assert late.any()
    same = earlier_pair_rows(replace(listed, inspections=moved, school_years=years), fall, BY)
    assert same is not None
    pd.testing.assert_frame_equal(same.frame, rows.frame)
    assert np.array_equal(same.label, rows.label)


def test_no_feature_of_a_row_is_of_after_its_day(listed: SchoolPanel, fall: LeadershipSpec) -> None:
    pairs = earlier_pairs(listed, ASKED, BY)
    before = panel_before(listed, ASKED.published_after_days)
    for day, rows in list(pairs.groupby("on"))[::60]:
        inspections, years = before.inspections.copy(), before.school_years.copy()
        late = inspections["known_on"] > day
        inspections.loc[late, [name for name in inspections if str(name).endswith("_grade")]] = 4
        years.loc[years["known_on"] > day, ["absence_share", "pupils"]] = 0.99
        assert rows["urn"].isin(inspections.loc[late, "urn"]).all()  # the grade that a row foretells is among them
        plain = features(before, rows, fall)
        moved = features(replace(before, inspections=inspections, school_years=years), rows, fall)
        pd.testing.assert_frame_equal(moved, plain)
        assert np.array_equal(plain["leadership_grade"], rows["before"])  # the overall grade stands for leadership


# The fit


@pytest.fixture(scope="module")
def parts(listed: SchoolPanel, fall: LeadershipSpec) -> tuple[LabelledRows, LabelledRows]:
    day = pd.Timestamp("2015-08-31")
    pairs = training.training_pairs(listed, fall, day)
    label = (pairs["after"] >= 3).to_numpy().astype(np.int64)
    earlier = earlier_pair_rows(listed, fall, day)
    assert earlier is not None
    return LabelledRows(features(listed, pairs, fall), label, pairs["urn"].to_numpy(dtype=float)), earlier


def _fitted(spec: LeadershipSpec, recent: LabelledRows, earlier: LabelledRows | None) -> Additive:
    return fitted(spec, TrainingSet(recent, earlier), 3)


def _bytes_of(model: Additive) -> bytes:
    """Return every byte of a kept model."""
    return packed(content_of(model), Origin("spec", "data", 1, {}))


def test_without_weight_or_pairs_the_model_is_that_of_the_recent_pairs(
    fall: LeadershipSpec, parts: tuple[LabelledRows, LabelledRows]
) -> None:
    recent, earlier = (part.where(np.arange(600)) for part in parts)
    none = fall.model_copy(update={"earlier_pairs": None})
    zero = fall.model_copy(update={"earlier_pairs": ASKED.model_copy(update={"weight": 0.0})})
    plain = _bytes_of(_fitted(none, recent, None))
    for spec, rows in ((none, earlier), (zero, earlier), (fall, None)):
        assert _bytes_of(_fitted(spec, recent, rows)) == plain


def test_the_model_is_the_sum_of_both_and_says_on_how_many_pairs(
    fall: LeadershipSpec, parts: tuple[LabelledRows, LabelledRows]
) -> None:
    recent, earlier = parts
    model = _fitted(fall, recent, earlier)
    assert (model.trained_on, model.earlier_pairs) == (len(recent.label), len(earlier.label))
    assert model.base_rate == recent.label.mean()
    frame = recent.frame
    np.testing.assert_allclose(model.constant + model.contributions(frame).sum(axis=1), model.logit(frame), atol=1e-9)
    np.testing.assert_allclose(model.contributions(frame).mean(axis=0), 0, atol=1e-9)
    turned = replace(earlier, label=1 - earlier.label)
    assert not np.allclose(_fitted(fall, recent, turned).logit(frame), model.logit(frame), atol=0.01)


def test_a_school_is_as_often_in_a_resample_of_one_part_as_of_the_other(
    parts: tuple[LabelledRows, LabelledRows],
) -> None:
    recent, earlier = parts
    counts, own = counts_together(recent, earlier, 5, 1)
    both = np.intersect1d(recent.schools, earlier.schools)
    assert len(both) > 50
    for school in both:
        times = np.hstack([counts[:, recent.schools == school], own[:, earlier.schools == school]])
        assert (times == times[:, :1]).all()
    for rows, drawn in ((recent, counts), (earlier, own)):
        assert all(set(rows.label[one > 0]) == set(rows.label[one == 0]) == {0, 1} for one in drawn)


def test_a_school_held_out_of_the_calibration_is_in_neither_part(
    fall: LeadershipSpec, parts: tuple[LabelledRows, LabelledRows], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[set[float], set[float]]] = []
    plain = boosting._model

    def watched(spec: LeadershipSpec, training: TrainingSet, *more: Any) -> Additive:
        assert training.earlier_pairs is not None
        seen.append((set(training.pairs.schools.tolist()), set(training.earlier_pairs.schools.tolist())))
        return plain(spec, training, *more)

    monkeypatch.setattr(boosting, "_model", watched)
    recent, earlier = parts
    _fitted(fall, recent, earlier)
    every, others = set(recent.schools.tolist()), set(earlier.schools.tolist())
    assert seen[0] == (every, others)
    assert len(seen) == 3
    for inside, own in seen[1:]:
        out = every - inside
        assert out
        assert not own & out
        assert own == others - out


def test_other_earlier_pairs_are_another_origin(fall: LeadershipSpec, parts: tuple[LabelledRows, LabelledRows]) -> None:
    recent, earlier = parts

    def data(rows: LabelledRows | None) -> str:
        return origin_of(fall, TrainingSet(recent, rows), 1).data

    turned = replace(earlier, label=1 - earlier.label)
    fewer = earlier.where(np.arange(len(earlier.label)) > 0)
    assert len({data(None), data(earlier), data(turned), data(fewer)}) == 4


# The back-test and the forecast


def test_a_held_out_region_is_in_neither_part(
    listed: SchoolPanel, fall: LeadershipSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[set[float], set[float]]] = []
    blank = Term("absence_share", np.zeros(1), None, np.zeros((2, 3)), np.zeros(3))

    def watched(_: Trainer, training: TrainingSet, *__: Any) -> Additive:
        assert training.earlier_pairs is not None
        seen.append((set(training.pairs.schools.tolist()), set(training.earlier_pairs.schools.tolist())))
        return Additive((blank,), np.zeros(2), 0.0)

    monkeypatch.setattr(Trainer, "model", watched)
    part = listed.schools["region"].isin(["London", "North East", "South East"])
    fold = Fold("r", "held_out_region", date(2015, 8, 31), date(2015, 9, 1), date(2016, 8, 31))
    known = everyone(replace(listed, as_of=fold.as_of, schools=listed.schools[part]))
    (found,) = backtest.by_region(known, Trainer(fall, 1, Store(tmp_path), lambda _: None), fold)
    whole = earlier_pair_rows(listed, fall, pd.Timestamp(fold.tested_to))
    assert whole is not None
    assert found.earlier_pairs == len(whole.label)
    regions = sorted(["London", "North East", "South East"])
    for region, (recent, own) in zip(regions, seen, strict=True):
        held_out = set(listed.schools.loc[listed.schools["region"] == region, "urn"])
        assert set(whole.schools) & held_out
        assert not held_out & (recent | own)


@pytest.mark.parametrize(("starts", "words"), [("2012-01-01", True), ("2013-04-01", False)])
def test_the_state_says_how_many_where_there_are_some(
    listed: SchoolPanel,
    fall: LeadershipSpec,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    starts: str,
    words: bool,
) -> None:
    monkeypatch.setattr("pilotage.risk.estimators.train.heterogeneity", lambda *_: None)
    asked = ASKED.model_copy(update={"starts": date.fromisoformat(starts)})
    spec = fall.model_copy(update={"earlier_pairs": asked})
    rows = pd.DataFrame({"urn": listed.schools["urn"].head(200), "on": pd.Timestamp(listed.as_of)})
    state = forecast.forecast_leadership(
        listed,
        forecast.Awaiting(standing_of(listed, rows), 24, None),
        spec,
        1,
        store=Store(tmp_path),
        say=lambda _: None,
    ).state
    assert ("earlier pairs, in which the overall grade stands for the grade before" in state.why) == words


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.skipif(not os.environ.get("PILOTAGE_REAL_DATA"), reason="PILOTAGE_REAL_DATA is not set")
def test_the_first_list_of_2013_has_thousands(fall: LeadershipSpec) -> None:
    panel = load_panel(resolve("england-2014").scenario, cache=assets.cache(), say=lambda _: None)
    rows = earlier_pair_rows(panel, fall, pd.Timestamp(panel.as_of))
    assert rows is not None
    assert 3_000 < len(rows.label) < 4_500
    assert 0.15 < rows.label.mean() < 0.25
    assert rows.frame["on"].between("2011-09-01", "2012-12-31").all()
    assert set(rows.frame["leadership_grade"]) == {1, 2}
    assert rows.frame["absence_share"].notna().mean() > 0.3  # tables known by then reach them
