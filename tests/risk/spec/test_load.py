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
        (
            ("outcome: leadership_fall", "outcome: [leadership_fall"),
            "leadership_fall/spec.yaml, line 3 - [ and ] do not match",
        ),
        (
            ("{starts: null, ends: null}", "{starts: 2014-01-01, ends: 2014-01-01}"),
            "label_window - starts 2014-01-01 is not before ends 2014-01-01",
        ),
        (
            ("trained_to: 2014-04-30, tested_from: 2014-09-01", "trained_to: 2014-09-02, tested_from: 2014-09-01"),
            "folds, entry 1 - a fold is tested after it is trained: trained_to <= tested_from <",
        ),
        (("outcome: leadership_fall", "outcome: leadership_stuck"), "line 2: outcome - found leadership_stuck"),
        (("kind: temporal", "kind: yearly"), "folds, entry 1.kind - found 'yearly' - one of held_out_region, temporal"),
        (("kind: temporal, ", ""), "folds, entry 1 - no key `kind`, which says of what kind it is"),
        (("trained_to: 2014-04-30, tested_from", "trained_to: 30/04/2014, tested_from"), "write 2014-04-30"),
        (
            ("interval: 0.9", "interval: 0,9"),
            "interval - found '0,9' - a number of more than 0, less than 1 - write 0.9",
        ),
        (("leadership judged {value}", "leadership judged {valu}"), "braces may hold nothing but"),
        (("leadership judged {value}", "leadership judged {value"), "braces may hold nothing but"),
        (("inspections.leadership_grade,", f"{'x' * 9_000}.y,"), "no table 'xxx"),
        (
            ("as_of: 2013-04-30, labels_to: 2014-12-31", "as_of: 2014-12-31, labels_to: 2014-12-31"),
            "folds, entry 2 - labels come after the date: as_of < labels_to",
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
    assert max(map(len, str(caught.value).splitlines())) < 1_000


def test_the_problems_of_every_spec_are_told_at_once(tmp_path: Path) -> None:
    for folder in assets.models().iterdir():
        (tmp_path / folder.name).mkdir()
        (tmp_path / folder.name / "spec.yaml").write_bytes(b"label: caf\xe9\n")
    with pytest.raises(ScenarioError) as caught:
        load_specs(tmp_path)
    assert len(caught.value.problems) == 3
    assert "gap_widening/spec.yaml, line 1 - a character that is not in UTF-8" in str(caught.value)
