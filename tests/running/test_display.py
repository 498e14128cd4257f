"""What is said of runs on anything but a terminal: a line each, an alarm once, failures by title."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sslkit.assembly import Prepared
from sslkit.running.display import Display
from sslkit.running.pools import Event, Task
from sslkit.running.runs import runs_of
from sslkit.training.callbacks.monitor import ALARM


@pytest.fixture
def tasks(prepared: Prepared) -> list[Task]:
    return [Task(prepared.experiment, run, Path(run.folder_name)) for run in runs_of(prepared.experiment)]


class Said:
    """A display and what it has printed."""

    def __init__(self, tasks: list[Task], finished: int = 0) -> None:
        self.stream = io.StringIO()
        self.display = Display(tasks, finished, Console(file=self.stream, width=200))

    def __call__(self, *events: Event) -> list[str]:
        for event in events:
            self.display(event)
        return self.stream.getvalue().splitlines()


def test_a_finished_run_is_a_line(tasks: list[Task]) -> None:
    said = Said(tasks, finished=2)
    lines = said(Event(0, "running", 1, 4, "loss 3.1"), Event(0, "running", 4, 4), Event(0, "done", 1, 1))
    assert lines == ["✓ tiny · byol · seed 0 0 s"]
    (all_runs,) = said.display.total.tasks
    assert (all_runs.completed, all_runs.total) == (3, 5)
    assert said.display.failures == {} and not said.display.progress.tasks


def test_a_failure_is_kept_by_its_title(tasks: list[Task]) -> None:
    said = Said(tasks)
    lines = said(Event(1, "failed", words="the loss became [red]NaN[/red]."))
    assert lines == ["✗ tiny · simclr · seed 0: the loss became [red]NaN[/red]."]
    assert said.display.failures == {"tiny · simclr · seed 0": "the loss became [red]NaN[/red]."}
    assert said.display.total.tasks[0].completed == 0


def test_an_alarm_is_said_once_a_run(tasks: list[Task]) -> None:
    said, words = Said(tasks), f"loss 1.0{ALARM}The encoder has collapsed."
    lines = said(*(Event(number, "running", 2, 4, words) for number in (0, 0, 1)))
    assert lines == [
        f"alarm tiny · {method} · seed 0, 2 of 4 steps: The encoder has collapsed."
        for method in ("byol", "simclr")
    ]


def test_bars_show_how_far_each_run_is(tasks: list[Task]) -> None:
    said = Said(tasks)
    said(Event(0, "running", 1, 4, "loss 3.1"), Event(1, "running", 0, 0, "preparing"))
    bars: list[Any] = list(said.display.progress.tasks)
    assert [(bar.description, bar.completed, bar.total, bar.fields["words"]) for bar in bars] == [
        ("tiny · byol · seed 0", 1, 4, "loss 3.1"),
        ("tiny · simclr · seed 0", 0, 1, "preparing"),
    ]


def test_a_stopped_run_says_nothing(tasks: list[Task]) -> None:
    assert Said(tasks)(Event(0, "running", 1, 4), Event(0, "stopped")) == []
