"""The actors of a run on Ray, as objects of this process."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sslkit.running.pools import Event, Task, ray_worker
from sslkit.running.pools.ray_worker import EventQueue, Worker


def test_the_queue_carries_events_once_and_the_wish_to_stop() -> None:
    queue, events = EventQueue(), [Event(0, "running", 1, 2), Event(0, "running", 2, 2)]
    assert not queue.put(events)
    assert queue.take() == events
    assert queue.take() == []
    queue.stop()
    assert queue.put([])


def test_a_node_without_the_results_folder_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a worker goes to the driver's folder
    words = Worker(None).start(tmp_path, tmp_path / "elsewhere" / ".ray-mark", 1, ())
    assert f"does not see {tmp_path / 'elsewhere'}" in words


def test_all_events_of_a_task_are_in_the_queue_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = EventQueue()
    remote = SimpleNamespace(put=SimpleNamespace(remote=queue.put))
    monkeypatch.setitem(__import__("sys").modules, "ray", SimpleNamespace(get=lambda value: value))
    running = [Event(3, "running", step, 2) for step in (1, 2)]

    def run_task(number: int, task: Any, listen: Any) -> Event:
        for event in running:
            listen(event)
        return Event(number, "done")

    monkeypatch.setattr(ray_worker, "run_task", run_task)
    task: Any = Task
    assert Worker(remote).run(3, task) == Event(3, "done")
    assert queue.take() == running
