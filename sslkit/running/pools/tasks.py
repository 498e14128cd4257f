"""What a pool is given, what it says, and how it divides the cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Protocol, Self

from sslkit.config import Experiment
from sslkit.errors import StopRequested
from sslkit.running.runs import Run

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Task:
    """A run with all that another process needs to run it."""

    experiment: Experiment
    run: Run
    folder: Path

    @property
    def title(self) -> str:
        return f"{self.experiment.name} · {self.run.method} · seed {self.run.seed}"


@dataclass(frozen=True)
class Event:
    """What a worker says: ``status`` is running, done, stopped or failed."""

    task: int
    status: str
    done: int = 0
    total: int = 1
    words: str = ""


Listener = Callable[[Event], None]


class Stopped(StopRequested):
    """The user stopped the comparison; what is finished or checkpointed is kept."""


class Pool(Protocol):
    """Runs tasks side by side; used as a context."""

    name: ClassVar[str]

    def __enter__(self) -> Self:
        """Get ready."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give back what was taken."""
        ...

    def resources(
        self, requested: int | None, threads: int | None, runs: int, device: str
    ) -> tuple[int, int]:
        """(workers, threads each): from the machines and the whole study, so that a resumed run computes the same bits.

        Args:
            requested: workers that the user asked for.
            threads: of each, that the user asked for.
            runs: of the whole study.
            device: ``cpu``, ``cuda`` or ``mps``.
        """
        ...

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
            SSLKitError: the workers cannot be started, or one was killed from outside.
        """
        ...


def divide(
    cores: Sequence[int], requested: int | None, threads: int | None, most: int, gpus: int = 0
) -> tuple[int, int]:
    """(workers, threads each) on machines of so many cores each.

    As many workers as fit, ``most`` at most, and one for each GPU where there are any; then as many threads as let all
    of them work at once.
    """
    automatic = gpus or sum(machine // (threads or 1) for machine in cores)
    workers = requested or max(1, min(automatic, most))
    if threads is None:
        fitting = (n for n in range(max(cores), 0, -1) if sum(machine // n for machine in cores) >= workers)
        threads = next(fitting, 1)
    return workers, threads
