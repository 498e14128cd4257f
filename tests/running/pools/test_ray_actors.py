"""Who gets which task, and what becomes of lost workers: on a Ray that is faked, where all happens at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sslkit.errors import SSLKitError
from sslkit.running.pools import Event, ray_actors
from sslkit.running.pools.ray_actors import ActorPool, ActorSettings
from sslkit.running.pools.ray_worker import EventQueue

SETTINGS = ActorSettings(Path("here"), Path("here/.ray-mark"), 2, ("plugin.py",), {"A": "b"}, on_gpus=True)


class RayError(Exception):
    """Whatever Ray says."""


class FakeRay:
    """``remote`` calls a method at once; ``wait`` gives the first reference, ``get`` its value or its error."""

    def __init__(self, answer: Callable[[int, int], Any], started: str | Exception = "") -> None:
        self.answer, self.started = answer, started
        self.killed: list[Any] = []
        self.actors: list[Any] = []
        self.options: list[dict[str, Any]] = []
        self.exceptions = SimpleNamespace(RayError=RayError)

    def remote(self, kind: type) -> Any:
        def options(**given: Any) -> Any:
            self.options.append(given)
            return SimpleNamespace(remote=self._queue if kind is EventQueue else self._worker)

        return SimpleNamespace(options=options)

    def _queue(self) -> Any:
        queue = EventQueue()
        names = ("put", "take", "stop")
        return SimpleNamespace(**{name: SimpleNamespace(remote=getattr(queue, name)) for name in names})

    def _worker(self, queue: Any) -> Any:
        name = len(self.actors)
        self.actors.append(name)
        actor = SimpleNamespace(
            name=name,
            start=SimpleNamespace(remote=lambda *_: Reference(self.started)),
            run=SimpleNamespace(remote=lambda number, task: Reference(self.answer(name, number))),
        )
        return actor

    def wait(
        self, references: list[Any], timeout: float = 0, num_returns: int = 1
    ) -> tuple[list[Any], list[Any]]:
        return references[:num_returns], references[num_returns:]

    def get(self, reference: Any) -> Any:
        value = reference.value if isinstance(reference, Reference) else reference
        if isinstance(value, Exception):
            raise value
        return value

    def kill(self, actor: Any) -> None:
        self.killed.append(getattr(actor, "name", "queue"))


class Reference:
    """Of something to come."""

    def __init__(self, value: Any) -> None:
        self.value = value


def work(monkeypatch: pytest.MonkeyPatch, ray: FakeRay, tasks: int, workers: int) -> list[Event]:
    monkeypatch.setitem(sys.modules, "ray", ray)  # type: ignore[arg-type]
    told: list[Event] = []
    given: list[Any] = [object() for _ in range(tasks)]
    pool = ActorPool(given, workers, SETTINGS, told.append)
    try:
        pool.work()
    finally:
        pool.release()
    return told


def test_each_task_is_done_once_by_workers_that_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(lambda worker, number: Event(number, "done"))
    told = work(monkeypatch, ray, tasks=5, workers=2)
    assert [event.task for event in told] == [0, 1, 2, 3, 4]
    assert ray.actors == [0, 1] and ray.killed == [0, 1, "queue"]
    assert ray.options[1] == {"num_cpus": 2, "num_gpus": 1, "runtime_env": {"env_vars": {"A": "b"}}}


def test_no_more_workers_than_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(lambda worker, number: Event(number, "done"))
    work(monkeypatch, ray, tasks=1, workers=8)
    assert ray.actors == [0]


def test_a_lost_worker_costs_its_task_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(lambda worker, number: RayError("node died") if worker == 0 else Event(number, "done"))
    told = work(monkeypatch, ray, tasks=3, workers=1)
    assert [(event.task, event.status) for event in told] == [(0, "failed"), (1, "done"), (2, "done")]
    assert told[0].words == "its Ray worker was lost (RayError: node died)."
    assert ray.actors == [0, 1] and ray.killed[0] == 0


@pytest.mark.parametrize(
    ("started", "said"),
    [
        (RayError("no module named sslkit"), "a Ray worker cannot start: RayError: no module named sslkit"),
        ("the Ray node x does not see y.", "the Ray node x does not see y."),
    ],
)
def test_workers_that_cannot_start(
    monkeypatch: pytest.MonkeyPatch, started: str | Exception, said: str
) -> None:
    ray = FakeRay(lambda worker, number: pytest.fail("was given a task"), started)
    with pytest.raises(SSLKitError, match=said):
        work(monkeypatch, ray, tasks=2, workers=2)
    assert "queue" in ray.killed


def test_a_stop_on_a_node_stops_all(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = FakeRay(lambda worker, number: Event(number, "stopped" if number == 1 else "done"))
    with pytest.raises(KeyboardInterrupt):
        work(monkeypatch, ray, tasks=4, workers=1)


def test_the_cause_is_named_not_the_wrapper() -> None:
    error = RayError("long traceback")
    error.cause = ValueError("the cause\nand more")  # type: ignore[attr-defined]
    assert ray_actors._reason(error) == "ValueError: the cause"
