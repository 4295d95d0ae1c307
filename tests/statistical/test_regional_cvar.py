"""Worst draws at regional size: 2,000 schools, 100 leaders, 200 draws, proven and audited."""

from pathlib import Path

import pytest

from pilotage import pipeline
from pilotage.config.overlay import resolve
from pilotage.sources.sample.build import write

SETTINGS = [
    *("pool.source=synthetic", "pool.size=100", "pool.posts_per_leader=20"),
    *("rules.consent=null", "rules.level=null", "rules.need-floor=null", "scope.phases=[]"),
]


@pytest.mark.slow
def test_a_region_is_proven_over_all_its_draws(tmp_path: Path) -> None:
    write(tmp_path / "data", 2_000, 100, 5)
    record = pipeline.run(resolve("cvar", [f"data.folder={(tmp_path / 'data').as_posix()}", *SETTINGS]))
    assert len(record.urns) == 2_000
    assert len(record.pool.leaders) == 100
    assert len(record.problem.benefit) > 5_000
    assert record.cvar is not None
    assert (record.cvar.draws, record.cvar.worst) == (200, 20)
    assert record.plan.status.value == "optimal"
    assert record.plan.gap == 0
    assert record.audit.clean, [check for check in record.audit.checks if not check.holds]
    assert record.cvar.worst_mean > record.cvar.expected_plan_worst_mean
    assert record.cvar.mean <= record.cvar.expected_plan_mean
