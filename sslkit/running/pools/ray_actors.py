"""The workers of a run on Ray: actors that are given one task after the other."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sslkit.errors import SSLKitError, in_a_line
from sslkit.running.pools.ray_worker import EventQueue, Worker
from sslkit.running.pools.tasks import Event, Listener, Task

PAUSE = 0.2  # seconds between two looks into the queue


@dataclass(frozen=True)
class ActorSettings:
    """Where and how the workers work.

    Attributes:
        folder: the working directory of the driver, to which relative paths refer.
        mark: a file that the driver has just made beside the results; who sees it shares the file system.
        threads: of each worker.
        plugin_paths: plugin files or folders.
        environment: variables that are set before anything is imported.
        on_gpus: whether each worker gets a GPU.
    """

    folder: Path
    mark: Path
    threads: int
    plugin_paths: tuple[str, ...]
    environment: dict[str, str]
    on_gpus: bool


class ActorPool:
    """Hires workers and hands out tasks to those that are ready, so that a cluster with less room than asked works too.

    Args:
        tasks: what is to be done.
        workers: how many actors to ask for.
        settings: where and how they work.
        listen: is told what they say.
    """

    def __init__(self, tasks: list[Task], workers: int, settings: ActorSettings, listen: Listener) -> None:
        self.settings, self.listen = settings, listen
        self._waiting = deque(enumerate(tasks))
        self._actors: list[Any] = []
        self._busy: dict[
            Any, tuple[Any, int | None]
        ] = {}  # what is awaited → (actor, its task or None: starting)
        self._queue = _actor(EventQueue, num_cpus=0).remote()
        for _ in range(min(workers, len(tasks))):
            self._start_actor()

    def work(self) -> None:
        """Until all tasks are done or failed.

        Raises:
            KeyboardInterrupt: the user, or somebody on a node, stopped it.
            SSLKitError: a worker cannot start.
        """
        import ray

        while self._waiting or self._at_work():
            ended, _ = ray.wait(list(self._busy), timeout=PAUSE)
            self._pass_on_events()
            for reference in ended:
                self._settle(reference)

    def stop(self) -> None:
        """Let the workers save."""
        import ray

        ray.get(self._queue.stop.remote())
        if working := self._at_work():
            ray.wait(working, num_returns=len(working))

    def release(self) -> None:
        """Give all workers back to the cluster."""
        import ray

        for actor in [*self._actors, self._queue]:
            with suppress(Exception):  # it or its node is gone already
                ray.kill(actor)

    def _at_work(self) -> list[Any]:
        return [reference for reference, (_, number) in self._busy.items() if number is not None]

    def _start_actor(self) -> None:
        settings = self.settings
        kind = _actor(
            Worker,
            num_cpus=settings.threads,
            num_gpus=1 if settings.on_gpus else 0,
            runtime_env={"env_vars": settings.environment},
        )
        actor = kind.remote(self._queue)
        self._actors.append(actor)
        ready = actor.start.remote(settings.folder, settings.mark, settings.threads, settings.plugin_paths)
        self._busy[ready] = (actor, None)

    def _pass_on_events(self) -> None:
        import ray

        for event in ray.get(self._queue.take.remote()):
            self.listen(event)

    def _settle(self, reference: Any) -> None:
        import ray

        actor, number = self._busy.pop(reference)
        try:
            said = ray.get(reference)
        except ray.exceptions.RayError as error:
            if number is None:
                raise SSLKitError(
                    f"a Ray worker cannot start: {_reason(error)}. Is the same sslkit installed on all nodes?"
                ) from error
            self.listen(Event(number, "failed", words=f"its Ray worker was lost ({_reason(error)})."))
            with suppress(Exception):
                ray.kill(actor)
            if self._waiting:
                self._start_actor()
            return
        if isinstance(said, Event):
            self.listen(said)
            if said.status == "stopped":
                raise KeyboardInterrupt
        elif said:
            raise SSLKitError(said)
        if self._waiting:
            following, task = self._waiting.popleft()
            self._busy[actor.run.remote(following, task)] = (actor, following)


def _reason(error: BaseException) -> str:
    """Ray puts the worker's traceback first and the cause last."""
    cause = getattr(error, "cause", None)
    return in_a_line(cause if isinstance(cause, BaseException) else error)


def _actor(kind: type, **options: Any) -> Any:
    import ray

    return ray.remote(kind).options(**options)
