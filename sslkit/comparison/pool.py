"""Cells on a local pool of processes, with progress, errors kept apart, and an orderly stop."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sslkit.build import Prepared, Shelf, prepare
from sslkit.comparison.cells import Cell, run_cell
from sslkit.config import Experiment
from sslkit.errors import SSLKitError, in_a_line
from sslkit.files import write_text
from sslkit.plugins import load_registry
from sslkit.training.trainer import Interrupted

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Task:
    """A cell with all that another process needs to run it."""

    experiment: Experiment
    cell: Cell
    folder: Path

    @property
    def title(self) -> str:
        return f"{self.experiment.name} · {self.cell.method} · seed {self.cell.seed}"


@dataclass(frozen=True)
class Event:
    """What a worker says: ``status`` is running, done, stopped or failed."""

    task: int
    status: str
    done: int = 0
    total: int = 1
    words: str = ""


Listener = Callable[[Event], None]


class Stopped(Exception):
    """The user stopped the comparison; what is finished or checkpointed is kept."""


def run_tasks(
    tasks: list[Task], workers: int, threads: int, plugin_paths: tuple[str, ...], listen: Listener
) -> None:
    """Run all tasks; a failed one is reported and does not stop the others.

    Raises:
        Stopped: Ctrl-C or SIGTERM.
        SSLKitError: a worker was killed from outside.
    """
    with _sigterm_as_interrupt():
        if workers == 1:
            _run_here(tasks, threads, plugin_paths, listen)
        else:
            _run_in_pool(tasks, workers, threads, plugin_paths, listen)


def _run_here(tasks: list[Task], threads: int, plugin_paths: tuple[str, ...], listen: Listener) -> None:
    _start_worker(None, threads, plugin_paths)
    for number, task in enumerate(tasks):
        event = _run_task(number, task, listen)
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
    pending: set[Future[Event]] = {pool.submit(_run_task_remotely, n, task) for n, task in enumerate(tasks)}
    pids: set[int] = set()
    try:
        while pending:
            _drain(events, listen, pids)
            for future in [future for future in pending if future.done()]:
                pending.remove(future)
                event = future.result()
                listen(event)
                if event.status == "stopped":
                    raise KeyboardInterrupt
        pool.shutdown()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one Ctrl-C is enough; workers are saving
        _end(pool, pids)
        raise Stopped from None
    except BrokenProcessPool as error:
        _end(pool, pids)
        raise SSLKitError(
            "a worker process was killed (out of memory?). Finished runs are kept; run the same command again, with "
            "--workers 1 if memory is short."
        ) from error
    except BaseException:
        _end(pool, pids)
        raise


def _end(pool: ProcessPoolExecutor, pids: set[int]) -> None:
    """Let the workers save and go."""
    for pid in pids:
        _terminate(pid)
    pool.shutdown(wait=True, cancel_futures=True)


def _drain(events: Any, listen: Listener, pids: set[int]) -> None:
    deadline = time.monotonic() + 0.2
    while (left := deadline - time.monotonic()) > 0:
        try:
            event = events.get(timeout=left)
        except queue.Empty:
            return
        if isinstance(event, int):
            pids.add(event)
        else:
            listen(event)


def _terminate(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


class _sigterm_as_interrupt:  # noqa: N801
    """SIGTERM raises KeyboardInterrupt, as Ctrl-C does; the former handlers come back at the end."""

    def __enter__(self) -> None:
        self.main = threading.current_thread() is threading.main_thread()
        if self.main:
            self.before = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
            signal.signal(signal.SIGTERM, signal.default_int_handler)

    def __exit__(self, *error: object) -> None:
        if self.main:
            for number, handler in self.before.items():
                signal.signal(number, handler)


# What lives in a worker process ---------------------------------------------------------------------------------

_worker: dict[str, Any] = {}


def _start_worker(events: Any, threads: int, plugin_paths: tuple[str, ...]) -> None:
    import torch

    torch.set_num_threads(threads)
    _worker.update(
        events=events,
        threads=threads,
        plugin_paths=plugin_paths,
        prepared={},
        shelf=Shelf(),
        busy=False,
        stopping=False,
    )
    if events is not None:
        events.put(os.getpid())
        signal.signal(signal.SIGTERM, _interrupt_if_busy)
        signal.signal(signal.SIGINT, _interrupt_if_busy)
        threading.Thread(target=_die_with_parent, args=(os.getppid(),), daemon=True).start()


def _interrupt_if_busy(number: int, frame: object) -> None:
    _worker["stopping"] = True
    if _worker["busy"]:
        raise KeyboardInterrupt


def _die_with_parent(parent: int) -> None:
    """An orphan must not go on writing into a folder that its successor works in."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def _run_task_remotely(number: int, task: Task) -> Event:
    if _worker["stopping"]:  # the pool had handed it out before the stop
        return Event(number, "stopped")
    _worker["busy"] = True
    try:
        event = _run_task(number, task, _worker["events"].put)
        _worker["stopping"] |= event.status == "stopped"
        return event
    finally:
        _worker["busy"] = False


def _run_task(number: int, task: Task, listen: Listener) -> Event:
    def report(done: int, total: int, words: str) -> None:
        listen(Event(number, "running", done, total, words))

    trace = task.folder / "traceback.txt"
    try:
        report(0, 1, "preparing")
        run_cell(_prepared(task.experiment), task.cell, task.folder, report)
        trace.unlink(missing_ok=True)
        return Event(number, "done", 1, 1)
    except (Interrupted, KeyboardInterrupt):
        return Event(number, "stopped")
    except SSLKitError as error:
        return Event(number, "failed", words=str(error))
    except Exception as error:  # of a plugin, of the memory, or a fault of ours: the other runs go on
        with suppress(SSLKitError):
            write_text(trace, traceback.format_exc())
        return Event(number, "failed", words=f"{in_a_line(error)}. More is in {trace}.")


def _prepared(experiment: Experiment) -> Prepared:
    """The experiment's objects, kept while its tasks follow each other; data and front end while others share them."""
    kept: dict[str, Prepared] = _worker["prepared"]
    if experiment.name not in kept:
        kept.clear()
        kept[experiment.name] = prepare(
            experiment, load_registry(_worker["plugin_paths"])[0], shelf=_worker["shelf"]
        )
    return kept[experiment.name]


def resources(requested: int | None, threads: int | None, cells: int, device: str) -> tuple[int, int]:
    """(workers, threads each): from the machine and the whole study, so that a resumed run computes the same bits."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    automatic = 1 if device == "cuda" else max(1, min(cores // (threads or 1), cells))
    workers = requested or automatic
    return workers, threads or max(1, cores // workers)
