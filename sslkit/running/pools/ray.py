"""Runs on a Ray cluster, or on a Ray of this machine where there is none."""

from __future__ import annotations

import importlib.util
import logging
import os
import tempfile
from pathlib import Path
from typing import Any, ClassVar, Self

from sslkit.errors import SSLKitError, in_a_line
from sslkit.files import make_folder
from sslkit.running.pools.local import cores
from sslkit.running.pools.ray_actors import ActorPool, ActorSettings
from sslkit.running.pools.signals import handlers_kept, ignore_more_interrupts, stop_signals_interrupt
from sslkit.running.pools.tasks import THREAD_VARIABLES, Listener, Stopped, Task, divide

OBJECT_STORE_BYTES = 80 * 2**20  # Ray's least; results go through files


class RayPool:
    """A Ray cluster: that of ``RAY_ADDRESS``, else one that runs on this machine, else one started for this run.

    A worker is an actor with ``threads`` CPUs, and a GPU of its own where the cluster has any and the config is not
    for the CPU. Workers read data and plugins and write results where this process would, so all nodes must share
    that file system.

    Source: Moritz et al. 2018, "Ray: a distributed framework for emerging AI applications", OSDI.

    Raises:
        SSLKitError: Ray is not installed.
    """

    name: ClassVar[str] = "ray"

    def __init__(self) -> None:
        if importlib.util.find_spec("ray") is None:
            raise SSLKitError("the pool 'ray' needs the package ray. Install it: pip install \"sslkit[ray]\"")
        self._connected = self._mine = False

    def __enter__(self) -> Self:
        """Connect to a cluster where there is one.

        Raises:
            SSLKitError: the cluster of ``RAY_ADDRESS`` does not answer.
        """
        import ray

        self._connected = ray.is_initialized()
        if not self._connected:
            try:
                self._start(address="auto")
            except (ConnectionError, SSLKitError) as error:
                if address := os.environ.get("RAY_ADDRESS"):
                    raise SSLKitError(
                        f"no Ray cluster answers at RAY_ADDRESS={address} ({in_a_line(error)}). Start it, or unset "
                        "RAY_ADDRESS."
                    ) from error
                if isinstance(error, SSLKitError):
                    raise
        return self

    def __exit__(self, *error: object) -> None:
        import ray

        if self._mine:
            ray.shutdown()

    def _start(self, **settings: Any) -> None:
        import ray

        try:
            with handlers_kept():  # Ray puts its own in their settings
                ray.init(log_to_driver=False, logging_level=logging.ERROR, **settings)
        except ConnectionError:
            raise
        except (RuntimeError, ValueError, ImportError, OSError) as error:
            raise SSLKitError(f"Ray does not start: {in_a_line(error)}.") from error
        self._connected = self._mine = True

    def resources(
        self, requested: int | None, threads: int | None, runs: int, device: str
    ) -> tuple[int, int]:
        """(workers, threads each); on GPUs as many workers as there are.

        Raises:
            SSLKitError: no node has so many cores.
        """
        nodes, gpus = self._cluster() if self._connected else ([cores()], 1)
        if self._connected and (threads or 1) > max(nodes):
            raise SSLKitError(
                f"training.threads: {threads}, but the largest node of the Ray cluster has {max(nodes)} CPUs."
            )
        used = {"cuda": gpus, "mps": len(nodes)}.get(device, 0)  # Ray counts no Apple GPU; a Mac has one
        return divide(nodes, requested, threads, runs, used)

    @staticmethod
    def _cluster() -> tuple[list[int], int]:
        """The cores of each node, and the GPUs of all."""
        import ray

        found = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        gpus = sum(int(node.get("GPU", 0)) for node in found)
        return [int(node.get("CPU", 0)) for node in found] or [0], gpus

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
            SSLKitError: the workers cannot be started, or do not see the folder of the results.
        """
        if not tasks:
            return
        if not self._connected:
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a run tells nobody
            sizes = {"num_cpus": workers * threads, "object_store_memory": OBJECT_STORE_BYTES}
            self._start(address="local", include_dashboard=False, **sizes)
        on_gpus = self._cluster()[1] > 0 and any(t.experiment.training.device != "cpu" for t in tasks)
        folder = tasks[0].folder.parent
        make_folder(folder)
        with (
            stop_signals_interrupt(),
            tempfile.NamedTemporaryFile(dir=folder, prefix=".ray.", suffix=".0.tmp") as mark,
        ):
            settings = ActorSettings(
                Path.cwd(), Path(mark.name), threads, plugin_paths, _environment(threads), on_gpus
            )
            actors = ActorPool(tasks, workers, settings, listen)
            try:
                actors.work()
            except KeyboardInterrupt:
                ignore_more_interrupts()
                actors.stop()
                raise Stopped from None
            finally:
                actors.release()


def _environment(threads: int) -> dict[str, str]:
    """What workers need of this process's environment."""
    own = {name: value for name, value in os.environ.items() if name.startswith("SSLKIT_")}
    return own | {name: str(threads) for name in THREAD_VARIABLES}
