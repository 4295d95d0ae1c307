"""Scenarios of a sweep that are finished: each kept at once as a whole file, by all that it was made from."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from pilotage.assets import Store
from pilotage.case.case import Case
from pilotage.case.versions import versions
from pilotage.config.overlay import Resolved
from pilotage.domain.checksums import Checksum
from pilotage.domain.findings.sweep import Result
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.inputs import in_order

FORM = 1  # of a kept result; another form takes another number
RESULT = TypeAdapter(Result)
CHANGE_NOTHING = ("why", "report")  # parts of a scenario that change no plan, and no word said of it


def forecast_checksum(forecast: RiskForecast) -> str:
    """Return a checksum of a forecast: its figures and its draws."""
    return Checksum().rows(forecast.table).rows(forecast.england).content(dict(forecast.draws)).hex


def key_of(resolved: Resolved, case: Case, forecast: str) -> str:
    """Return the key of a scenario's result: a checksum of its settings, files, evidence, forecast and of versions."""
    tree = resolved.scenario.model_dump(mode="json")
    settings = {name: part for name, part in tree.items() if name not in CHANGE_NOTHING}
    files = [[each.role, each.name, each.key, each.sha256] for each in in_order(case.inputs)]
    evidence = [[name, repr(each)] for name, each in sorted(case.evidence.parameters.items())]
    return Checksum().content([FORM, settings, files, evidence, forecast, versions()]).hex


def read_result(store: Store, key: str) -> Result | None:
    """Return a result that was kept; None where none is, or where it is damaged."""
    content = store.read(_name(key))
    try:
        return None if content is None else RESULT.validate_json(content)
    except ValidationError:
        return None


def keep_result(store: Store, key: str, result: Result) -> None:
    """Keep a result as a whole file, for its owner alone."""
    store.write(_name(key), RESULT.dump_json(result))


def _name(key: str) -> str:
    return f"sweeps/{key}.json"
