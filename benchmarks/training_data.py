"""Experiments on random data for whole training steps, built as `sslkit pretrain` builds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from inputs import RATE_HZ, stored_samples

from sslkit.assembly import prepare
from sslkit.assembly.prepared import Prepared
from sslkit.config import parse_study
from sslkit.plugins import load_registry

HEAD = {"hidden_dim": 512, "out_dim": 128}
OBJECTIVES = {
    "simclr": {"name": "simclr", "projector": {"name": "simclr-mlp", **HEAD}},
    "byol": {
        "name": "byol",
        "projector": {"name": "byol-mlp", **HEAD},
        "predictor": {"name": "byol-mlp", **HEAD},
    },
}
WINDOW_LENGTH = 128
MOST_RESNET = 64  # samples in a ResNet's batch on a CPU: a step of more takes too long to be repeated
BATCHES = 4  # in the training part


@dataclass(frozen=True)
class Setting:
    """What is trained: a modality's default views, front end and backbone, or others."""

    group: str
    backbone: str | None = None
    views: str | None = None
    jitter: str = "exact"


def batch_of(setting: Setting, batch_size: int, device: str) -> int:
    """Samples in a batch: fewer for a ResNet on a CPU."""
    resnet_on_cpu = setting.backbone == "resnet18" and device == "cpu"
    return min(batch_size, MOST_RESNET) if resnet_on_cpu else batch_size


@lru_cache(maxsize=1)
def prepared(setting: Setting, batch_size: int, device: str, precision: str, threads: int) -> Prepared:
    """Data, views and builders."""
    plain: dict[str, Any] = {
        "objectives": list(OBJECTIVES.values()),
        "backbone": setting.backbone,
        "training": {
            "batch_size": batch_size,
            "threads": threads,
            "device": device,
            "precision": precision,
        },
        "budget": {"steps": 1_000_000},
    }
    if setting.views:
        plain["views"] = {"name": setting.views, "jitter": setting.jitter}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        _write(setting.group, path, batch_size)
        plain["data"] = {"name": "arrays", "path": str(path)}
        registry, _ = load_registry()
        (experiment,) = parse_study(plain, [], registry).experiments
        return prepare(experiment, registry)


def _write(group: str, path: Path, batch_size: int) -> None:
    count = BATCHES * batch_size * 2  # the validation part is cut from it
    x = stored_samples(group, count, WINDOW_LENGTH)
    x = x.transpose(0, 2, 3, 1) if group == "images" else x
    y = np.arange(count) % 2
    arrays = {"X_train": x, "y_train": y, "X_test": x[:batch_size], "y_test": y[:batch_size]}
    if group == "audio":
        arrays["rate_hz"] = np.array(RATE_HZ)
    np.savez(path, allow_pickle=False, **arrays)
