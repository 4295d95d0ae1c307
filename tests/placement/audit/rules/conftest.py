"""Plans made under looser rules, and looked at under stricter ones."""

from collections.abc import Callable
from typing import Any

import pytest

Refused = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def refused() -> Refused:
    """Return what the audit refuses of the best plan of a world without rules, once the scenario has these rules."""

    def refused_under(small: Any, benefit: list[list[float | None]], **keys: Any) -> dict[str, str]:
        problem, plan, impact = small.problem(benefit), small.plan(benefit), small.impact(benefit)
        need = keys.pop("need", None)
        more = {} if need is None else {"need": need}
        strict = small.with_rules(**{"rules": {}} | keys)
        counted = strict.recount(problem, plan, impact, **more)
        derived = strict.audit(problem, plan, impact, **more)
        wanted = {check.name: check.detail for check in counted.checks if not check.holds}
        rows = {check.name: check.detail for check in derived.checks if check.name == "constraints" and not check.holds}
        return wanted | rows

    return refused_under
