"""Broken specs, each with its message."""

from pathlib import Path

import pytest

from pilotage import assets
from pilotage.errors import ScenarioError
from pilotage.risk.spec.load import load_specs


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("column: inspections.leadership_grade", "column: inspections.leadership_grad"),
            "did you mean 'leadership_grade'?",
        ),
        (("smallest_training", "smalest_training"), "did you mean 'smallest_training'?"),
        (("resamples: 60", "resamples: many"), "estimator.resamples"),
        (("outcome: leadership_fall", "outcome: [leadership_fall"), "is not YAML"),
        (
            ("{starts: null, ends: null}", "{starts: 2014-01-01, ends: 2014-01-01}"),
            "label_window - Value error, starts 2014-01-01 is not before ends 2014-01-01",
        ),
        (
            ("trained_to: 2014-04-30, tested_from: 2014-09-01", "trained_to: 2014-09-02, tested_from: 2014-09-01"),
            "folds.0.temporal - Value error, a fold is tested after it is trained: trained_to <= tested_from <",
        ),
        (
            ("as_of: 2013-04-30, labels_to: 2014-12-31", "as_of: 2014-12-31, labels_to: 2014-12-31"),
            "folds.1.held_out_region - Value error, labels come after the date: as_of < labels_to",
        ),
    ],
)
def test_a_broken_spec_is_told(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    for folder in assets.models().iterdir():
        (tmp_path / folder.name).mkdir()
        text = (folder / "spec.yaml").read_text(encoding="utf-8")
        broken = text.replace(*change) if folder.name == "leadership_fall" else text
        (tmp_path / folder.name / "spec.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_specs(tmp_path)
    assert words in str(caught.value)
    assert "leadership_fall" in str(caught.value)
