"""The command ``serve``: only on this computer, and clear where it cannot start."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage import cli
from pilotage.cli import serving
from pilotage.errors import DataError, UsageError
from tests.sources.setup.books import filled


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((serving.HOST, 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def free() -> int:
    with socket.create_server((serving.HOST, 0)) as server:
        return int(server.getsockname()[1])


def test_without_streamlit_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r'pip install "pilotage\[workbench\]"'):
        serving.serve(browser=False)


def test_a_port_that_is_taken_is_named_with_another(taken: int) -> None:
    done = CliRunner().invoke(cli.app, ["serve", "--no-browser", "--port", str(taken)])
    assert isinstance(done.exception, UsageError)
    assert f"pilotage serve --port {taken + 1}" in str(done.exception)


def test_where_no_port_is_named_the_first_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_is_taken", lambda port: port in (8501, 8502))
    assert serving.first_free() == 8503
    monkeypatch.setattr(serving, "_is_taken", lambda port: True)
    with pytest.raises(UsageError, match="--port 8519"):
        serving.first_free()


def test_a_scenario_that_is_not_there_is_refused_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_given, **_named: pytest.fail("it was started"))
    done = CliRunner().invoke(cli.app, ["serve", "basline", "--no-browser"])
    assert "no such scenario" in str(done.exception)


def test_a_setup_workbook_is_opened_though_an_answer_is_wrong_and_not_if_it_is_not_there(tmp_path: Path) -> None:
    serving.expect_scenario(str(filled(tmp_path / "plan.xlsx")))
    serving.expect_scenario(str(filled(tmp_path / "wrong.xlsx", {"as_of": "soon"})))  # said in the workbench
    with pytest.raises(DataError, match="no such file"):
        serving.expect_scenario(str(tmp_path / "nowhere.xlsx"))


def test_the_server_listens_on_this_computer_alone_and_tells_nobody() -> None:
    command = serving.command("baseline", 8600)
    for flag in (
        "--server.address=127.0.0.1",
        "--server.port=8600",
        "--server.enableCORS=true",
        "--server.enableXsrfProtection=true",
        "--server.allowedHosts=127.0.0.1",
        "--browser.gatherUsageStats=false",
    ):
        assert flag in command
    assert command[-2:] == ["--", "baseline"]
    assert Path(command[4]).is_file()
    assert "--" not in serving.command(None, 8600)


@pytest.mark.parametrize("code", [0, 3])
def test_what_the_server_ends_with_is_passed_on(
    code: int, free: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "command", lambda *_given: [sys.executable, "-c", f"raise SystemExit({code})"])
    monkeypatch.setattr(serving, "open_when_ready", lambda *_given: None)
    if code:
        with pytest.raises(UsageError, match="ended with code 3"):
            serving.serve(port=free)
    else:
        serving.serve(port=free)
    assert f"http://127.0.0.1:{free}" in capsys.readouterr().out


SERVER = """
import signal, sys, time
def closes(*_):
    {closes}
signal.signal(signal.SIGINT, closes)
print("up", flush=True)
while True:
    time.sleep(0.05)
"""
SERVES = """
import sys
from pilotage import cli
from pilotage.cli import serving
serving.command = lambda *_given: [sys.executable, "-c", sys.argv[1]]
serving.ENDS_WITHIN = 0.3
sys.argv[1:] = ["serve", "--no-browser"]
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="the console of Windows sends Ctrl-C in another way")
@pytest.mark.parametrize(("closes", "said"), [("print('removed', flush=True); sys.exit()", True), ("pass", False)])
def test_at_ctrl_c_the_server_may_clear_up_and_no_run_folder_is_spoken_of(closes: str, said: bool) -> None:
    words = SERVES.replace("sys.argv[1]", repr(SERVER.format(closes=closes)))
    with subprocess.Popen(
        [sys.executable, "-c", words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    ) as running:
        assert running.stdout is not None
        assert any(line == "up\n" for line in running.stdout)
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate()
    assert (running.returncode, "removed" in out) == (130, said), err
    assert err == f"{serving.CLOSED}\n"


def test_the_browser_is_opened_once_the_server_answers(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[str]()
    monkeypatch.setattr(serving.typer, "launch", opened.append)
    serving.open_when_ready(taken, "http://here")
    assert opened == ["http://here"]


def test_no_browser_is_opened_where_the_server_never_answers(free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "STARTS_WITHIN", 0.3)
    monkeypatch.setattr(serving.typer, "launch", lambda _address: pytest.fail("opened"))
    serving.open_when_ready(free, "http://here")
