"""Rows of one file → recordings in order: machines that were written in turn, clocks that were set back, rows twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.types import Note

JUMP = 1.5  # usual steps that a step forward must exceed to be one
NEAR = 3  # rows around a step back in which a jump forward shows that rows are out of order
BACK = 10  # usual steps that rows out of order are back, at most
SEVERAL = 0.2  # share of rows with the stamp of the row before, from which on they are bursts and not doubles
FEW = 3  # steps back that may be restarts, however short the recordings are


@dataclass(frozen=True)
class Arranged:
    """Rows in the order in which they are used.

    Args:
        order: rows of the file.
        begins: where a recording (or what ``identity`` says) begins, for each row but the first.
        part: of a recording that was begun anew; 0 for the first.
        seconds: of each row; None without a clock.
        notes: what was put in order, dropped or spread.
    """

    order: np.ndarray
    begins: np.ndarray
    part: np.ndarray
    seconds: np.ndarray | None
    notes: tuple[Note, ...] = ()


def arrange(
    identity: np.ndarray,
    seconds: np.ndarray | None,
    values: np.ndarray,
    length: int,
    wraps: float | None,
    name: str,
    where: str,
    line: Callable[[int], int],
) -> Arranged:
    """Rows of one file in the order of their recordings.

    Rows of several machines in turn (stretches shorter than a window) are put together. A clock that is set back, or a
    counter that begins again, begins a new recording; rows that are not in the order of time are refused. Rows that
    are there twice are used once; rows that share a stamp are spread evenly up to the next one.

    Args:
        identity: of each row: text that is equal within a recording (and group).
        seconds: of each row, finite; None without a clock.
        values: ``(C, rows)``, to tell rows that are there twice.
        length: rows in a window.
        wraps: seconds after which the clock begins again (midnight).
        name: of the file, for notes.
        where: of the clock, for messages.
        line: row → row as an editor counts.

    Raises:
        SSLKitError: rows that are not in the order of time.
    """
    notes: list[Note] = []
    order = _together(identity, length, name, notes)
    begins = identity[order][1:] != identity[order][:-1]
    if seconds is None:
        return Arranged(order, begins, np.zeros(len(order), dtype=np.int64), None, tuple(notes))
    time = seconds[order]
    if wraps is not None:
        time = _unwrapped(time, begins, wraps)
    part = _restarts(time, begins, length, name, where, lambda row: line(int(order[row])), notes)
    begins = begins | (np.diff(part) != 0)
    keep = _once(time, begins, values, order, name, notes)
    order, time, part = order[keep], time[keep], part[keep]
    begins = (identity[order][1:] != identity[order][:-1]) | (np.diff(part) != 0)
    time = _spread(time, begins, name, notes)
    return Arranged(order, begins, part, time, tuple(notes))


def _together(identity: np.ndarray, length: int, name: str, notes: list[Note]) -> np.ndarray:
    """Rows of one recording behind each other, where they came in turn."""
    rows = np.arange(len(identity))
    _, codes = np.unique(identity, return_inverse=True)
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    sizes = np.diff(np.r_[starts, len(codes)])
    several = len(np.unique(codes))
    if len(starts) == several or np.median(sizes) >= length:
        return rows
    first = np.full(several, len(codes))
    np.minimum.at(first, codes, rows)
    order = np.argsort(first[codes], kind="stable")
    why = f"their rows came in turn, {several} in {len(starts):,} stretches"
    notes.append(
        Note("row(s) are put in the order of their recordings or groups", len(rows), which=(name,), why=why)
    )
    return order


def _unwrapped(time: np.ndarray, begins: np.ndarray, wraps: float) -> np.ndarray:
    """A time of day that goes on after midnight."""
    steps = np.diff(time)
    over = (steps < -0.9 * wraps) & ~begins
    turns = np.r_[0, np.cumsum(over)]
    return np.asarray(time + turns * wraps)


def _restarts(
    time: np.ndarray,
    begins: np.ndarray,
    length: int,
    name: str,
    where: str,
    line: Callable[[int], int],
    notes: list[Note],
) -> np.ndarray:
    """For each row, how often the clock was set back before it, within its recording."""
    steps = np.diff(time)
    back = np.flatnonzero((steps < 0) & ~begins)
    part = np.zeros(len(time), dtype=np.int64)
    if not len(back):
        return part
    usual = float(np.median(steps[(steps > 0) & ~begins])) if ((steps > 0) & ~begins).any() else 0.0
    if not _are_restarts(steps, back, begins, usual, length):
        row = int(back[0]) + 1
        raise SSLKitError(
            f"{where} does not go forward at row {line(row)} ({time[row - 1]:.10g} → {time[row]:.10g} s), nor at "
            f"{len(back) - 1:,} other rows: the rows are not in the order of time. Sort them by time, or name the "
            "column that tells recordings apart (recording: …)."
        )
    part[back + 1] = 1
    part = np.cumsum(part)
    runs = np.flatnonzero(np.r_[True, begins])
    part -= np.repeat(part[runs], np.diff(np.r_[runs, len(time)]))
    places = ", ".join(
        f"row {line(int(row) + 1)} ({_words(float(-steps[row]))} back)" for row in back[:3].tolist()
    )
    notes.append(
        Note(
            "recording(s) begin where a clock is set back or a counter begins again",
            len(back),
            which=(name,),
            why=f"at {places}" + (" …" if len(back) > 3 else ""),
        )
    )
    return part


def _are_restarts(steps: np.ndarray, back: np.ndarray, begins: np.ndarray, usual: float, length: int) -> bool:
    """Clocks set back, and not rows out of order: these are near their place, or leave nothing to cut windows from."""
    for row in back[:1000].tolist():
        around = steps[max(0, row - NEAR) : row + NEAR + 1]
        if -steps[row] <= BACK * usual and (around > JUMP * usual).any():
            return False
    edges = np.unique(np.r_[0, np.flatnonzero(begins) + 1, back + 1, len(steps) + 1])
    sizes = np.diff(edges)
    return len(back) <= FEW or float(np.median(sizes)) >= min(length, 50)


def _words(seconds: float) -> str:
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 0.95 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.4g} s"


def _once(
    time: np.ndarray, begins: np.ndarray, values: np.ndarray, order: np.ndarray, name: str, notes: list[Note]
) -> np.ndarray:
    """A mask without rows that repeat the row before, stamp and values; where many share stamps these are bursts."""
    same = (np.diff(time) == 0) & ~begins
    keep = np.ones(len(time), dtype=bool)
    if same.any() and same.mean() < SEVERAL:
        rows = np.flatnonzero(same)
        now, before = values[:, order[rows + 1]], values[:, order[rows]]
        twice = rows[((now == before) | (np.isnan(now) & np.isnan(before))).all(axis=0)]
        keep[twice + 1] = False
        if len(twice):
            why = "they have the stamp and the values of the row before"
            notes.append(
                Note("row(s) are there twice and are used once", len(twice), len(time), (name,), why)
            )
    return keep


def _spread(time: np.ndarray, begins: np.ndarray, name: str, notes: list[Note]) -> np.ndarray:
    """Rows that share a stamp lie evenly between it and the next; the last ones as near as others do."""
    same = (np.diff(time) == 0) & ~begins
    if not same.any():
        return time
    firsts = np.flatnonzero(np.r_[True, ~same])
    counts = np.diff(np.r_[firsts, len(time)])
    steps = np.diff(time[firsts], append=np.inf)
    ends = np.r_[begins, True][np.r_[firsts[1:], len(time)] - 1]
    inside = steps[~ends]
    usual = float(np.median(inside)) if len(inside) else 1.0
    each = float(np.median(inside / counts[~ends])) if len(inside) else usual
    pace = np.where(ends | (steps > JUMP * usual) | (steps <= 0), each, steps / counts)
    place = np.arange(len(time)) - np.repeat(firsts, counts)
    regular = len(np.unique(counts[~ends])) == 1 and counts[0] > 1
    notes.append(
        Note(
            "row(s) share their stamp with the row before and are spread evenly up to the next stamp",
            int(same.sum()),
            len(time),
            (name,),
            f"there are up to {counts.max()} rows with one stamp",
            "If they are several machines or recordings in turn, name the column: recording: … or group: ….",
            warning=bool(regular and counts[0] <= 4),
        )
    )
    return np.asarray(time + place * np.repeat(pace, counts))
