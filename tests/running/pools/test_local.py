"""The pool of this machine: room for workers, scripts without a guard, workers that die, and tasks that travel."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from sslkit.assembly import Prepared
from sslkit.errors import SSLKitError
from sslkit.running.pools import Event, Stopped, Task, local
from sslkit.running.pools.local import LocalPool, cores
from sslkit.running.runs import read_result, runs_of
from tests.conftest import tiny, write_signals


def tasks_of(prepared: Prepared, folder: Path) -> list[Task]:
    return [Task(prepared.experiment, run, folder / run.folder_name) for run in runs_of(prepared.experiment)]


def test_cores_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(os, "sched_getaffinity"):
        assert cores() == len(os.sched_getaffinity(0))

    class WithoutAffinity:
        """As psutil has it on macOS."""

    monkeypatch.setattr(psutil, "Process", WithoutAffinity)
    assert cores() == os.cpu_count()


@pytest.mark.parametrize(
    ("requested", "device", "expected"),
    [
        (None, "cpu", (8, 1)),
        (3, "cpu", (3, 2)),
        (None, "cuda", (1, 8)),
        (None, "mps", (1, 8)),
        (2, "cuda", (2, 4)),
    ],
)
def test_room_for_workers(
    monkeypatch: pytest.MonkeyPatch, requested: int | None, device: str, expected: tuple[int, int]
) -> None:
    monkeypatch.setattr(local, "cores", lambda: 8)
    assert LocalPool().resources(requested, None, 20, device) == expected


@pytest.mark.parametrize("requested", [None, 90])
def test_windows_waits_for_61_processes_at_most(
    monkeypatch: pytest.MonkeyPatch, requested: int | None
) -> None:
    monkeypatch.setattr(local, "cores", lambda: 96)
    monkeypatch.setattr(local, "MOST_WORKERS", 61)
    assert LocalPool().resources(requested, None, 200, "cpu") == (61, 1)


def test_one_worker_is_this_process(prepared: Prepared, tmp_path: Path) -> None:
    tasks, told = tasks_of(prepared, tmp_path), list[Event]()
    LocalPool().run_tasks(tasks, 1, 1, (), told.append)
    assert [event.task for event in told if event.status == "done"] == [0, 1, 2]
    assert all(read_result(task.folder) for task in tasks)
    assert not multiprocessing.active_children()


def test_a_stop_in_this_process(prepared: Prepared, tmp_path: Path) -> None:
    """The signal comes while the first task is at work; the others are not begun."""
    tasks, told = tasks_of(prepared, tmp_path), list[Event]()

    def listen(event: Event) -> None:
        told.append(event)
        if event.words == "preparing":
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Stopped):
        LocalPool().run_tasks(tasks, 1, 1, (), listen)
    assert not any(read_result(task.folder) for task in tasks)


PLUGIN = '''
import os
import sslkit

class Killing(sslkit.Baseline):
    """Takes its process down, as a lack of memory does."""

    def run(self, context, seed, report):
        os._exit(9)

@sslkit.hookimpl
def sslkit_register(registry):
    registry.add("killing", Killing)
'''


def write_config(folder: Path, **changes: Any) -> Path:
    quick = {"budget": {"steps": 3}, "seeds": [0], "baselines": ["handcrafted"], "evaluators": ["linear"]}
    content = tiny(write_signals(folder / "signals.npz"), workers=2, **quick | changes)
    (folder / "tiny.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder / "tiny.yaml"


SCRIPT = """
import sys
from pathlib import Path
import sslkit

with open("runs-of-this-script", "a", encoding="utf-8") as file:
    print("once more", file=file)
print(sslkit.compare("tiny.yaml", out="out", plugin_paths=sys.argv[1:], quiet=True))
"""


def run_script(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "script.py", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def processes_in(folder: Path) -> list[psutil.Process]:
    """Those that still run in this folder, as a script's workers do."""
    running = psutil.process_iter(["cwd"])
    return [process for process in running if process.info["cwd"] == str(folder.resolve())]


def test_a_script_needs_no_guard_and_is_run_once(tmp_path: Path) -> None:
    """``spawn`` would run it again in each worker, where it would start the comparison again."""
    write_config(tmp_path)
    done = run_script(tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs-of-this-script").read_text(encoding="utf-8") == "once more\n"
    assert len(list((tmp_path / "out").glob("*/*/result.json"))) == 3


def test_a_worker_that_is_killed_is_said_and_the_folder_goes_on(tmp_path: Path) -> None:
    (tmp_path / "killing.py").write_text(PLUGIN, encoding="utf-8")
    write_config(tmp_path, baselines=["killing"])
    done = run_script(tmp_path, "killing.py")
    assert done.returncode == 1
    assert "a worker process was killed (out of memory?)" in done.stderr
    assert "bootstrapping" not in done.stderr
    assert not psutil.wait_procs(processes_in(tmp_path), timeout=20)[1]  # none that is alive


def test_tasks_travel_to_other_processes(prepared: Prepared, tmp_path: Path) -> None:
    tasks = tasks_of(prepared, tmp_path)
    assert pickle.loads(pickle.dumps(tasks)) == tasks


def test_the_users_main_module_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    main = sys.modules["__main__"]
    before = dict(vars(main))
    with pytest.raises(SSLKitError), local._without_main():
        assert vars(main).get("__file__") is None and main.__spec__ is None
        raise SSLKitError
    assert vars(main) == before
