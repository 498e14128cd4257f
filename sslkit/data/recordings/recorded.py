"""One file of recordings: its rows in order, who and what they are, and where nothing goes on from row to row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from sslkit.data.recordings.timing.rates import Timing


@dataclass(frozen=True)
class Recorded:
    """Rows of one file, arranged.

    Args:
        name: of the file, below the folder.
        where: its path.
        values: ``(C, rows)``, float64.
        recordings: for each row, a place in ``recording_names``.
        recording_names: unique over all files.
        labels, groups: text, ``""`` where there is none.
        parts: 0 training, 1 validation, 2 test.
        begins: for each row but the first, whether a recording, group or part begins.
        gaps: for each row but the first, whether it comes after a gap in time.
        seconds: from ``begin`` on; None without a clock.
        begin: where the file's clock begins, in the clock's own unit.
        line: row → row of the file as an editor counts.
        timings: of each recording.
        exact: whether ``seconds`` are known to all their digits.
    """

    name: str
    where: str
    values: np.ndarray
    recordings: np.ndarray
    recording_names: tuple[str, ...]
    labels: np.ndarray
    groups: np.ndarray
    parts: np.ndarray
    begins: np.ndarray
    gaps: np.ndarray
    seconds: np.ndarray | None
    begin: int
    line: Callable[[int], int] = field(repr=False)
    timings: tuple[Timing, ...] = ()
    exact: bool = False

    @property
    def rows(self) -> int:
        return int(self.values.shape[1])

    def taken(self, index: np.ndarray, values: np.ndarray, seconds: np.ndarray | None) -> Recorded:
        """Other rows, each with what ``index`` has."""
        return replace(
            self,
            values=values,
            recordings=self.recordings[index],
            labels=self.labels[index],
            groups=self.groups[index],
            parts=self.parts[index],
            seconds=seconds,
        )


def stretches(breaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First rows and rows after the last of what ``breaks`` (for each row but the first) cut apart."""
    starts = np.flatnonzero(np.concatenate([[True], breaks]))
    return starts, np.append(starts[1:], len(breaks) + 1)
