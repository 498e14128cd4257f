"""Progress of a job in this process."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self


class ProgressBar:
    """A bar on the terminal, used as a context and called with (done, in all, words); elsewhere it is silent.

    An alarm in the words is printed on the error stream, the first one only.

    Args:
        title: stands before the bar.
    """

    def __init__(self, title: str) -> None:
        from rich import get_console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        self._progress = Progress(
            *columns,
            TextColumn("{task.fields[words]}"),
            transient=True,
        )
        self._is_shown = get_console().is_terminal
        self._task, self._alarmed = self._progress.add_task(title, words=""), False

    def __enter__(self) -> Self:
        if self._is_shown:  # rich's own switch ends a bar that is not shown with an empty line
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_shown:
            self._progress.stop()

    def __call__(self, done: int, total: int, words: str) -> None:
        """Show how far the job is."""
        from sslkit.training.callbacks.monitor import ALARM

        words, _, alarm = words.partition(ALARM)
        if alarm and not self._alarmed:
            self._alarmed = True
            print(f"alarm, {done} of {total} steps: {alarm}", file=sys.stderr)
        self._progress.update(self._task, completed=done, total=total, words=words)
