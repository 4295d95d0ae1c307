"""What a sweep says of a cluster: of a real Dask scheduler, with workers in threads of this process."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import LocalCluster

from pilotage.domain.findings.sweep import Came, Result
from pilotage.errors import DataError, Problem, UsageError
from pilotage.study.sweep import cluster, local
from pilotage.study.sweep.cluster import connected, planned_there
from pilotage.study.sweep.local import planned_here
from pilotage.study.sweep.planned import OtherVersionError, Task


def _planned(_shared: Any, task: Task) -> Result:
    return Result(Came.INFEASIBLE, problems=(Problem(task.key, "f", "a", "d"),))


def _other_version(_shared: Any, _task: Task) -> Result:
    raise OtherVersionError("pandas 1.0, not 3.0")


def _broken(_shared: Any, _task: Task) -> Result:
    raise ValueError("no such thing")


@pytest.fixture
def scheduler() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
    ) as made:
        yield made


def _tasks(*keys: str) -> list[Task]:
    none: Any = None
    return [Task(key, none, none) for key in keys]


def _asked(address: str, *keys: str) -> dict[str, Result]:
    with connected(address) as client:
        none: Any = None
        return dict(planned_there(client, none, _tasks(*keys)))


def test_every_task_comes_back_with_its_key(scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "plan_task", _planned)
    found = _asked(scheduler.scheduler_address, "a", "b", "c")
    assert {key: result.problems[0].where for key, result in found.items()} == {"a": "a", "b": "b", "c": "c"}


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (_other_version, "a worker has pandas 1.0, not 3.0"),
        (_broken, r"a worker can't do the work \(ValueError: no such thing\)"),
    ],
)
def test_a_worker_that_cannot_do_the_work_is_said(
    work: Any, said: str, scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "plan_task", work)
    with pytest.raises(DataError, match=said):
        _asked(scheduler.scheduler_address, "a")


def test_a_scheduler_without_workers_is_waited_for_and_then_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "NOBODY_SECONDS", 0.6)
    with (
        LocalCluster(n_workers=0, processes=False, protocol="tcp://", dashboard_address=None) as made,
        pytest.raises(DataError, match="no worker for"),
    ):
        _asked(made.scheduler_address, "a")


def test_a_scheduler_that_is_gone_is_said(scheduler: LocalCluster) -> None:
    none: Any = None
    with connected(scheduler.scheduler_address) as client:
        client.close()
        with pytest.raises(DataError, match="the scheduler no longer answers"):
            list(planned_there(client, none, _tasks("a")))


def test_an_address_that_is_none_or_that_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(DataError, match="no scheduler answers"), connected("tcp://127.0.0.1:9"):
        pass
    with pytest.raises(UsageError, match="is no address"), connected("nonsense://x"):
        pass


def test_a_cluster_that_loses_its_workers_again_and_again(
    scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[float]()

    def lost(*_anything: Any) -> Iterator[tuple[str, Result]]:
        tried.append(time.monotonic())
        if len(tried) == 1:
            yield "a", Result(Came.OPTIMAL)
        raise cluster._LostError

    monkeypatch.setattr(cluster, "_sent", lost)
    with pytest.raises(DataError, match="the cluster lost its workers 3 times"):
        _asked(scheduler.scheduler_address, "a", "b")
    assert len(tried) == 3


def test_workers_of_this_machine_that_are_ended_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = list[int]()

    def ended(_shared: Any, tasks: list[Task], _jobs: int) -> Iterator[tuple[str, Result]]:
        sent.append(len(tasks))
        if len(sent) == 1:
            yield tasks[0].key, Result(Came.OPTIMAL)
        raise local.BrokenProcessPool

    monkeypatch.setattr(local, "_in_parallel", ended)
    none: Any = None
    arrived = list[str]()
    with pytest.raises(DataError, match="ended from outside 3 times, with 2 scenarios left"):
        arrived += (key for key, _ in planned_here(none, _tasks("a", "b", "c"), 2))
    assert sent == [3, 2, 2]  # what is finished is not sent again
