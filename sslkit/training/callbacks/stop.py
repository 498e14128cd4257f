"""Ctrl-C, Ctrl-Break, SIGTERM or a closed terminal: the step finishes, is saved, and the same command resumes."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.trainer import Trainer

NAMES = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")  # Windows has Ctrl-Break, and no SIGHUP
STOP_SIGNALS = tuple(
    signal.Signals[name]
    for name in NAMES
    if name in signal.Signals.__members__
    and not (name == "SIGHUP" and signal.getsignal(signal.Signals[name]) == signal.SIG_IGN)  # under nohup
)


def leave_terminal(number: int) -> None:
    """After SIGHUP nobody reads what is said, and writing to a closed terminal is an error: it goes nowhere instead."""
    if signal.Signals(number).name != "SIGHUP":
        return
    for descriptor in (1, 2):
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(descriptor).st_mode):
                os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


class StopOnSignal(BaseCallback):
    """Catches the signals while the trainer runs. A second Ctrl-C stops at once, without saving."""

    def __init__(self) -> None:
        self._before: dict[int, Callable[..., Any] | int | None] = {}

    def on_start(self, trainer: Trainer) -> None:
        """Install the handlers; signals reach the main thread only."""
        if threading.current_thread() is not threading.main_thread():
            return

        def stop(number: int, frame: object) -> None:
            leave_terminal(number)
            if trainer.stop_requested and number == signal.SIGINT:
                raise KeyboardInterrupt
            trainer.stop_requested = True

        self._before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}

    def on_end(self, trainer: Trainer) -> None:
        """Put the former handlers back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
