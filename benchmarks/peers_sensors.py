"""Sensor windows by peers: per-sample numpy and tsaug. What a network takes comes out: a float32 tensor (B, C, T)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import isfunction

import numpy as np
import numpy_faults
import numpy_sensors
import torch
from inputs import stored_samples
from measuring import Call, Makers
from torch import Tensor

N_VIEWS = 2


def per_sample_numpy(group: str, batch_size: int, window_length: int) -> Makers:
    windows = stored_samples(group, batch_size, window_length).transpose(0, 2, 1).copy()
    modules = (numpy_sensors, numpy_faults)
    operations = {
        name.replace("_", "-"): function
        for module in modules
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }
    chain = operations.pop("har")
    np.random.seed(0)

    def make(operation: Callable[[np.ndarray], np.ndarray], views: int = 1) -> Call:
        def run() -> list[Tensor]:
            return [_tensor(np.stack([operation(x) for x in windows])) for _ in range(views)]

        return Call(run, views * len(windows))

    makers = {name: {"": partial(make, operation)} for name, operation in operations.items()}
    makers["recipe har"] = {"": partial(make, chain, N_VIEWS)}
    return makers


def tsaug(group: str, batch_size: int, window_length: int) -> Makers:
    """tsaug's augmenters take a batch; inside, most go through it sample by sample."""
    import tsaug as library

    windows = stored_samples(group, batch_size, window_length).transpose(0, 2, 1).copy()
    shorter = int(0.8 * window_length)
    augmenters = {
        "jitter": library.AddNoise(scale=0.05, seed=0),
        "time-warp": library.TimeWarp(n_speed_change=4, max_speed_ratio=2.0, seed=0),
        "crop-resize": library.Crop(size=shorter, resize=window_length, seed=0),
        "time-flip": library.Reverse(),
        "baseline-drift": library.Drift(max_drift=0.2, n_drift_points=4, seed=0),
        "drop-outs": library.Dropout(p=0.05, size=(5, 10), fill=0.0, seed=0),
        "quantisation": library.Quantize(n_levels=16),
    }

    def make(name: str) -> Call:
        return Call(lambda: _tensor(augmenters[name].augment(windows)), len(windows))

    return {name: {"": partial(make, name)} for name in augmenters}


def _tensor(windows: np.ndarray) -> Tensor:
    return torch.from_numpy(windows.astype(np.float32).transpose(0, 2, 1).copy())
