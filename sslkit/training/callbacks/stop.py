"""Ctrl-C, Ctrl-Break and SIGTERM let the step finish, save, and stop; the same command resumes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.trainer import Trainer

NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last is Windows' Ctrl-Break
STOP_SIGNALS = tuple(signal.Signals[name] for name in NAMES if name in signal.Signals.__members__)


class StopOnSignal(BaseCallback):
    """Catches the signals while the trainer runs. A second Ctrl-C stops at once, without saving."""

    def __init__(self) -> None:
        self._before: dict[int, Callable[..., Any] | int | None] = {}

    def on_start(self, trainer: Trainer) -> None:
        """Install the handlers; signals reach the main thread only."""
        if threading.current_thread() is not threading.main_thread():
            return

        def stop(number: int, frame: object) -> None:
            if trainer.stop_requested and number == signal.SIGINT:
                raise KeyboardInterrupt
            trainer.stop_requested = True

        self._before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}

    def on_end(self, trainer: Trainer) -> None:
        """Put the former handlers back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
