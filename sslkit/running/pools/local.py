"""Runs on processes of this machine, with progress, errors kept apart, and an orderly stop."""

from __future__ import annotations

import _thread
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, ClassVar, Self

import psutil

from sslkit.errors import SSLKitError
from sslkit.running.pools.gpus import gpus_to_divide, show_only, visible_gpus
from sslkit.running.pools.signals import held_back, ignore_more_interrupts, let_in, stop_signals_interrupt
from sslkit.running.pools.tasks import THREAD_VARIABLES, Event, Listener, Stopped, Task, divide
from sslkit.running.pools.worker import run_task, set_up, stop_on_signals

MOST_WORKERS = 61 if sys.platform == "win32" else sys.maxsize  # Windows waits for no more processes


class LocalPool:
    """Processes of this machine; one worker is this process itself."""

    name: ClassVar[str] = "local"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing outlives ``run_tasks``."""

    def resources(
        self, requested: int | None, threads: int | None, runs: int, device: str
    ) -> tuple[int, int]:
        """(workers, threads each); one worker on each GPU. Windows takes at most 61 workers."""
        requested = min(requested, MOST_WORKERS) if requested else None
        most = min(runs, MOST_WORKERS)
        gpus = {"cpu": 0, "cuda": len(visible_gpus()) or 1}.get(device, 1)
        return divide([cores()], requested, threads, most, gpus)

    def run_tasks(
        self,
        tasks: list[Task],
        workers: int,
        threads: int,
        plugin_paths: tuple[str, ...],
        listen: Listener,
    ) -> None:
        """Run all tasks; a failed one is reported and does not stop the others.

        Raises:
            Stopped: by a signal (Ctrl-C, Ctrl-Break, SIGTERM).
            SSLKitError: a worker was killed from outside.
        """
        with stop_signals_interrupt():
            if workers == 1:
                _run_here(tasks, threads, plugin_paths, listen)
            else:
                _run_in_pool(tasks, workers, threads, plugin_paths, listen)


def cores() -> int:
    """Of this machine, that this process may use."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        return len(process.cpu_affinity() or ()) or 1
    return os.cpu_count() or 1


def _run_here(tasks: list[Task], threads: int, plugin_paths: tuple[str, ...], listen: Listener) -> None:
    set_up(threads, plugin_paths)
    for number, task in enumerate(tasks):
        event = run_task(number, task, listen)
        listen(event)
        if event.status == "stopped":
            raise Stopped


def _run_in_pool(
    tasks: list[Task], workers: int, threads: int, plugin_paths: tuple[str, ...], listen: Listener
) -> None:
    context = multiprocessing.get_context("spawn")
    events: Any = context.Queue()
    stop, told = context.Pipe(duplex=False)  # closed to tell the workers: Windows has no signal for that
    os.environ.update(
        {name: str(threads) for name in THREAD_VARIABLES}
    )  # read by the workers' BLAS when it loads
    names = gpus_to_divide({task.experiment.training.device for task in tasks})
    gpus: Any = context.Queue() if names else None
    for number in range(workers if names else 0):
        gpus.put(names[number % len(names)])
    pool = ProcessPoolExecutor(workers, context, _start_worker, (events, stop, gpus, threads, plugin_paths))
    try:
        # A worker that is still importing must not meet a Ctrl-C; its process starts right here.
        with held_back(), _without_main():
            pending = {pool.submit(_run_in_worker, number, task) for number, task in enumerate(tasks)}
        _listen_until_done(pending, events, listen)
        pool.shutdown()
    except KeyboardInterrupt:
        ignore_more_interrupts()
        raise Stopped from None
    except BrokenProcessPool as error:
        raise SSLKitError(
            "a worker process was killed (out of memory?). Finished runs are kept; run the same command again, with "
            "--workers 1 if memory is short."
        ) from error
    finally:  # where all is done this is nothing; else it lets the workers save and go
        told.close()
        pool.shutdown(wait=True, cancel_futures=True)


def _listen_until_done(pending: set[Future[Event]], events: Any, listen: Listener) -> None:
    while pending:
        _drain(events, listen)
        for future in [future for future in pending if future.done()]:
            pending.remove(future)
            event = future.result()
            listen(event)
            if event.status == "stopped":
                raise KeyboardInterrupt


def _drain(events: Any, listen: Listener) -> None:
    deadline = time.monotonic() + 0.2
    while (left := deadline - time.monotonic()) > 0:
        try:
            listen(events.get(timeout=left))
        except queue.Empty:
            return


@contextmanager
def _without_main() -> Iterator[None]:
    """Processes that are started inside do not run the user's script once more, as ``spawn`` lets them.

    Workers need nothing of it, and so a script needs no ``if __name__ == "__main__"``.
    """
    main = sys.modules["__main__"]
    hidden = {name: value for name, value in vars(main).items() if name in ("__file__", "__spec__")}
    vars(main).update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        vars(main).update(hidden)


# In a worker process ----------------------------------------------------------------------------------------------

_events: Any = None
_idle = threading.Event()
PATIENCE = (
    2.0  # seconds without work, after being told to stop, in which a worker is let go or goes by itself
)


def _start_worker(events: Any, stop: Any, gpus: Any, threads: int, plugin_paths: tuple[str, ...]) -> None:
    global _events
    _events = events
    if gpus is not None:
        show_only(gpus.get())
    set_up(threads, plugin_paths)
    stop_on_signals()
    _idle.set()
    threading.Thread(target=_obey_parent, args=(stop,), daemon=True).start()
    let_in()


def _run_in_worker(number: int, task: Task) -> Event:
    _idle.clear()
    try:
        return run_task(number, task, _events.put)
    finally:
        _idle.set()


def _obey_parent(stop: Any) -> None:
    """Stop when the parent closes its end of ``stop``, as if a signal had come; die when the parent dies.

    An orphan must not go on writing into a folder that its successor works in. And one that saved its run when another
    worker was killed would wait for work for ever: a broken pool lets nobody go, and waits for all.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    if parent.sentinel not in wait([parent.sentinel, stop]):
        _thread.interrupt_main(signal.SIGTERM)
        while not wait([parent.sentinel], timeout=PATIENCE) and not _idle.is_set():
            pass
    os._exit(1)
