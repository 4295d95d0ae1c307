"""A command takes dataclasses of options; typer sees each field as an option of its own."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from pilotage.cli.options import Asked, Output, PlanOutput, spread


@dataclass(frozen=True)
class Place:
    """Two options."""

    town: Annotated[str, typer.Argument()]
    near: Annotated[list[str] | None, typer.Option("--near")] = None


def _said(*arguments: str) -> str:
    def tell(
        place: Place, year: Annotated[int, typer.Option("--year")], output: PlanOutput, loud: bool = False
    ) -> None:
        """Tell."""
        print(place, year, output.force, output.as_json, loud)

    app = typer.Typer()
    app.command()(spread(tell))
    done = CliRunner().invoke(app, list(arguments))
    return done.output if done.exit_code else done.output.strip()


def test_fields_are_options_and_come_back_as_their_dataclass() -> None:
    assert _said("Derby", "--year", "2016") == "Place(town='Derby', near=None) 2016 False False False"
    told = _said("Derby", "--near", "Ely", "--near", "York", "--year", "2016", "--force", "--json", "--loud")
    assert told == "Place(town='Derby', near=['Ely', 'York']) 2016 True True True"


@pytest.mark.parametrize("arguments", [("--year", "2016"), ("Derby",)])
def test_what_is_needed_is_asked_for(arguments: tuple[str, ...]) -> None:
    assert "Missing" in _said(*arguments)


def test_help_is_the_commands_own() -> None:
    told = _said("--help")
    assert all(text in told for text in ("Tell.", "--near", "--save-problem", "--out", "--loud"))


def test_a_plan_has_every_option_of_an_output() -> None:
    assert set(Output.__dataclass_fields__) < set(PlanOutput.__dataclass_fields__)
    assert Asked("baseline").resolved.scenario.name == "baseline"
