"""The sample's panel and its forecast, made once."""

from pathlib import Path

import pytest

from pilotage import assets
from pilotage.assets import Store
from pilotage.config.overlay import Resolved, resolve
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.forecast import forecast_risk
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec, load_specs
from pilotage.sources.assemble import load_panel, scope_urns


@pytest.fixture(scope="session")
def resolved() -> Resolved:
    return resolve("baseline")


@pytest.fixture(scope="session")
def panel(resolved: Resolved) -> SchoolPanel:
    return load_panel(resolved.scenario, cache=assets.cache(), say=print)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def specs() -> dict[str, Spec]:
    """Return the shipped specs with few resamples, so that a fit takes seconds."""
    found: dict[str, Spec] = {}
    for name, spec in load_specs(assets.models()).items():
        few = {}
        if isinstance(spec, LeadershipSpec):
            few["estimator"] = spec.estimator.model_copy(update={"resamples": 6})
            few["calibration"] = spec.calibration.model_copy(update={"folds": 2, "resamples": 2})
        found[name] = spec.model_copy(update=few)
    return found


@pytest.fixture(scope="session")
def forecast(resolved: Resolved, panel: SchoolPanel, specs: dict[str, Spec], cache: Path) -> RiskForecast:
    urns = scope_urns(panel, resolved.scenario)
    return forecast_risk(panel, resolved.scenario, urns, specs=specs, store=Store(cache), say=print)


@pytest.fixture(scope="session")
def fall() -> LeadershipSpec:
    spec = load_specs(assets.models())["leadership_fall"]
    assert isinstance(spec, LeadershipSpec)
    return spec


@pytest.fixture(scope="session")
def gap() -> GapSpec:
    spec = load_specs(assets.models())["gap_widening"]
    assert isinstance(spec, GapSpec)
    return spec
