"""Runs on processes of this machine, with progress, errors kept apart, and an orderly stop."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, ClassVar, Self

from sslkit.errors import SSLKitError
from sslkit.running.pools.signals import held_back, ignore_more_interrupts, let_in, sigterm_as_interrupt
from sslkit.running.pools.tasks import THREAD_VARIABLES, Event, Listener, Stopped, Task, divide
from sslkit.running.pools.worker import run_task, set_up, stop_on_signals


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
        """(workers, threads each); on a GPU one worker."""
        return divide([cores()], requested, threads, runs, gpus=1 if device == "cuda" else 0)

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
            Stopped: Ctrl-C or SIGTERM.
            SSLKitError: a worker was killed from outside.
        """
        with sigterm_as_interrupt():
            if workers == 1:
                _run_here(tasks, threads, plugin_paths, listen)
            else:
                _run_in_pool(tasks, workers, threads, plugin_paths, listen)


def cores() -> int:
    """Of this machine, that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
    os.environ.update(
        {name: str(threads) for name in THREAD_VARIABLES}
    )  # read by the workers' BLAS when it loads
    pool = ProcessPoolExecutor(workers, context, _start_worker, (events, threads, plugin_paths))
    pending: set[Future[Event]] = set()
    others, started = set(multiprocessing.active_children()), set[Any]()
    try:
        with (
            held_back()
        ):  # a worker that is still importing must not meet a Ctrl-C; its processes start right here
            pending |= {pool.submit(_run_in_worker, number, task) for number, task in enumerate(tasks)}
            started |= set(multiprocessing.active_children()) - others
        while pending:
            _drain(events, listen)
            for future in [future for future in pending if future.done()]:
                pending.remove(future)
                event = future.result()
                listen(event)
                if event.status == "stopped":
                    raise KeyboardInterrupt
        pool.shutdown()
    except KeyboardInterrupt:
        ignore_more_interrupts()
        _end(pool, started)
        raise Stopped from None
    except BrokenProcessPool as error:
        _end(pool, started)
        raise SSLKitError(
            "a worker process was killed (out of memory?). Finished runs are kept; run the same command again, with "
            "--workers 1 if memory is short."
        ) from error
    except BaseException:
        _end(pool, started)
        raise


def _end(pool: ProcessPoolExecutor, workers: Iterable[Any]) -> None:
    """Let the workers save and go."""
    for worker in workers:
        with suppress(ValueError, ProcessLookupError):  # closed already; gone already
            if worker.is_alive():
                os.kill(worker.pid, signal.SIGTERM)
    pool.shutdown(wait=True, cancel_futures=True)


def _drain(events: Any, listen: Listener) -> None:
    deadline = time.monotonic() + 0.2
    while (left := deadline - time.monotonic()) > 0:
        try:
            listen(events.get(timeout=left))
        except queue.Empty:
            return


# In a worker process ----------------------------------------------------------------------------------------------

_events: Any = None


def _start_worker(events: Any, threads: int, plugin_paths: tuple[str, ...]) -> None:
    global _events
    _events = events
    set_up(threads, plugin_paths)
    threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()
    stop_on_signals()
    let_in()


def _run_in_worker(number: int, task: Task) -> Event:
    return run_task(number, task, _events.put)


def _die_with_parent(parent: int) -> None:
    """An orphan must not go on writing into a folder that its successor works in."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
