"""Collapse figures and a kNN probe of frozen features during training."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.callbacks.metrics_log import MetricsLog
from sslkit.training.trainer import Trainer

Judge = Callable[[], dict[str, float]]


class Monitor(BaseCallback):
    """Calls ``judge`` every ``every`` steps, at the start and at the end, and logs what it returns.

    The judge must leave the networks and all random states as they were.

    Args:
        judge: figures of the encoder as it is.
        log: where they are written.
        every: steps between two judgements.
    """

    def __init__(self, judge: Judge, log: MetricsLog, every: int) -> None:
        self.judge, self.log, self.every = judge, log, every

    def on_start(self, trainer: Trainer) -> None:
        """Judge the random encoder."""
        if trainer.step == 0:
            self._write(trainer)

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        """Judge when it is due."""
        if trainer.step % self.every == 0 or trainer.step == trainer.total_steps:
            self._write(trainer)

    def _write(self, trainer: Trainer) -> None:
        self.log.write(trainer, self.judge())
        trainer.skip_clock()
