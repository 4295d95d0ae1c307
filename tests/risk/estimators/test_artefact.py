"""The kept model: loaded as it was, refused when it is not what was asked for, and never overwritten."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.assets import Store
from pilotage.risk.estimators import train
from pilotage.risk.estimators.additive import Additive, LinearPart, Term
from pilotage.risk.estimators.artefact import CONTENT, Origin, Refused, content_of, model_of, packed, unpacked
from pilotage.risk.estimators.rows import LabelledRows, TrainingSet
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import load_specs

ORIGIN = Origin("spec", "data", 3, {"numpy": "2"})


def _model() -> Additive:
    steps = Term("pupils", np.array([10.0, 20.0]), None, np.arange(8.0).reshape(2, 4), np.arange(4.0))
    line = LinearPart(np.array([0.1, 0.3]), 0.2, 15.0, 5.0, 40.0)
    words = Term("phase", np.zeros(0), ("primary", "secondary"), np.ones((2, 4)), np.array([0.0, -1, 1, 0]))
    return Additive((replace(steps, linear=(line,)), words), np.array([0.5, 0.7]), 0.6, 0.1, 0.9, 0.25, 40)


def _packed() -> bytes:
    return packed(content_of(_model()), ORIGIN)


def _with_array(name: str, values: np.ndarray) -> bytes:
    """Return the file of the model with another array in the place of one of its own."""
    stream, array = BytesIO(), BytesIO()
    np.save(array, values)
    with zipfile.ZipFile(BytesIO(_packed())) as before, zipfile.ZipFile(stream, "w") as after:
        for each in before.namelist():
            after.writestr(each, array.getvalue() if each == name else before.read(each))
    return stream.getvalue()


def test_a_kept_model_is_the_same() -> None:
    frame = pd.DataFrame({"pupils": [1.0, 15.0, None, 90.0], "phase": ["primary", "secondary", None, "special"]})
    same = model_of(unpacked(_packed(), ORIGIN))
    np.testing.assert_array_equal(same.logit(frame), _model().logit(frame))
    np.testing.assert_array_equal(same.draws(frame), _model().draws(frame))
    assert (same.base_rate, same.trained_on) == (0.25, 40)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (replace(ORIGIN, spec="other"), "another spec"),
        (replace(ORIGIN, data="other"), "another data"),
        (replace(ORIGIN, seed=4), "another seed"),
        (replace(ORIGIN, versions={"numpy": "3"}), r"made with numpy 2 \(now 3\)"),
    ],
)
def test_a_model_of_another_origin_is_refused(asked: Origin, words: str) -> None:
    with pytest.raises(Refused, match=words):
        unpacked(_packed(), asked)


def test_the_same_model_gives_the_same_bytes() -> None:
    assert _packed() == _packed()


def test_an_altered_model_is_refused() -> None:
    with pytest.raises(Refused, match="was altered"):
        unpacked(_with_array("0.npy", np.array([0.501, 0.7])), ORIGIN)


def test_a_model_of_another_format_is_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr(CONTENT, '{"format": 4}')
    with pytest.raises(Refused, match="of another format"):
        unpacked(stream.getvalue(), ORIGIN)


@pytest.mark.parametrize("raw", [b"", b"not a zip", _packed()[:400]])
def test_a_damaged_model_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        unpacked(raw, ORIGIN)


def test_a_file_with_other_types_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="types that are not plain"):
        unpacked(_with_array("0.npy", np.array([tmp_path], dtype=object)), ORIGIN)


def test_a_refused_model_is_kept_aside_and_a_damaged_one_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(train, "fitted", lambda *_: _model())
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    frame = pd.DataFrame({name: [1.0, 2.0] for name in spec.features})
    training = TrainingSet(LabelledRows(frame, np.array([0, 1]), np.array([1.0, 2.0])))
    said: list[str] = []

    def again() -> None:
        train.trained(spec, training, 1, store=Store(tmp_path), say=said.append)

    again()
    (kept,) = (tmp_path / "estimators").iterdir()
    good, name = kept.read_bytes(), f"estimators/{kept.name}"
    again()
    assert said == ["Training leadership_fall on 2 pairs of inspections"]
    for number in (1, 2):
        Store(tmp_path).write(name, b"broken")  # whole, and no model
        again()
        assert Store(tmp_path).read(f"{name}.refused-{number}") == b"broken"
        assert "is refused: it cannot be read" in said[-2]
        assert kept.read_bytes() == good
    assert caplog.messages == []
    kept.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    again()
    assert kept.read_bytes() == good
    assert caplog.messages == [f"The stored file {name} is damaged. What it held is worked out again."]
