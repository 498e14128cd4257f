"""A worker: how each task ends, what it keeps between tasks, and that a stop is heard at every moment."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from sslkit.assembly import Prepared
from sslkit.errors import SSLKitError
from sslkit.running.pools import Event, Task, worker
from sslkit.running.pools.worker import run_task, set_up, stop_on_signals
from sslkit.running.runs import read_result, runs_of
from sslkit.training.callbacks.stop import STOP_SIGNALS
from sslkit.training.trainer import Interrupted


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """A worker that has prepared nothing; this process is as before afterwards."""
    threads, handlers = torch.get_num_threads(), {number: signal.getsignal(number) for number in STOP_SIGNALS}
    set_up(1, ())
    yield
    set_up(threads, ())
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def task(prepared: Prepared, tmp_path: Path) -> Task:
    run = runs_of(prepared.experiment)[-1]
    return Task(prepared.experiment, run, tmp_path / run.folder_name)


Execute = Callable[..., None]


def replaced(monkeypatch: pytest.MonkeyPatch, execute: Execute) -> None:
    monkeypatch.setattr(worker, "execute", execute)
    monkeypatch.setattr(worker, "_prepared", lambda experiment: None)


def test_a_task_is_run_and_told_of(task: Task) -> None:
    told: list[Event] = []
    assert run_task(7, task, told.append) == Event(7, "done", 1, 1)
    assert told[0] == Event(7, "running", 0, 1, "preparing") and {event.status for event in told} == {
        "running"
    }
    assert read_result(task.folder) is not None and not (task.folder / "traceback.txt").exists()


def test_threads_are_those_asked_for() -> None:
    set_up(2, ())
    assert torch.get_num_threads() == 2


def test_data_are_prepared_once_while_tasks_follow_each_other(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(
        worker, "prepare", lambda experiment, registry, cache: prepared.append(experiment.name)
    )
    monkeypatch.setattr(worker, "execute", lambda *_: None)
    other = replace(task, experiment=replace(task.experiment, name="other"))
    for one in (task, task, other, other, task):
        run_task(0, one, lambda event: None)
    assert prepared == ["tiny", "other", "tiny"]


def test_a_user_error_is_told_in_its_own_words(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(*_: Any) -> None:
        raise SSLKitError("the loss became NaN.")

    replaced(monkeypatch, execute)
    assert run_task(0, task, lambda event: None) == Event(0, "failed", words="the loss became NaN.")
    assert not task.folder.exists()


def test_a_fault_leaves_its_traceback_until_the_run_succeeds(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute(*_: Any) -> None:
        raise ZeroDivisionError("τ / 0")

    replaced(monkeypatch, execute)
    event = run_task(0, task, lambda event: None)
    trace = task.folder / "traceback.txt"
    assert event == Event(0, "failed", words=f"ZeroDivisionError: τ / 0. More is in {trace}.")
    assert "ZeroDivisionError: τ / 0" in trace.read_text(encoding="utf-8")
    replaced(monkeypatch, lambda *_: None)
    assert run_task(0, task, lambda event: None).status == "done" and not trace.exists()


@pytest.mark.parametrize("stop", [Interrupted, KeyboardInterrupt])
def test_after_a_stop_no_task_starts(
    task: Task, monkeypatch: pytest.MonkeyPatch, stop: type[Exception]
) -> None:
    begun = []

    def execute(*_: Any) -> None:
        begun.append(1)
        raise stop

    replaced(monkeypatch, execute)
    assert [run_task(number, task, lambda event: None).status for number in (0, 1)] == ["stopped", "stopped"]
    assert begun == [1]


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_ends_the_task_at_work(
    task: Task, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    stop_on_signals()
    replaced(monkeypatch, lambda *_: signal.raise_signal(number))
    assert run_task(0, task, lambda event: None) == Event(0, "stopped")


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_between_tasks_keeps_the_next_from_starting(
    task: Task, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    stop_on_signals()
    signal.raise_signal(number)  # raises nothing: no task is at work
    replaced(monkeypatch, lambda *_: pytest.fail("started"))
    assert run_task(0, task, lambda event: None) == Event(0, "stopped")
