"""A callback that does nothing, to derive from."""

from __future__ import annotations

from torch import Tensor

from sslkit.training.trainer import Trainer


class BaseCallback:
    """Override what is needed."""

    def on_start(self, trainer: Trainer) -> None:
        """Before the first step."""

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        """After each optimiser step."""

    def on_end(self, trainer: Trainer) -> None:
        """After the last step, or when stopped."""
