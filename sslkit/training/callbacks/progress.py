"""Tells whoever listens how far training is."""

from __future__ import annotations

import time
from collections.abc import Callable

from torch import Tensor

from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.trainer import Trainer
from sslkit.types import ReportProgress


class Progress(BaseCallback):
    """Calls ``report`` a few times a second at most, and whenever there is something else to add.

    Args:
        report: what to call.
        more: asked for words to add.
        pause: seconds between two calls.
    """

    def __init__(self, report: ReportProgress, more: Callable[[], str] = str, pause: float = 0.25) -> None:
        self.report, self.more, self.pause = report, more, pause
        self._last, self._said = 0.0, ""

    def on_start(self, trainer: Trainer) -> None:
        """Say where training starts."""
        self.report(trainer.step, trainer.total_steps, "")

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        """Say how far it is."""
        now, more = time.monotonic(), self.more()
        if now - self._last >= self.pause or trainer.step == trainer.total_steps or more != self._said:
            self._last, self._said = now, more
            self.report(trainer.step, trainer.total_steps, f"loss {float(logs['loss']):.3f}{more}")
