"""Scenarios planned on a Dask cluster: the same work, sent to workers that have this version of Pilotage.

Nothing is kept on the cluster. A worker that ends loses what it was doing, which another does again; a result counts
as finished when it is here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any

from pilotage.domain.findings.sweep import Result
from pilotage.errors import DataError, Problem, UsageError, expect_extra
from pilotage.study.sweep.planned import OtherVersionError, Shared, Task, plan_task

CONNECT_SECONDS = 5.0
WAIT_SECONDS = 0.5  # between two looks at the cluster
NOBODY_SECONDS = 20.0  # without any worker
ATTEMPTS = 3  # to send what is left, where the cluster lost what it was sent
OPTION = "--cluster"


class _LostError(Exception):
    """The cluster has lost what it was sent."""


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Yield a client of the Dask cluster whose scheduler answers at an address, as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    UsageError
        Where Dask is not installed, or the address is none.
    DataError
        Where nothing answers within seconds.
    """
    distributed = expect_extra(OPTION, "Dask", "distributed", "cluster")
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it says, the command says in words
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS)
    except OSError:
        what, do = f"no scheduler answers at {address} within {CONNECT_SECONDS:g} seconds", "start it, or correct it"
        raise DataError(Problem(OPTION, what, "the address of a Dask scheduler that runs", do)) from None
    except ValueError:
        what = f"{address!r} is no address"
        raise UsageError(Problem(OPTION, what, "an address as tcp://10.0.0.5:8786", "correct it")) from None
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_SECONDS)


def planned_there(client: Any, shared: Shared, tasks: Sequence[Task]) -> Iterator[tuple[str, Result]]:
    """Yield the key and the result of each task as it arrives, in any order.

    Raises
    ------
    DataError
        Where the scheduler no longer answers, no worker is there, or a worker can't do the work.
    """
    left = {task.key: task for task in tasks}
    for _ in range(ATTEMPTS):
        try:
            for key, result in _sent(client, shared, list(left.values())):
                del left[key]
                yield key, result
            return
        except _LostError:
            continue
    raise _gave_up(f"the cluster lost its workers {ATTEMPTS} times", "workers that stay", "see to its workers")


def _sent(client: Any, shared: Shared, tasks: Sequence[Task]) -> Iterator[tuple[str, Result]]:
    """Send tasks, and yield each result as it arrives."""
    from distributed import wait

    _expect_workers(client)
    held = _scattered(client, shared)
    waiting = {client.submit(plan_task, held, task, pure=False): task.key for task in tasks}
    try:
        while waiting:
            try:
                wait(list(waiting), timeout=WAIT_SECONDS, return_when="FIRST_COMPLETED")
            except TimeoutError:
                _expect_workers(client)
                continue
            except CancelledError:
                raise _lost(client) from None
            for future in [each for each in waiting if each.status != "pending"]:
                yield waiting.pop(future), _result(client, future)
    finally:
        with suppress(OSError, TimeoutError, CancelledError):
            if client.status == "running":
                client.cancel(list(waiting))


def _scattered(client: Any, shared: Shared) -> Any:
    """Send what the tasks share to every worker, once."""
    try:
        return client.scatter(shared, broadcast=True, hash=False)
    except (TimeoutError, OSError):
        raise _LostError from None


def _result(client: Any, future: Any) -> Result:
    from distributed.scheduler import KilledWorker

    if future.status in ("cancelled", "lost"):
        raise _lost(client)
    error = future.exception() if future.status == "error" else None
    if error is None:
        try:
            result: Result = future.result(timeout=NOBODY_SECONDS)
        except (TimeoutError, CancelledError):  # its worker ended before the result was here
            raise _lost(client) from None
        return result
    if isinstance(error, OtherVersionError):
        raise _gave_up(f"a worker has {error}", "workers with the versions of this machine", "install the same there")
    if isinstance(error, KilledWorker):
        what = "workers ended again and again at the same scenario"
        raise _gave_up(what, "workers with enough memory", "give them more, or run without --cluster")
    what = f"a worker can't do the work ({type(error).__name__}: {error})"
    raise _gave_up(what, "workers with this Pilotage installed", "install the same there as here")


def _lost(client: Any) -> _LostError:
    """Return that the cluster lost what it was sent; raise instead where it can't be sent again."""
    _expect_workers(client)
    return _LostError()


def _expect_workers(client: Any) -> None:
    """Wait a while for a worker where there is none, and raise where none comes or the scheduler is gone."""
    start = time.monotonic()
    while client.status == "running":
        if client.scheduler_info(n_workers=-1)["workers"]:
            return
        if time.monotonic() - start > NOBODY_SECONDS:
            what = f"no worker for {NOBODY_SECONDS:g} seconds"
            raise _gave_up(what, "at least one worker at the scheduler", "start workers there")
        time.sleep(WAIT_SECONDS)
    raise _gave_up("the scheduler no longer answers", "a scheduler that runs", "start it again")


def _gave_up(what: str, allowed: str, do: str) -> DataError:
    return DataError(Problem(OPTION, what, allowed, f"{do}, and run again: finished scenarios are kept"))
