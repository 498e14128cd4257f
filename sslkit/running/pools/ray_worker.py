"""Actors of a run on Ray: the workers, and the queue between them and the driver."""

from __future__ import annotations

import _thread
import os
import platform
import signal
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from sslkit.running.pools.tasks import Event, Task
from sslkit.running.pools.worker import run_task, set_up, stop_on_signals

PAUSE = 0.3  # seconds between two events of a worker


class EventQueue:
    """Takes the workers' events to the driver, and its wish to stop to them."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._stopping = False

    def put(self, events: list[Event]) -> bool:
        """Leave events; returns whether to stop."""
        self._events += events
        return self._stopping

    def take(self) -> list[Event]:
        """All events that were left since the last call."""
        events, self._events = self._events, []
        return events

    def stop(self) -> None:
        """Tell the workers to stop when they come."""
        self._stopping = True


class Worker:
    """Runs tasks in the actor's main thread, where signals interrupt them; a second thread carries the events."""

    def __init__(self, queue: Any) -> None:
        self._queue, self._events, self._carrying = queue, deque[Event](), threading.Lock()

    def start(self, folder: Path, mark: Path, threads: int, plugin_paths: tuple[str, ...]) -> str:
        """Get ready; returns why it cannot work here, nothing if it can."""
        try:
            os.chdir(folder)
            mark.stat()
        except OSError:
            return (
                f"the Ray node {platform.node()} does not see {mark.parent.absolute()} as this machine does. All nodes "
                "must share the file system of the config, the data and the results, under the same paths."
            )
        set_up(threads, plugin_paths)
        stop_on_signals()
        threading.Thread(target=self._carry_until_stopped, daemon=True).start()
        return ""

    def run(self, number: int, task: Task) -> Event:
        """Run one task; all its other events are in the queue before."""
        event = run_task(number, task, self._events.append)
        self._carry()
        return event

    def _carry_until_stopped(self) -> None:
        try:
            while not self._carry():
                time.sleep(PAUSE)
        except Exception:  # the driver is gone, and its successor may want the folder
            os._exit(1)
        _thread.interrupt_main(
            signal.SIGTERM
        )  # Ray's processes hold Ctrl-C back; this runs the handler as it is

    def _carry(self) -> bool:
        import ray

        with self._carrying:
            events = [self._events.popleft() for _ in range(len(self._events))]
            return bool(ray.get(self._queue.put.remote(events)))
