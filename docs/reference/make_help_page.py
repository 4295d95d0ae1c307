"""Print docs/reference/help.md from the commands themselves; a test keeps the page fresh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from page_tables import table
from typer.main import get_command

from pilotage.cli import app

HEAD = """# Help of every command

Made from the commands by `make docs`; do not edit by hand. Each command prints the same with `--help`.
[Commands](commands.md) says what each one does in full, what it writes, and its exit codes.
"""


def page() -> str:
    """Return the help of every command, in the order in which they are listed, in Markdown."""
    return "\n".join([HEAD, *(_section(name, command) for name, command in _commands("pilotage", get_command(app)))])


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, by its whole name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for short, below in inner.items():
        yield from _commands(f"{name} {short}", below)


def _section(name: str, command: Any) -> str:
    arguments = [each for each in command.params if not _is_option(each)]
    options = [each for each in command.params if _is_option(each) and each.name != "help" and not each.hidden]
    usage = " ".join([name, *(_written(each) for each in arguments), *(["[OPTIONS]"] if options else [])])
    parts = [f"## `{name}`\n", f"{command.help}\n", f"```text\n{usage}\n```\n"]
    if arguments:
        parts.append(table(("argument", "meaning"), ((f"`{_upper(each)}`", _meaning(each)) for each in arguments)))
    if options:
        parts.append(table(("option", "meaning"), ((_spelt(each), _meaning(each)) for each in options)))
    return "\n".join(parts)


def _is_option(parameter: Any) -> bool:
    return any(text.startswith("-") for text in parameter.opts)


def _upper(argument: Any) -> str:
    return str(argument.metavar or argument.name).upper()


def _written(argument: Any) -> str:
    return _upper(argument) if argument.required else f"[{_upper(argument)}]"


def _spelt(option: Any) -> str:
    names = [*option.opts, *option.secondary_opts]
    value = "" if option.is_flag or option.count else f" {_upper(option)}"
    return ", ".join(f"`{name}{value}`" for name in names)


def _meaning(parameter: Any) -> str:
    notes = ["Required." if parameter.required else "", "May be given several times." if parameter.multiple else ""]
    default = parameter.default
    if not parameter.required and default not in (None, False, True, ()) and not callable(default):
        notes.append(f"Default: `{default if isinstance(default, str | int | float) else default.as_posix()}`.")
    return " ".join(text for text in [parameter.help or "", *notes] if text)


if __name__ == "__main__":
    print(page(), end="")
