"""How everything here is timed: systems alternate, each in a process of its own, and disturbed rounds are thrown away.

A *contest* is one piece of work that several entrants do: ours in one or more variants, and its peers. A *round* runs
every entrant once for a while, in turn (A B C A B C ...). A round in which other processes used more than a quarter of
a core is thrown away. A rate is the median over rounds, a ratio the median of the rounds' own ratios.
"""

from __future__ import annotations

import importlib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import psutil

DISTURBED = 0.25  # of a core, used by others
FEWEST = 3  # quiet rounds; with fewer, all rounds count and the result says that it was disturbed
PATIENCE = 2  # times as many rounds as asked for are tried


class CannotRun(Exception):
    """A system failed at a contest; holds its words."""


@dataclass(frozen=True)
class Call:
    """A piece of work on ``samples`` samples. ``before`` and ``after`` surround a block of calls and are not timed.

    ``wait`` ends the timed block (a GPU's work is done then). ``helpers`` gives the ids of the work's own processes:
    their CPU time is the work's.
    """

    run: Callable[[], object]
    samples: int
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None
    wait: Callable[[], object] | None = None
    helpers: Callable[[], Sequence[int]] = tuple


Makers = Mapping[str, Mapping[str, Callable[[], Call]]]  # contest → variant → what makes the call


@dataclass(frozen=True)
class Block:
    """Samples a second of CPU time and of wall time; how much of a core others used meanwhile."""

    cpu_rate: float
    wall_rate: float
    others: float


@dataclass(frozen=True)
class Entrant:
    worker: Worker
    variant: str

    @property
    def label(self) -> str:
        return f"{self.worker.system}, {self.variant}" if self.variant else self.worker.system


@dataclass
class Result:
    """Rates of every entrant, round by round; ``disturbed`` where there were not enough quiet rounds."""

    contest: str
    rates: dict[str, list[float]] = field(default_factory=dict)
    thrown_away: int = 0
    disturbed: bool = False

    def rate(self, label: str) -> float:
        return statistics.median(self.rates[label])

    def ratio(self, label: str, other: str) -> float:
        pairs = zip(self.rates[label], self.rates[other], strict=True)
        return statistics.median(a / b for a, b in pairs)


class Worker:
    """One system in a process of its own: its allocator, threads and random state are nobody else's.

    Args:
        system: its name in the table.
        source: ``module:function``; the function takes ``options`` and returns ``Makers``.
        options: what the benchmark was asked for.
        threads: of torch and of numerical libraries.
    """

    def __init__(self, system: str, source: str, options: Mapping[str, Any], threads: int) -> None:
        self.system = system
        self._source, self._options = source, dict(options)
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_set_threads, initargs=(threads,)
        )

    def contests(self) -> dict[str, list[str]]:
        """Contest → variants. Raises ``ImportError`` where a library is not installed."""
        return self._pool.submit(_contests, self._source, self._options).result()

    def block(self, contest: str, variant: str, seconds: float) -> Block:
        """The work again and again for about ``seconds``."""
        task = self._pool.submit(_block, self._source, self._options, contest, variant, seconds)
        try:
            return task.result()
        except Exception as error:  # a peer may fail in any way, and the others go on
            raise CannotRun(str(error)) from None

    def close(self) -> None:
        self._pool.shutdown()


def warm_up(contest: str, entrants: list[Entrant], seconds: float) -> tuple[list[Entrant], list[str]]:
    """Those that can do the work, and the words of those that cannot."""
    able, notes = [], []
    for entrant in entrants:
        try:
            entrant.worker.block(contest, entrant.variant, seconds)
            able.append(entrant)
        except CannotRun as error:
            notes.append(f"{entrant.label} is not measured in {contest}: {error}")
    return able, notes


def compete(contest: str, entrants: list[Entrant], rounds: int, seconds: float, clock: str) -> Result:
    """Alternate the entrants until ``rounds`` rounds were quiet; ``clock`` is ``cpu`` or ``wall``."""
    quiet: list[list[Block]] = []
    loud: list[list[Block]] = []
    while len(quiet) < rounds and len(quiet) + len(loud) < PATIENCE * rounds:
        blocks = [entrant.worker.block(contest, entrant.variant, seconds) for entrant in entrants]
        (loud if max(block.others for block in blocks) > DISTURBED else quiet).append(blocks)
    disturbed = len(quiet) < min(FEWEST, rounds)
    result = Result(contest, thrown_away=0 if disturbed else len(loud), disturbed=disturbed)
    for blocks in quiet + loud if disturbed else quiet:
        for entrant, block in zip(entrants, blocks, strict=True):
            rate = block.cpu_rate if clock == "cpu" else block.wall_rate
            result.rates.setdefault(entrant.label, []).append(rate)
    return result


def _set_threads(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)


_makers: Makers = {}
_calls: dict[tuple[str, str], Call] = {}


def _load(source: str, options: Mapping[str, Any]) -> Makers:
    global _makers
    if not _makers:
        module, function = source.split(":")
        _makers = getattr(importlib.import_module(module), function)(**options)
    return _makers


def _contests(source: str, options: Mapping[str, Any]) -> dict[str, list[str]]:
    return {contest: list(variants) for contest, variants in _load(source, options).items()}


def _block(source: str, options: Mapping[str, Any], contest: str, variant: str, seconds: float) -> Block:
    try:
        return _timed(_call(source, options, contest, variant), seconds)
    except Exception as error:  # as text: not every error can pass from process to process
        message = " ".join(str(error).split())
        raise RuntimeError(f"{type(error).__name__}: {message}") from None


def _call(source: str, options: Mapping[str, Any], contest: str, variant: str) -> Call:
    if contest not in {key[0] for key in _calls}:
        _calls.clear()  # what the last contest held
    if (contest, variant) not in _calls:
        _calls[contest, variant] = _load(source, options)[contest][variant]()
    return _calls[contest, variant]


def _timed(call: Call, seconds: float) -> Block:
    if call.before:
        call.before()
    helpers = call.helpers()
    samples, busy, cpu, wall = 0, _busy_seconds(), _own_seconds(helpers), time.perf_counter()
    while samples == 0 or time.perf_counter() - wall < seconds:
        call.run()
        samples += call.samples
    if call.wait:
        call.wait()
    cpu, wall = _own_seconds(helpers) - cpu, time.perf_counter() - wall
    busy = _busy_seconds() - busy
    if call.after:
        call.after()
    return Block(samples / max(cpu, 1e-9), samples / wall, max(0.0, (busy - cpu) / wall))


def _own_seconds(helpers: Sequence[int]) -> float:
    """CPU seconds of this process and its helpers."""
    spent = [psutil.Process(helper).cpu_times() for helper in helpers]
    return time.process_time() + sum(times.user + times.system for times in spent)


def _busy_seconds() -> float:
    """CPU seconds of all processes since the start."""
    times = psutil.cpu_times()
    busy = ("user", "nice", "system", "irq", "softirq", "steal")  # as far as the system counts them
    return float(sum(getattr(times, name, 0.0) for name in busy))
