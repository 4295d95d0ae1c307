"""Arguments and options that several commands share, and how a command takes many of them as few nouns.

Typer makes one option of each parameter of a function. A command with ten options would so have ten parameters.
Here related options are the fields of a frozen dataclass (``Asked``, ``Output``), and a command takes that. ``spread``
shows typer the fields as parameters of their own, and hands the command its dataclasses::

    @dataclass(frozen=True)
    class Output:
        out: Annotated[Path | None, typer.Option("--out", help="Folder to write.")] = None
        force: Annotated[bool, typer.Option("--force")] = False

    def forecast(asked: Asked, output: Output) -> None: ...

    app.command()(spread(forecast))  # pilotage forecast SCENARIO --set ... --out ... --force
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from pilotage.cli.setup_workbook import correcting, scenario_of

if TYPE_CHECKING:
    from pilotage.config.overlay import Resolved
    from pilotage.study.what_if import WhatIf

Settings = Annotated[list[str] | None, typer.Option("--set", help="key=value laid over the scenario; repeatable.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no progress.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


@dataclass(frozen=True)
class Asked:
    """The scenario that a command is about."""

    scenario: Annotated[str, typer.Argument(help="A scenario: a path, a name in configs/, or a workbook.")]
    settings: Settings = None

    @property
    def resolved(self) -> Resolved:
        """Return the scenario with the settings laid over it."""
        return scenario_of(self.scenario, self.settings)


@dataclass(frozen=True)
class Asking:
    """What is asked beside the scenario, without editing a file."""

    without: Annotated[
        list[str] | None, typer.Option("--without", help="A leader who drops out: id or name; repeatable.")
    ] = None
    with_post: Annotated[
        list[Path] | None, typer.Option("--with-post", help="A table of posts to add: CSV or Excel; repeatable.")
    ] = None
    decisions: Annotated[
        list[Path] | None, typer.Option("--decisions", help="What was decided or answered: CSV, Excel; repeatable.")
    ] = None
    at_most: Annotated[
        int | None,
        typer.Option("--change-at-most", min=0, max=100_000, help="How many other placements may be given up."),
    ] = None
    last: Annotated[
        Path | None, typer.Option("--last", help="The run to compare with and to keep to; default the newest beside.")
    ] = None

    @property
    def what_if(self) -> WhatIf:
        """Return what is asked, as the study takes it."""
        from pilotage.study.what_if import WhatIf

        files = (tuple(self.with_post or ()), tuple(self.decisions or ()))
        return WhatIf(tuple(self.without or ()), *files, self.at_most)


@dataclass(frozen=True)
class Output:
    """The folder that a command writes, and whether it says what it does."""

    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write; default runs/<scenario>-<hash of inputs>.")
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")] = False
    quiet: Quiet = False


@dataclass(frozen=True)
class PlanOutput(Output):
    """What a command that plans writes and prints."""

    as_json: AsJson = False
    save_problem: Annotated[
        Path | None, typer.Option("--save-problem", help="Folder for the decision in integers, to re-solve elsewhere.")
    ] = None


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with each parameter that is a dataclass spread into its fields."""
    signature = inspect.signature(command, eval_str=True)
    groups: dict[str, Any] = {
        name: each.annotation for name, each in signature.parameters.items() if is_dataclass(each.annotation)
    }

    @wraps(command)
    def spread_command(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        asked = [each.scenario for each in given.values() if isinstance(each, Asked)]
        with correcting(asked[0]) if asked else nullcontext():
            command(**given)

    parameters = [part for each in signature.parameters.values() for part in _parts(each, groups)]
    spread_command.__dict__["__signature__"] = signature.replace(parameters=parameters)
    spread_command.__annotations__ = {each.name: each.annotation for each in parameters}
    return spread_command


def _parts(parameter: Parameter, groups: dict[str, Any]) -> Iterator[Parameter]:
    """Yield the parameter itself, or one for each field of its dataclass."""
    if parameter.name not in groups:
        yield parameter.replace(kind=Parameter.KEYWORD_ONLY)
        return
    group = groups[parameter.name]
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        default = Parameter.empty if field.default is MISSING else field.default
        yield Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[field.name])
