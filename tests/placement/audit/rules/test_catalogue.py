"""A rule is a file of one name in each room, and the audit's catalogue finds it."""

import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

import pilotage.config.rules as config_rules
import pilotage.placement.audit.rules as audit_rules
import pilotage.placement.rules as placement_rules
from pilotage.config.rules.catalogue import Rule
from pilotage.placement.audit.rules.catalogue import AUDITS, BY_MODEL, STRUCTURES, audit_of

MODELS = get_args(get_args(Rule)[0])
STRUCTURAL = {"asks", "support", "term"}  # every plan keeps them: no scenario has a rule of that name


def _names(room: ModuleType) -> set[str]:
    return {module.name for module in pkgutil.iter_modules(room.__path__)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_rule_has_a_file_of_one_name_in_each_room(model: type[Any]) -> None:
    name = model.__module__.rpartition(".")[2]
    for room in (config_rules, audit_rules, placement_rules):
        assert name in _names(room), f"{model.__name__}: {room.__name__} has no {name}.py"
    own = import_module(f"{audit_rules.__name__}.{name}").AUDITS
    assert [model in audit.models for audit in own].count(True) == 1


def test_every_file_of_the_audit_is_a_rule_with_a_test() -> None:
    by_model = {model.__module__.rpartition(".")[2] for model in MODELS}
    assert _names(audit_rules) - {"catalogue"} == by_model | STRUCTURAL
    assert _names(placement_rules) >= STRUCTURAL
    for name in by_model | STRUCTURAL:
        assert Path(__file__).with_name(f"test_{name}.py").is_file(), f"no planted breach of {name}"


def test_each_rule_is_either_on_a_pair_or_counted() -> None:
    assert set(BY_MODEL) == set(MODELS)
    assert len(STRUCTURES) == len(STRUCTURAL)
    for audit in AUDITS:
        assert (audit.satisfied is None) != (audit.recount is None), audit.models


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(TypeError, match="the audit does not know the rule int"):
        audit_of(1)
