"""Ctrl-C, at any stage: what is half-made goes, one sentence says what was kept, and the exit code is 130.

The signal becomes an exception of its own, which no library takes for something else. A library that computes outside
Python lets no exception through until it is done. So a thread waits a little and then ends the process itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

EXIT_CODE = 130
GRACE_SECONDS = 3.0
_pressed = threading.Event()
_ended = threading.Event()  # the main thread has seen to it
_sentences: list[str] = []  # of a command that writes no folder


class Interrupted(BaseException):
    """The user pressed Ctrl-C."""


def expect_interrupts() -> None:
    """Make Ctrl-C an ``Interrupted``, and have a thread see to it that the process then ends.

    Nothing changes where Ctrl-C is ignored (a command in the background of a shell), where this is done already, and
    outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, _interrupt):
        return
    wakes, wakened = socket.socketpair()
    wakened.setblocking(False)
    signal.set_wakeup_fd(wakened.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, _interrupt)
    threading.Thread(target=_end, args=(wakes,), daemon=True).start()


def say_when_interrupted(sentence: str) -> None:
    """Have a command that writes no folder end with a sentence of its own."""
    _sentences[:] = [sentence]


def said_interrupted() -> str:
    """Return the sentence that says what was kept."""
    if _sentences:
        return _sentences[0]
    from pilotage.case.writing.whole import written
    from pilotage.domain.words import printable

    folders = printable(", ".join(str(folder) for folder in written()))
    cache = "models and tables that were finished stay in the cache for the next run"
    return f"Stopped: written whole before that: {folders}." if folders else f"Stopped: no folder was written; {cache}."


def interrupted() -> bool:
    """Return whether Ctrl-C was pressed: a library may have made another exception of an ``Interrupted``."""
    return _pressed.is_set()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _pressed.set()
    raise Interrupted


def end_interrupted() -> NoReturn:
    """Remove what is half-made, say what was kept, and end the process."""
    from pilotage.case.writing.workspace import remove_own

    _ended.set()
    remove_own()  # Ctrl-C may have come while a place was being removed
    _say()
    sys.exit(EXIT_CODE)


def _say() -> None:
    with contextlib.suppress(OSError):  # standard error goes to a full disk
        print(said_interrupted(), file=sys.stderr, flush=True)


def _end(wakes: socket.socket) -> None:
    """Wait for Ctrl-C, then for the main thread; where that is still busy, end the process in its place."""
    while wakes.recv(1) != bytes([signal.SIGINT]):
        pass
    if not _ended.wait(GRACE_SECONDS):
        from pilotage.case.writing.workspace import remove_own

        remove_own()
        _say()
    else:
        time.sleep(GRACE_SECONDS)  # what runs beside the main thread may not be done yet
    os._exit(EXIT_CODE)
