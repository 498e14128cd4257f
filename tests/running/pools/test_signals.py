"""Signals around the start of processes: none is lost, and none meets a process that is not ready for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import SimpleNamespace

import psutil
import pytest

from sslkit.running.pools import signals
from sslkit.running.pools.signals import (
    handlers_kept,
    held_back,
    ignore_more_interrupts,
    let_in,
    stop_signals_interrupt,
)
from sslkit.training.callbacks.stop import STOP_SIGNALS
from tests.test_kill import command, config

__all__ = ["config"]  # a fixture


def test_sigterm_is_an_interrupt_inside_only():
    before = [signal.getsignal(number) for number in STOP_SIGNALS]
    with pytest.raises(KeyboardInterrupt), stop_signals_interrupt():
        signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(number) for number in STOP_SIGNALS] == before


def test_a_signal_held_back_comes_afterwards():
    with pytest.raises(KeyboardInterrupt):
        with held_back():
            signal.raise_signal(signal.SIGINT)
            late = "reached"
        pytest.fail("the signal was lost")
    assert late == "reached"
    if hasattr(signal, "pthread_sigmask"):
        assert not signal.pthread_sigmask(signal.SIG_BLOCK, []) & set(STOP_SIGNALS)


def workers_of(pid: int) -> list[psutil.Process]:
    """Worker processes of a pool, by the flag that multiprocessing starts them with."""
    found = []
    with suppress(psutil.Error):  # ended meanwhile
        for child in psutil.Process(pid).children():
            with suppress(psutil.Error):
                found += [child] if "spawn_main" in " ".join(child.cmdline()) else []
    return found


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows has no signals for a group")
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
    while time.monotonic() < deadline and process.poll() is None and not workers_of(process.pid):
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


class Console:
    """Windows' part of ctypes: what was switched, in order."""

    def __init__(self, before: list[str]) -> None:
        self.said = before
        self.windll = SimpleNamespace(kernel32=SimpleNamespace(SetConsoleCtrlHandler=self.switch))

    def switch(self, handler, off):
        assert handler is None  # the switch that children inherit
        self.said.append("off" if off else "on")


def test_on_windows_workers_start_deaf_to_ctrl_c(monkeypatch):
    said = []
    monkeypatch.setattr(signals, "ctypes", Console(said))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(signal, "pthread_sigmask")
    with pytest.raises(KeyError), held_back():
        said.append("workers start")
        raise KeyError
    let_in()  # in the worker: it stays as it is
    assert said == ["off", "workers start", "on"]


def test_a_system_without_masks_holds_its_own_signals_back(monkeypatch):
    monkeypatch.delattr(signal, "pthread_sigmask")
    with pytest.raises(KeyboardInterrupt):
        with held_back():
            signal.raise_signal(signal.SIGINT)
            late = "reached"
        pytest.fail("the signal was lost")
    assert late == "reached"
    let_in()


def test_ctrl_break_stops_where_there_is_one(monkeypatch):
    """Windows' own signal, under a number that this system has."""
    monkeypatch.setattr(signals, "STOP_SIGNALS", (signal.SIGINT, signal.SIGTERM, signal.SIGABRT))
    before = signal.getsignal(signal.SIGABRT)
    with pytest.raises(KeyboardInterrupt), stop_signals_interrupt():
        signal.raise_signal(signal.SIGABRT)
    assert signal.getsignal(signal.SIGABRT) == before


def test_while_workers_save_no_more_interrupts():
    with handlers_kept():
        ignore_more_interrupts()
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGTERM) != signal.SIG_IGN  # the way out that is left
