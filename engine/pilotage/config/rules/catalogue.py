"""The catalogue of rules: which models the key `rules` of a scenario takes, by their key `rule`.

Each module of this folder that holds rules lists them in ``RULES``; nothing else does.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from pilotage.config.discover import declared_in
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import RuleBar
from pilotage.domain.findings.unplaced import NoPost

MODELS: tuple[type[RuleModel], ...] = tuple(declared_in(__package__ or "", "RULES"))

if TYPE_CHECKING:
    Rule = RuleModel
else:
    Rule = Annotated[reduce(or_, MODELS), Field(discriminator="rule")]


BARS: dict[str, RuleBar] = {bar.code: bar for model in MODELS for bar in model.bars}
NO_POSTS: dict[str, NoPost] = {
    reason.code: reason for model in MODELS for reason in (model.no_post, model.at_limit) if reason is not None
}
