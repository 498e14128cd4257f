"""Metrics to a JSONL file; a resumed run goes on where its checkpoint stands and repeats no line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.files import cannot_write, write_text
from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.trainer import Trainer


class Board(Protocol):
    """What of a TensorBoard writer is used."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None: ...

    def close(self) -> None: ...


class MetricsLog(BaseCallback):
    """One line every ``every`` steps, and one for each ``write`` of another watcher.

    Args:
        path: of the JSONL file.
        every: steps between two lines.
        tensorboard: also write TensorBoard events beside it (extra ``tensorboard``).
    """

    def __init__(self, path: Path, every: int, tensorboard: bool = False) -> None:
        self.path, self.every = path, every
        self.board = _summary_writer(path.parent / "tensorboard") if tensorboard else None
        self._seconds, self._step = 0.0, 0

    def on_start(self, trainer: Trainer) -> None:
        """Drop lines that lie after the checkpoint."""
        lines = (
            self.path.read_text(encoding="utf-8", errors="replace").splitlines() if self.path.exists() else []
        )
        kept = [line for line in lines if _step_of(line) <= trainer.step] if trainer.step else []
        write_text(self.path, "".join(line + "\n" for line in kept))
        self._seconds, self._step = trainer.seconds, trainer.step

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        """Write a line when it is due."""
        if trainer.step % self.every and trainer.step != trainer.total_steps:
            return
        samples = (trainer.step - self._step) * trainer.loader.order.batch_size
        rate = samples / max(trainer.seconds - self._seconds, 1e-9)
        self._seconds, self._step = trainer.seconds, trainer.step
        values = {name: float(value) for name, value in logs.items()}
        self.write(trainer, {**values, "samples_per_second": round(rate, 1)})

    def write(self, trainer: Trainer, values: Mapping[str, float | str]) -> None:
        """Append one line with the trainer's position."""
        position = {
            "step": trainer.step,
            "epoch": round(trainer.epoch, 3),
            "seconds": round(trainer.seconds, 3),
        }
        try:
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps({**position, **values}) + "\n")
        except OSError as error:
            raise SSLKitError(cannot_write(self.path, error)) from error
        if self.board is not None:
            for name, value in values.items():
                if not isinstance(value, str):
                    self.board.add_scalar(name, value, trainer.step)

    def on_end(self, trainer: Trainer) -> None:
        """Close TensorBoard's file."""
        if self.board is not None:
            self.board.close()


def _step_of(line: str) -> float:
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return float("inf")  # cut off in the middle of a write


def _summary_writer(folder: Path) -> Board:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise SSLKitError(
            'training.tensorboard needs the extra: python -m pip install "sslkit[tensorboard]"'
        ) from error
    board: Board = SummaryWriter(str(folder))
    return board
