"""Train, save and load models, keyed by spec, training rows and seed; refused where anything else differs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version

from pilotage.assets import Store
from pilotage.domain.checksums import Checksum
from pilotage.domain.progress import Progress, time_left
from pilotage.risk.estimators.additive import Additive
from pilotage.risk.estimators.artefact import Origin, content_of, model_of, packed, stored
from pilotage.risk.estimators.boosting import fitted
from pilotage.risk.estimators.heterogeneity import heterogeneity
from pilotage.risk.estimators.rows import TrainingSet
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import spec_hash

LIBRARIES = ("interpret-core", "scikit-learn", "numpy", "pandas")


def trained(
    spec: LeadershipSpec, training: TrainingSet, seed: int, *, store: Store, say: Callable[[str], None]
) -> Additive:
    """Return the model of these rows, from the store if it holds it; a refused artefact is set aside.

    With a record of all pairs, the model also says how far schools that look the same differ in their own chance; with
    earlier pairs, a part of it is learnt from them.
    """
    origin = origin_of(spec, training, seed)
    name = f"estimators/{spec.outcome}-{origin.spec[:8]}-{origin.data[:16]}-{seed}.zip"
    content = stored(store, name, origin, say)
    if content is not None:
        return model_of(content)
    say(f"Training {spec.outcome} on {len(training.pairs.label):,} pairs of inspections")
    model = fitted(spec, training, seed, _reporter(spec.outcome, say))
    if training.record is not None:
        model = replace(model, heterogeneity=heterogeneity(spec, training.record, seed))
    store.write(name, packed(content_of(model), origin))
    return model


def origin_of(spec: LeadershipSpec, training: TrainingSet, seed: int) -> Origin:
    """Return what a model of these rows is made from."""
    checksum, features = Checksum(), list(spec.features)
    pairs, record, earlier_pairs = training.pairs, training.record, training.earlier_pairs
    checksum.rows(pairs.frame[features]).array(pairs.label).array(pairs.schools)
    if record is not None:
        checksum.rows(record.frame[features]).array(record.before).array(record.after).array(record.schools)
    if earlier_pairs is not None:
        checksum.rows(earlier_pairs.frame[features]).array(earlier_pairs.label).array(earlier_pairs.schools)
    return Origin(spec_hash(spec), checksum.hex, seed, {name: version(name) for name in LIBRARIES})


def _reporter(outcome: str, say: Callable[[str], None]) -> Callable[[int, int], None]:
    """Return what says how many resamples are done and how long the rest will take."""
    start = time.monotonic()

    def report(done: int, total: int) -> None:
        left = time_left(time.monotonic() - start, done, total)
        say(Progress(f"Training {outcome}: {done} of {total} resamples, {left}", done, total))

    return report
