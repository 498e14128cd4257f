"""sslkit's entrants in the training benchmark: the full step, and its limit: the same step on views made before."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import cast

import torch
from measuring import Call, Makers
from torch import nn
from training_data import OBJECTIVES, Setting, batch_of, prepared

from sslkit.training.trainer import Trainer

LIMIT, FULL = "limit", "full step"
SETTINGS = {
    "images 3×32×32, small-conv": Setting("images"),
    "images 3×32×32, small-conv, matrix jitter": Setting("images", None, "simclr-small", "matrix"),
    "images 3×32×32, resnet18": Setting("images", "resnet18"),
    "sensors 6×128, resnet1d": Setting("sensors"),
    "audio 1 s, audio-conv": Setting("audio"),
}
AGAINST = {"simclr": "simclr-small", "byol": "byol"}  # objective → recipe that lightly has too


class Steps:
    """One trainer's full step and its step on fixed views, and both with the network compiled."""

    def __init__(
        self, setting: Setting, objective: str, batch: int, device: str, precision: str, threads: int
    ):
        experiment = prepared(setting, batch, device, precision, threads)
        specs = dict(zip(experiment.experiment.labels, experiment.experiment.objectives, strict=True))
        self.trainer: Trainer = experiment.trainer(specs[objective], 0)
        self.trainer.objective.train()
        self.batches = self.trainer.loader.batches(0, 1_000_000)
        self.make_views = self.trainer.views
        self.fixed = self.make_views(next(self.batches), 0)
        self.batch_size = batch

    def call(self, variant: str) -> Call:
        trainer = self.trainer
        network: nn.Module = trainer.objective
        if "compiled" in variant:
            network = cast(nn.Module, torch.compile(network))
        run = self._limit if variant.startswith(LIMIT) else self._full
        wait = torch.cuda.synchronize if trainer.device.type == "cuda" else None
        return Call(partial(run, network), self.batch_size, wait=wait)

    def _full(self, network: nn.Module) -> None:
        self.trainer.views = self.make_views
        self.trainer._optimise(network, next(self.batches))

    def _limit(self, network: nn.Module) -> None:
        self.trainer.views = lambda *_: self.fixed  # type: ignore[assignment]
        self.trainer._optimise(network, self.fixed[0])


_steps = lru_cache(maxsize=1)(Steps)  # both variants share one trainer; the last contest's is freed


def limits(batch_size: int, device: str, precision: str, compiled: bool, threads: int) -> Makers:
    """Each kind of data and objective: the full step against its limit."""
    makers: dict[str, dict[str, Callable[[], Call]]] = {}
    for name, setting in SETTINGS.items():
        batch = batch_of(setting, batch_size, device)
        for objective in OBJECTIVES:
            variants = (f"{FULL}, compiled", f"{LIMIT}, compiled") if compiled else (FULL, LIMIT)
            makers[f"{name}, {objective}"] = {
                variant: partial(_make, variant, setting, objective, batch, device, precision, threads)
                for variant in variants
            }
    return makers


def against_lightly(batch_size: int, threads: int, workers: int) -> Makers:
    """The training that lightly does, with the same recipe, backbone, heads and optimiser."""
    return {
        objective: {
            f"{jitter} jitter": partial(
                _make,
                FULL,
                Setting("images", None, recipe, jitter),
                objective,
                batch_size,
                "cpu",
                "fp32",
                threads,
            )
            for jitter in ("exact", "matrix")
        }
        for objective, recipe in AGAINST.items()
    }


def _make(variant: str, *place: object) -> Call:
    return _steps(*place).call(variant)
