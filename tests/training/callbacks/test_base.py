"""A callback that overrides nothing changes nothing and is told of everything."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.trainer import Trainer
from tests.training.toy import toy_trainer


class Told(BaseCallback):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []

    def on_start(self, trainer: Trainer) -> None:
        self.heard.append(("start", trainer.step))

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        assert {"loss", "largest", "progress", "learning_rate"} <= logs.keys()
        self.heard.append(("step", trainer.step))

    def on_end(self, trainer: Trainer) -> None:
        self.heard.append(("end", trainer.step))


def test_what_it_is_told_and_when() -> None:
    told = Told()
    toy_trainer(3, callbacks=[told]).run()
    assert told.heard == [("start", 0), ("step", 1), ("step", 2), ("step", 3), ("end", 3)]


def test_a_watcher_changes_no_bit() -> None:
    bare, watched = toy_trainer(), toy_trainer(callbacks=[BaseCallback(), Told()])
    bare.run()
    watched.run()
    for one, other in zip(bare.objective.parameters(), watched.objective.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_end_is_told_of_after_an_error_too() -> None:
    class Fails(BaseCallback):
        def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
            raise RuntimeError("broken watcher")

    told = Told()
    with pytest.raises(RuntimeError, match="broken watcher"):
        toy_trainer(3, callbacks=[told, Fails()]).run()
    assert told.heard == [("start", 0), ("step", 1), ("end", 1)]
