"""Scenarios planned on this machine: one after the other, or in parallel through joblib."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from hashlib import sha256

from joblib import Parallel, cpu_count, delayed
from joblib.externals.loky.process_executor import BrokenProcessPool

from pilotage.domain.findings.sweep import Result
from pilotage.errors import DataError, Problem
from pilotage.study.sweep.planned import Shared, Task, plan_task

ATTEMPTS = 3  # to plan what is left, where a worker was ended from outside
_held: dict[str, Shared] = {}  # of a worker: what its tasks share, by its checksum


def planned_here(shared: Shared, tasks: Sequence[Task], jobs: int | None) -> Iterator[tuple[str, Result]]:
    """Yield the key and the result of each task as it is finished, in any order.

    Parameters
    ----------
    jobs
        Processes at once; None = one for each core.

    Raises
    ------
    DataError
        Where workers are ended from outside again and again.
    """
    count = min(jobs or cpu_count(), len(tasks))
    if count <= 1:
        yield from ((task.key, plan_task(shared, task)) for task in tasks)
        return
    left = {task.key: task for task in tasks}
    for _ in range(ATTEMPTS):
        try:
            for key, result in _in_parallel(shared, list(left.values()), count):
                del left[key]
                yield key, result
            return
        except BrokenProcessPool:  # a worker was killed, as by a system that runs out of memory
            continue
    what = f"workers of this machine were ended from outside {ATTEMPTS} times, with {len(left):,} scenarios left"
    raise DataError(Problem("--jobs", what, "enough memory for each worker", "run again with --jobs 1"))


def _in_parallel(shared: Shared, tasks: Sequence[Task], jobs: int) -> Iterator[tuple[str, Result]]:
    content = pickle.dumps(shared)  # once for each worker, not for each task
    name = sha256(content).hexdigest()
    pool = Parallel(
        n_jobs=jobs,
        backend="loky",
        return_as="generator_unordered",
        batch_size=1,
        initializer=_hold,
        initargs=(name, content),
    )
    yield from pool(delayed(_plan_held)(name, task) for task in tasks)


def _hold(name: str, content: bytes) -> None:
    _held.clear()
    _held[name] = pickle.loads(content)


def _plan_held(name: str, task: Task) -> tuple[str, Result]:
    return task.key, plan_task(_held[name], task)
