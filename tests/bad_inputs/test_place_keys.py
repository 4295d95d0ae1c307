"""Names of places and trusts that nothing has, in every key that takes them: each with the key and the nearest name."""

import pytest

from pilotage import assets
from pilotage.case.case import Case
from pilotage.config.overlay import resolve
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import PilotageError
from pilotage.placement.formulation.names import check_names
from pilotage.placement.prospects import with_prospects
from pilotage.sources import assemble, evidence
from pilotage.sources.pool import tables

PINNED = "leader_id: SYN-L0001, reason: r, author: a"


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    return assemble.load_panel(resolve("baseline").scenario, cache=assets.cache(), say=lambda _: None)


def _named(panel: SchoolPanel, settings: tuple[str, ...]) -> None:
    scenario = resolve("baseline", settings).scenario
    urns = assemble.scope_urns(panel, scenario)
    leaders, posts = tables.load_pool(scenario, panel)
    check_names(with_prospects(Case(scenario, panel, urns, leaders, posts, evidence.load_evidence({}))))


def _refused(panel: SchoolPanel, *settings: str) -> list[str]:
    """Return what a scenario is refused with once its schools and its pool are known."""
    with pytest.raises(PilotageError) as caught:
        _named(panel, settings)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


def _trust(panel: SchoolPanel) -> str:
    return str(sorted(panel.schools["trust"].dropna().unique())[0])


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("scope.trusts=[{}]", "scope.trusts"),
        ("scope.exclude_trusts=[{}]", "scope.exclude_trusts"),
        ("scope.areas=['trust: {}']", "scope.areas"),
        ("rules.cap={{rule: trust_cap, count: 1, trusts: [{}]}}", "rules.cap.trusts"),
        ("rules.cap={{rule: trust_cap, count: 1, areas: ['trust: {}']}}", "rules.cap.areas"),
        ("rules.ask={{rule: area_minimum, count: 1, areas: 'trust: {}'}}", "rules.ask.areas"),
        ("rules.ask={{rule: area_minimum, count: 1, each: true, areas: ['trust: {}']}}", "rules.ask.areas"),
    ],
)
def test_an_unknown_trust_gets_the_nearest(panel: SchoolPanel, setting: str, key: str) -> None:
    name = _trust(panel)
    (problem,) = _refused(panel, setting.format(f"{name}s"))
    assert problem.startswith(f"{key} - no trust is called '{name}s'")
    assert problem.endswith(f"did you mean {name!r}?")


@pytest.mark.parametrize("kind", ["region", "authority", "district", "area", "list"])
@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("scope.areas=[{}]", "scope.areas"),
        ("rules.a={{rule: area_minimum, count: 1, each: true, areas: [{}]}}", "rules.a.areas"),
        ("rules.a={{rule: area_maximum, count: 1, areas: {}}}", "rules.a.areas"),
        ("rules.a={{rule: region_cap, count: 1, areas: [{}]}}", "rules.a.areas"),
        ("rules.a={{rule: authority_cap, count: 1, areas: [{}]}}", "rules.a.areas"),
        ("objective.equity_weights.areas={{{}: 2}}", "objective.equity_weights.areas"),
    ],
)
def test_an_unknown_place_of_a_kind_is_refused(panel: SchoolPanel, setting: str, key: str, kind: str) -> None:
    (problem,) = _refused(panel, setting.format(f"'{kind}: Atlantis'"))
    assert problem.startswith(key)
    assert "is called 'Atlantis'" in problem


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("pool.leave_out=[SYN-L0001, SYN-L9999]", "pool.leave_out - no such leader_id 'SYN-L9999'"),
        (f"pins.a={{{PINNED}, urn: 900001, post_id: SYN-P00001}}", "pins.a - needs either post_id or urn"),
        (f"pins.a={{{PINNED}}}", "pins.a - needs either post_id or urn"),
        (f"pins.a={{{PINNED}, urn: 1}}", "pins.a.urn - no such urn '1'"),
    ],
)
def test_leaders_and_pins_that_are_not_are_refused(panel: SchoolPanel, setting: str, words: str) -> None:
    (problem,) = _refused(panel, setting)
    assert problem.removeprefix("--set pins.a: ").removeprefix("--set ").startswith(words)


@pytest.mark.parametrize("prospects", [(), ("pool.prospects={levels: [head]}",)])
def test_a_pin_on_a_school_out_of_scope_says_so(panel: SchoolPanel, prospects: tuple[str, ...]) -> None:
    london = int(panel.schools.loc[panel.schools["region"] == "London", "urn"].iloc[0])
    (problem,) = _refused(panel, "scope.regions=[North West]", f"pins.a={{{PINNED}, urn: {london}}}", *prospects)
    assert problem.startswith("pins.a.urn - ")
    assert "scope" in problem
