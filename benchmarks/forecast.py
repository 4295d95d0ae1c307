"""Training and forecasting all of England, beside peers on the same rows.

A synthetic England whose truth is known; peers are scikit-learn's histogram boosting and a logistic regression, which
give no interval and no reasons. Machines are noisy: read the ratios.

Usage: python benchmarks/forecast.py [SCHOOLS RESAMPLES]
"""

import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pilotage import assets
from pilotage.assets import Store
from pilotage.config.overlay import resolve
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features.compute import features
from pilotage.risk.forecast import forecast_risk
from pilotage.risk.leadership.training import training_pairs
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec, load_specs
from pilotage.sources import assemble
from pilotage.sources.sample import build


def main(schools: int = 20000, resamples: int = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole(schools, resamples, Path(folder))


def whole(schools: int, resamples: int, folder: Path) -> None:
    build.write(folder / "england", schools, 10, 7)
    scenario = resolve("baseline", [f"data.folder={(folder / 'england').as_posix()}"]).scenario
    panel = assemble.load_panel(scenario, cache=folder, say=print)
    urns, specs = assemble.scope_urns(panel, scenario), with_resamples(load_specs(assets.models()), resamples)
    truth = pd.read_csv(folder / "england" / "truth_schools.csv").set_index("urn")["p_below_good_2016"]
    start = time.perf_counter()
    found = forecast_risk(panel, scenario, urns, specs=specs, store=Store(folder), say=print).table
    seconds = time.perf_counter() - start
    known = found.dropna(subset=["p_fall_if_inspected"]).set_index("urn")["p_fall_if_inspected"]
    print(f"{len(urns):,} schools, {resamples} resamples, every outcome: {seconds:.1f} s; {against(known, truth)}")
    peers(panel, specs["leadership_fall"], known.index.to_numpy(), truth)


def with_resamples(specs: dict[str, Spec], resamples: int) -> dict[str, Spec]:
    changed: dict[str, Spec] = {}
    for name, spec in specs.items():
        part = (
            {"estimator": spec.estimator.model_copy(update={"resamples": resamples})} if name != "gap_widening" else {}
        )
        changed[name] = spec.model_copy(update=part)
    return changed


def against(p: pd.Series, truth: pd.Series) -> str:
    true = truth.reindex(p.index)
    return f"correlation with the true chance {np.corrcoef(p, true)[0, 1]:.3f}, mean error {(p - true).mean():+.4f}"


def peers(panel: SchoolPanel, spec: Spec, urns: np.ndarray, truth: pd.Series) -> None:
    assert isinstance(spec, LeadershipSpec)
    pairs = training_pairs(panel, spec, pd.Timestamp(panel.as_of))
    label = (pairs["after"] >= 3).to_numpy(dtype=int)
    asked = pd.DataFrame({"urn": urns, "on": pd.Timestamp(panel.as_of)})
    start = time.perf_counter()
    frames = [numbers(features(panel, rows, spec), spec) for rows in (pairs, asked)]
    print(f"features of {len(pairs) + len(asked):,} rows: {time.perf_counter() - start:.1f} s")
    logistic = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True),
        StandardScaler(),
        LogisticRegression(C=0.01, max_iter=1000),
    )
    for name, model in (("histogram boosting", HistGradientBoostingClassifier(random_state=1)), ("logistic", logistic)):
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(frames[0], label)
        p = pd.Series(model.predict_proba(frames[1])[:, 1], index=urns)
        print(f"{name}: {time.perf_counter() - start:.1f} s without resamples; {against(p, truth)}")


def numbers(frame: pd.DataFrame, spec: LeadershipSpec) -> np.ndarray:
    """Return the features as numbers, categories one column each."""
    nominal = [name for name, one in spec.features.items() if one.kind == "nominal"]
    plain = frame[[name for name in spec.features if name not in nominal]].astype(float)
    plain = plain.loc[:, plain.nunique() > 1]
    return plain.to_numpy()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
