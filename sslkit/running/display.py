"""Progress on the terminal: bars where there is a terminal, a line per finished run elsewhere."""

from __future__ import annotations

import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from sslkit.running.pools import Event, Task
from sslkit.training.callbacks.monitor import ALARM


class Display:
    """Listens to the pool.

    Args:
        tasks: what will run.
        finished: runs that were done before.
        console: where to write.
    """

    def __init__(self, tasks: list[Task], finished: int, console: Console) -> None:
        self.tasks, self.console, self.failures = tasks, console, dict[str, str]()
        self.finished = finished
        self._bars: dict[int, TaskID] = {}
        self._started: dict[int, float] = {}
        self._alarmed: set[int] = set()
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[words]}"),
            console=console,
        )
        self.total = Progress(
            TextColumn("[bold]all runs"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._all = self.total.add_task("all", total=len(tasks) + finished, completed=finished)

    def __call__(self, event: Event) -> None:
        """Show what happened."""
        title = escape(self.tasks[event.task].title)
        if event.status == "running":
            if event.task not in self._bars:
                self._started[event.task] = time.monotonic()
                self._bars[event.task] = self.progress.add_task(title, words="")
            words, _, alarm = event.words.partition(ALARM)
            if alarm and event.task not in self._alarmed:
                self._alarmed.add(event.task)
                moment = f"{event.done} of {event.total} steps"
                self.console.print(f"[red]alarm[/] {title}, {moment}: {escape(alarm)}", highlight=False)
            self.progress.update(
                self._bars[event.task], completed=event.done, total=max(event.total, 1), words=words
            )
            return
        if event.task in self._bars:
            self.progress.remove_task(self._bars.pop(event.task))
        seconds = time.monotonic() - self._started.get(event.task, time.monotonic())
        if event.status == "done":
            self.total.advance(self._all)
            self.console.print(f"[green]✓[/] {title} [dim]{seconds:.0f} s[/]", highlight=False)
        elif event.status == "failed":
            self.failures[self.tasks[event.task].title] = event.words
            self.console.print(f"[red]✗[/] {title}: {escape(event.words)}", highlight=False)
