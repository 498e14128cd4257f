"""What lives in a worker process: the data it prepared last, and the wish to stop."""

from __future__ import annotations

import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass, field

from sslkit.assembly import Prepared, PreparedCache, prepare
from sslkit.config import Experiment
from sslkit.errors import SSLKitError, in_a_line
from sslkit.files import write_text
from sslkit.plugins import load_registry
from sslkit.running.pools.tasks import Event, Listener, Task
from sslkit.running.runs import execute
from sslkit.training.callbacks.stop import STOP_SIGNALS
from sslkit.training.trainer import Interrupted


@dataclass
class _State:
    plugin_paths: tuple[str, ...] = ()
    prepared: dict[str, Prepared] = field(default_factory=dict)
    cache: PreparedCache = field(default_factory=PreparedCache)
    busy: bool = False
    stopping: bool = False


_state = _State()


def set_up(threads: int, plugin_paths: tuple[str, ...]) -> None:
    """Make this process a worker that has prepared nothing yet."""
    import torch

    global _state
    torch.set_num_threads(threads)
    _state = _State(plugin_paths)


def stop_on_signals() -> None:
    """From now on a signal ends the task at work, or keeps the next from starting."""
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt_if_busy)


def _interrupt_if_busy(number: int, frame: object) -> None:
    _state.stopping = True
    if _state.busy:
        raise KeyboardInterrupt


def run_task(number: int, task: Task, listen: Listener) -> Event:
    """Run one task, telling ``listen`` how far it is, and return how it ended."""
    if _state.stopping:  # it had been handed out before the stop
        return Event(number, "stopped")
    _state.busy = True
    try:
        event = _run(number, task, listen)
        _state.stopping |= event.status == "stopped"
        return event
    finally:
        _state.busy = False


def _run(number: int, task: Task, listen: Listener) -> Event:
    def report(done: int, total: int, words: str) -> None:
        listen(Event(number, "running", done, total, words))

    trace = task.folder / "traceback.txt"
    try:
        report(0, 1, "preparing")
        execute(_prepared(task.experiment), task.run, task.folder, report)
        trace.unlink(missing_ok=True)
        return Event(number, "done", 1, 1)
    except (Interrupted, KeyboardInterrupt):
        return Event(number, "stopped")
    except SSLKitError as error:
        return Event(number, "failed", words=str(error))
    except Exception as error:  # of a plugin, of the memory, or a fault of ours: the other runs go on
        with suppress(SSLKitError):
            write_text(trace, traceback.format_exc())
        return Event(number, "failed", words=f"{in_a_line(error)}. More is in {trace}.")


def _prepared(experiment: Experiment) -> Prepared:
    """The experiment's objects, kept while its tasks follow each other; data and front end while others share them."""
    if experiment.name not in _state.prepared:
        _state.prepared.clear()
        registry, _ = load_registry(_state.plugin_paths)
        _state.prepared[experiment.name] = prepare(experiment, registry, cache=_state.cache)
    return _state.prepared[experiment.name]
