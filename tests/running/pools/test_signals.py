"""Signals around the start of processes: none is lost, and none meets a process that is not ready for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sslkit.running.pools.signals import held_back, stop_signals_interrupt
from sslkit.training.callbacks.stop import STOP_SIGNALS
from tests.test_kill import command, config

__all__ = ["config"]  # a fixture


def test_sigterm_is_an_interrupt_inside_only():
    before = [signal.getsignal(number) for number in STOP_SIGNALS]
    with pytest.raises(KeyboardInterrupt), stop_signals_interrupt():
        os.kill(os.getpid(), signal.SIGTERM)
    assert [signal.getsignal(number) for number in STOP_SIGNALS] == before


def test_a_signal_held_back_comes_afterwards():
    with pytest.raises(KeyboardInterrupt):
        with held_back():
            os.kill(os.getpid(), signal.SIGINT)
            late = "reached"
        pytest.fail("the signal was lost")
    assert late == "reached"
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, []) & set(STOP_SIGNALS)


def children(pid: int) -> list[int]:
    """Worker processes of a pool, by the flag that multiprocessing starts them with."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # ended meanwhile
            for child in map(int, (thread / "children").read_text().split()):
                with suppress(OSError):
                    found += [child] if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes() else []
    return found


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="reads the processes from /proc")
@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0, 2.0])
def test_ctrl_c_while_workers_start(config, tmp_path, seconds):
    """A terminal's Ctrl-C reaches the whole group, workers that are still importing included."""
    text = config.read_text().replace("workers: 1", "workers: 2").replace("steps: 250", "steps: 100000")
    config.write_text(text)
    program = command(config, tmp_path / "out", "compare")
    assert program[0] == sys.executable
    process = subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None and not children(process.pid):
        time.sleep(0.01)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 130, errors
    assert "Run the same command again" in errors
    assert "Traceback" not in errors + output
    assert nobody_left(process.pid)


def nobody_left(group: int) -> bool:
    """Whether the last process of a group goes within a while."""
    for _ in range(300):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
