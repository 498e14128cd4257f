"""Collapse figures and a kNN probe of frozen features during training, and an alarm when they are bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.callbacks.metrics_log import MetricsLog
from sslkit.training.trainer import Trainer

ALARM = " · alarm: "  # stands before an alarm in the words of a progress report
Judge = Callable[[], dict[str, float]]
Alarms = Callable[[Mapping[str, float], Mapping[str, Tensor | float]], list[str]]


def no_alarms(figures: Mapping[str, float], logs: Mapping[str, Tensor | float]) -> list[str]:
    """Never any."""
    return []


class Monitor(BaseCallback):
    """Calls ``judge`` every ``every`` steps, at the start and at the end, and logs what it returns.

    The judge must leave the networks and all random states as they were. A line in which something is wrong has
    ``alarm`` in words; ``words`` says it while training goes on, as long as it is so.

    Args:
        judge: figures of the encoder as it is.
        log: where they are written.
        every: steps between two judgements.
        alarms: the judge's figures and the trainer's logs → what is wrong, with advice.
    """

    def __init__(self, judge: Judge, log: MetricsLog, every: int, alarms: Alarms = no_alarms) -> None:
        self.judge, self.log, self.every, self.alarms = judge, log, every, alarms
        self._said: list[str] = []

    def words(self) -> str:
        """For a progress line: empty while all is well."""
        return ALARM + self._said[0] if self._said else ""

    def on_start(self, trainer: Trainer) -> None:
        """Judge the random encoder."""
        if trainer.step == 0:
            self._write(trainer)

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        """Judge when it is due."""
        if trainer.step % self.every == 0 or trainer.step == trainer.total_steps:
            self._write(trainer)

    def _write(self, trainer: Trainer) -> None:
        figures = self.judge()
        self._said = self.alarms(figures, trainer.logs)
        self.log.write(trainer, {**figures, **({"alarm": " ".join(self._said)} if self._said else {})})
        trainer.skip_clock()
