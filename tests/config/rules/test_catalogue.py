"""Rules are three files of one name, found by their folders; what they bring of their own is theirs alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pilotage
from pilotage.config.rules.catalogue import BARS, MODELS, NO_POSTS
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import Bar
from pilotage.domain.findings.unplaced import Why
from pilotage.placement.audit.rules.catalogue import AUDITS
from pilotage.placement.rules.catalogue import all_traits

PACKAGE = Path(pilotage.__file__).parent
STRUCTURE = {"asks", "support", "term"}  # what every plan keeps: no scenario names it


def _modules(attribute: str, folder: str) -> set[str]:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (PACKAGE / folder).glob("*.py")}
    return {name for name, text in texts.items() if f"\n{attribute}" in text and name != "catalogue"}


def _own(model: type[RuleModel], kind: Callable[[RuleModel], Any]) -> bool:
    return getattr(model, kind.__name__) is not kind


def test_each_rule_is_three_files_of_one_name() -> None:
    keys = _modules("RULES", "config/rules")
    assert {model.__module__.rpartition(".")[2] for model in MODELS} == keys
    assert _modules("RULES", "placement/rules") == keys | STRUCTURE
    audited = _modules("AUDITS", "placement/audit/rules") | _modules("STRUCTURE", "placement/audit/rules")
    assert audited == keys | STRUCTURE


def test_each_model_is_known_once_to_each_room() -> None:
    placed = [model for traits in all_traits() for model in traits.models]
    counted = [model for audit in AUDITS for model in audit.models]
    for models in (placed, counted):
        assert sorted(model.__name__ for model in models) == sorted(model.__name__ for model in MODELS)


def test_a_rule_counts_or_bars_as_its_traits_say() -> None:
    for traits in all_traits():
        bars = [part for part in (traits.closes, traits.matches, traits.reaches, traits.prunes) if part]
        assert (traits.acts == "counts") == bool(traits.rows or traits.always)
        assert bars or traits.acts == "counts"
        assert traits.soft == (bool(traits.models) and all(issubclass(model, Priced) for model in traits.models))


def test_a_rule_that_bars_brings_its_words() -> None:
    for traits in all_traits():
        for model in traits.models:
            assert _own(model, RuleModel.asks), model
            assert bool(model.bars) >= bool(traits.closes or traits.matches or traits.prunes), model
            assert not traits.closes or all(bar.wanted and bar.count for bar in model.bars), model
            assert model.no_post or not (traits.prunes or (traits.matches and not traits.matches.about_time)), model


def test_kinds_and_codes_are_told_apart() -> None:
    kinds = [kind for model in MODELS for kind in get_args(model.model_fields["rule"].annotation)]
    assert len(kinds) == len(set(kinds))
    assert len(BARS) == sum(len(model.bars) for model in MODELS)
    assert not set(BARS) & set(Bar)
    assert not set(NO_POSTS) & set(Why)
