"""The command ``serve``: the workbench in the browser, on this computer alone."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.interrupt import Interrupted, say_when_interrupted
from pilotage.cli.setup_workbook import scenario_of
from pilotage.cli.streams import flush_streams, say
from pilotage.errors import Problem, ScenarioError, UsageError

HOST = "127.0.0.1"
APP = Path(__file__).resolve().parent.parent / "workbench" / "app.py"
FLAGS = {
    "server.address": HOST,
    "server.headless": "true",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.allowedHosts": HOST,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": HOST,
    "client.toolbarMode": "minimal",
    "client.showErrorLinks": "false",
    "global.developmentMode": "false",
    "runner.magicEnabled": "false",
    "logger.level": "warning",
}
STARTS_WITHIN, ENDS_WITHIN = 60.0, 2.0  # seconds
CLOSED = "The workbench is closed. Plans that were not saved are gone."
FIRST, LAST = 8501, 8519  # ports that are tried where none is named
Port = Annotated[
    int | None, typer.Option("--port", min=1024, max=65535, help="The port; default the first free one from 8501.")
]


def serve(
    scenario: Annotated[str | None, typer.Argument(help="A scenario, or a setup workbook, to begin with.")] = None,
    port: Port = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
) -> None:
    """Open the workbench in the browser: set up, ask, plan, explain, compare, answer and export on this computer."""
    expect_streamlit()
    if scenario is not None:
        expect_scenario(scenario)
    port = first_free() if port is None else expect_free(port)
    address = f"http://{HOST}:{port}"
    say(f"The workbench is at {address} until you press Ctrl-C. Only this computer can open it.")
    flush_streams()
    if browser:
        threading.Thread(target=open_when_ready, args=(port, address), daemon=True).start()
    say_when_interrupted(CLOSED)
    code = run_server(command(scenario, port))
    if code:
        raise UsageError(Problem("serve", f"the workbench ended with code {code}", "", "see what it says above"))


def run_server(words: list[str]) -> int:
    """Run the server until it ends; at Ctrl-C, which reaches it too, give it time to remove what it kept for plans."""
    with subprocess.Popen(words) as server:
        try:
            return server.wait()
        except Interrupted:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(ENDS_WITHIN)
            server.kill()
            raise


def expect_scenario(scenario: str) -> None:
    """Refuse a scenario that cannot be read; wrong answers in a setup workbook are shown in the workbench."""
    from pilotage.sources.setup.scenario import is_workbook

    try:
        scenario_of(scenario, None)
    except ScenarioError:
        if not is_workbook(scenario):
            raise


def command(scenario: str | None, port: int) -> list[str]:
    """Return the command that starts the server of the workbench."""
    flags = [f"--{name}={value}" for name, value in {**FLAGS, "server.port": str(port)}.items()]
    return [sys.executable, "-m", "streamlit", "run", str(APP), *flags, *(["--", scenario] if scenario else [])]


def expect_streamlit() -> None:
    """Refuse where streamlit is not installed, and say how to install it."""
    if importlib.util.find_spec("streamlit") is None:
        do = 'python -m pip install "pilotage[workbench]", or `make run` in a copy of the project, which installs it'
        raise UsageError(Problem("serve", "streamlit is not installed", "Pilotage with its extra workbench", do))


def first_free() -> int:
    """Return the first free port: another workbench may be open, and each has its own question and plans."""
    return next((port for port in range(FIRST, LAST) if not _is_taken(port)), None) or expect_free(LAST)


def expect_free(port: int) -> int:
    """Return a port; refuse one that another program holds."""
    if not _is_taken(port):
        return port
    do = f"close the other workbench, or name another port: pilotage serve --port {port + 1}"
    raise UsageError(Problem(f"--port {port}", "another program is using it", "a free port", do))


def _is_taken(port: int) -> bool:
    """Return whether a program answers at a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        return tried.connect_ex((HOST, port)) == 0


def open_when_ready(port: int, address: str) -> None:
    """Open the browser once the server answers."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if _is_taken(port):
            typer.launch(address)
            return
        time.sleep(0.2)
