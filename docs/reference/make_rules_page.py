"""Print docs/reference/rules.md from the catalogues of rules; a test keeps the page fresh."""

from __future__ import annotations

from typing import Any, get_args

from page_tables import table

from pilotage.config.rules.catalogue import MODELS
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.placement.rules.catalogue import all_traits
from pilotage.placement.rules.traits import RuleTraits

HEAD = """# Catalogue of rules

Made from the code of the rules by `make docs`; do not edit by hand. [The rules of a plan](../method/rules.md) says
why each is there and how they act together. [A rule in a scenario](../guide/a-rule.md) shows how to write one.

A rule **bars** pairs of leader and post before anything is chosen, or it **counts** over the plan. A rule is hard
(never broken). Where the table says so, it may have a `price` instead: the pupil-months that each unit of breach
costs the plan.
"""
OF_EVERY_RULE = ("rule", "hard", "price")


def page() -> str:
    """Return the catalogue of rules, in Markdown."""
    rows = ((f"[`{_key(each)}`](#{_key(each)})", *_short(each)) for each in MODELS)
    summary = table(("rule", "what it asks", "counts or bars", "unit", "hard or priced"), rows)
    return "\n".join([HEAD, summary, *(_section(each) for each in MODELS)])


def _key(model: type[RuleModel]) -> str:
    return str(get_args(model.model_fields["rule"].annotation)[0])


def _traits(model: type[RuleModel]) -> RuleTraits:
    return next(traits for traits in all_traits() if model in traits.models)


def _short(model: type[RuleModel]) -> tuple[str, str, str, str]:
    traits = _traits(model)
    unit = traits.unit.replace("_", "-").replace("pound", "£1,000" if traits.acts == "counts" else "pound")
    return _says(model), traits.acts, unit, "hard, or priced" if issubclass(model, Priced) else "always hard"


def _says(model: type[RuleModel]) -> str:
    """Return what the rule asks: the first paragraph of its docstring."""
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())


def _section(model: type[RuleModel]) -> str:
    said, acts, unit, hard = _short(model)
    kind = f"It {acts}; the unit is a {unit}; {hard}. {model.once}".rstrip()
    parts = [f"## `{_key(model)}`\n", f"{said}\n", f"{kind}\n"]
    keys = [_setting(name, field) for name, field in model.model_fields.items() if name not in OF_EVERY_RULE]
    if keys:
        parts.append(table(("key", "default", "meaning"), keys))
    reasons = [bar.words for bar in model.bars]
    if reasons:
        parts.append("Reasons in the lists: " + " · ".join(f"*{words}*" for words in reasons) + ".\n")
    return "\n".join(parts)


def _setting(name: str, field: Any) -> tuple[str, str, str]:
    if field.is_required():
        default = "(required)"
    else:
        value = field.get_default(call_default_factory=True)
        default = "" if value is None or value == () else f"`{_yaml(value)}`"
    return f"`{name}`", default, field.description or ""


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    print(page(), end="")
