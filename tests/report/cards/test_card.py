"""The card and the evaluation's folder: a function of the metrics, whole or not at all, the same bytes each time."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.domain.findings.evaluation import PREDICTION_COLUMNS, Evaluation
from pilotage.errors import UsageError
from pilotage.report.cards.card import card, scenario_cards
from pilotage.report.cards.summary import HEADINGS, summary_rows, untested_reasons
from pilotage.report.folder import write_cards, write_evaluation
from pilotage.risk.evaluation.fairness import group_table
from pilotage.risk.evaluation.measures import measured

VERSIONS = {"pilotage": "0"}


def _rows(size: int = 400) -> pd.DataFrame:
    generator = np.random.default_rng(1)
    truth = 1 / (1 + np.exp(-generator.normal(-1.4, 1.0, size)))
    return pd.DataFrame(
        {
            "urn": np.arange(size) + 1,
            "fold": "if_inspected/last",
            "as_of": "2014-04-30",
            "outcome": "leadership_fall",
            "p": truth.round(6),
            "y": (generator.random(size) < truth).astype(float),
            "baseline_last_grade": generator.random(size).round(6),
            "baseline_fsm": truth.round(6),
            "phase": np.where(np.arange(size) % 4, "primary", "secondary"),
            "region": "London",
            "school_type": "Community School",
            "idaci": np.arange(size) % 5 + 1.0,
            "fsm": generator.random(size),
            "size": generator.integers(50, 500, size).astype(float),
        }
    )


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    rows = _rows()
    test = measured(rows, 40, 1, 0.95)
    fold = {
        **{"fold": "if_inspected/last", "kind": "temporal", "as_of": "2014-04-30"},
        **{"tested_from": "2014-09-01", "tested_to": "2014-12-31", "trained_on": 4000, "trained_base_rate": 0.27},
        **{name: test[name] for name in ("n", "positives", "metrics", "calibration")},
    }
    firm = {"between_resamples": {"spearman": 0.9, "top_tenth_shared": 0.7}, "between_folds": []}
    kind = test | {"groups": group_table(rows, 40, 1, 0.95), "folds": [fold], "stability": firm}
    fall = {"available": True, "why": "", "left_out": [], "label": "It falls.", "tests": {"if_inspected": kind}}
    gap = {"available": False, "why": "no results by disadvantage", "label": "It widens.", "tests": {}}
    metrics: dict[str, Any] = {
        **{"scenario": "england", "as_of": "2014-04-30", "synthetic": False, "grade_proxy": None},
        **{"last_known": "2014-12-31", "notes": ["A note."], "inputs": {"a.csv": "0" * 64}},
        "intervals": {"level": 0.95, "resamples": 40, "by": "school", "seed": 1},
        "outcomes": {"gap_widening": gap, "leadership_fall": fall},
    }
    predictions = rows[list(PREDICTION_COLUMNS)].astype({"y": "int64"})
    return Evaluation("england", json.loads(json.dumps(metrics)), predictions)


def test_the_card_says_base_rate_ceiling_and_what_is_not_beaten(evaluation: Evaluation) -> None:
    text = card(evaluation.metrics, "leadership_fall")
    values = evaluation.metrics["outcomes"]["leadership_fall"]["tests"]["if_inspected"]["metrics"]
    for title in ("## Use", "## Misuse", "## Data", "### Folds and drift", "### By group", "## Limits"):
        assert title in text
    assert "most that could be found" in text
    assert f"{values['recall_ceiling_at_10']['value']:.0%}" in text
    assert "**Not shown to order schools better than: free school meals alone.**" in text
    assert "92% of the time" in text  # the noise of grades
    assert "65% of weak schools" in text  # and why the public claim cannot be compared
    assert "Ofsted chooses whom it inspects" in text
    slope = values["calibration_slope"]
    assert f"Calibration slope {slope['value']:.3f} ({slope['low']:.3f} to {slope['high']:.3f}), intercept" in text
    assert "| Fifth by income deprivation of children (IDACI) | rows" in text
    assert "nan" not in text.lower()
    assert "None" not in text


def test_a_proxy_and_invented_schools_are_told(evaluation: Evaluation) -> None:
    proxied = evaluation.metrics | {"grade_proxy": "overall_grade"}
    assert "The overall grade stands for the leadership grade" in card(proxied, "leadership_fall")
    invented = card(evaluation.metrics | {"synthetic": True}, "leadership_fall")
    assert "Synthetic England: every school and grade is invented." in invented
    assert "Real English schools" not in invented


def test_earlier_pairs_are_told_with_what_is_assumed_of_them(evaluation: Evaluation) -> None:
    text = card(evaluation.metrics, "leadership_fall")
    assert "earlier pairs" not in text
    metrics = json.loads(json.dumps(evaluation.metrics))
    own = metrics["outcomes"]["leadership_fall"]
    own["earlier_pairs"] = {"weight": 0.3, "starts": "2012-01-01", "published_after_days": 30, "lead_months": 4}
    own["tests"]["if_inspected"]["folds"][0]["earlier_pairs"] = 3694
    told = card(metrics, "leadership_fall")
    assert "overall grade stands for the leadership grade before" in told
    assert "30 days after the visit" in told
    assert "weight 0.3" in told
    assert "from 1 January 2012 to the first list: 3,694 in if_inspected/last." in told


def test_an_outcome_that_was_not_tested_has_a_card_that_says_so(evaluation: Evaluation) -> None:
    assert "Not tested: no results by disadvantage." in card(evaluation.metrics, "gap_widening")
    assert untested_reasons(evaluation.metrics) == [
        "The disadvantage gap widens: not tested: no results by disadvantage"
    ]


def test_the_summary_has_one_row_per_test_with_ceilings(evaluation: Evaluation) -> None:
    rows = list(summary_rows(evaluation.metrics))
    assert len(rows) == 1
    assert len(rows[0]) == len(HEADINGS)
    assert rows[0][-1] == "free school meals alone"


def test_the_folder_is_whole_and_the_same_each_time(evaluation: Evaluation, tmp_path: Path) -> None:
    first = write_evaluation(evaluation, tmp_path / "a", VERSIONS, force=False)
    second = write_evaluation(evaluation, tmp_path / "b", VERSIONS, force=False)
    names = {"metrics.json", "predictions.csv", "card.md", "manifest.json"}
    assert {path.name for path in first.iterdir()} == names
    for name in names:
        assert _sha(first / name) == _sha(second / name), name
    read = pd.read_csv(first / "predictions.csv", encoding="utf-8-sig")
    assert tuple(read.columns) == PREDICTION_COLUMNS
    assert np.array_equal(read["p"], evaluation.predictions["p"])
    assert (first / "card.md").read_text(encoding="utf-8") == scenario_cards(evaluation.metrics)


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_existing_folder_is_kept_without_force(evaluation: Evaluation, tmp_path: Path) -> None:
    write_evaluation(evaluation, tmp_path / "a", VERSIONS, force=False)
    with pytest.raises(UsageError, match="already exists"):
        write_evaluation(evaluation, tmp_path / "a", VERSIONS, force=False)
    write_evaluation(evaluation, tmp_path / "a", VERSIONS, force=True)


def test_a_failure_half_way_leaves_nothing(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise RuntimeError("half way")

    monkeypatch.setattr("pilotage.report.folder.scenario_cards", fail)
    with pytest.raises(RuntimeError, match="half way"):
        write_evaluation(evaluation, tmp_path / "a", VERSIONS, force=False)
    assert list(tmp_path.iterdir()) == []


def test_each_outcome_gets_its_card_and_metrics_in_its_own_folder(evaluation: Evaluation, tmp_path: Path) -> None:
    written = write_cards(evaluation, tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == [
        "gap_widening/cards/england.md",
        "gap_widening/metrics/england.json",
        "leadership_fall/cards/england.md",
        "leadership_fall/metrics/england.json",
    ]
    one = json.loads((tmp_path / "leadership_fall/metrics/england.json").read_text(encoding="utf-8"))
    assert list(one["outcomes"]) == ["leadership_fall"]


SHIPPED = sorted(assets.models().glob("*/metrics/*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_no_shipped_card_was_edited_by_hand(path: Path) -> None:
    metrics = json.loads(path.read_text(encoding="utf-8"))
    page = path.parent.parent / "cards" / f"{path.stem}.md"
    assert page.read_text(encoding="utf-8") == card(metrics, path.parent.parent.name)


def test_every_shipped_card_has_its_metrics() -> None:
    cards = {(path.parent.parent.name, path.stem) for path in assets.models().glob("*/cards/*.md")}
    assert cards == {(path.parent.parent.name, path.stem) for path in SHIPPED}
