"""A study that runs in a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from sslkit.files import write_npz, write_text

CLASSES, CHANNELS, LENGTH = ("slow", "fast"), 3, 33
PERIODS = np.array([2.0, 5.0])  # in a window, by class
COUNTS = {"train": 32, "test": 16}
NOISE = 0.3


def tiny_study(folder: str | Path) -> Path:
    """Write data and a config into ``folder``; returns the config's path.

    Sensor windows ``(3, 33)`` of two classes, noisy sines of 2 and 5 periods, 32 to train and 16 to test; two steps of
    SimCLR with one augmentation on a narrow network, beside a random one, judged by nearest neighbours. To try a
    component of one's own in whole runs, give it by an override. The same files every time.

    >>> import tempfile
    >>> import sslkit
    >>> from sslkit.testing import tiny_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sslkit.pretrain(tiny_study(folder), ["objectives=[byol]"], out=f"{folder}/run")
    ...     encoder = sslkit.load_encoder(run)
    >>> encoder.card["objective"]["name"], encoder.spec.shape
    ('byol', (3, 33))
    """
    data = Path(folder).resolve() / "signals.npz"
    write_npz(data, _signals())
    config = {
        "name": "tiny",
        "data": {"name": "arrays", "path": str(data)},
        "views": [{"name": "jitter"}],
        "backbone": {"name": "resnet1d", "width": 4},
        "objectives": [
            {"name": "simclr", "projector": {"name": "simclr-mlp", "hidden_dim": 16, "out_dim": 8}}
        ],
        "budget": {"steps": 2},
        "training": {"batch_size": 8, "device": "cpu", "threads": 1},
        "evaluation": {"labels_per_class": ["all"], "draws": 1},
        "evaluators": ["knn"],
        "baselines": ["random"],
        "seeds": [0],
        "workers": 1,
    }
    path = data.with_name("tiny.yaml")
    write_text(path, yaml.safe_dump(config, sort_keys=False))
    return path


def _signals() -> dict[str, np.ndarray]:
    """The arrays that the source ``arrays`` reads."""
    random = np.random.default_rng(0)
    arrays: dict[str, np.ndarray] = {"names": np.array(CLASSES)}
    for part, count in COUNTS.items():
        y = np.arange(count) % len(CLASSES)
        phase = random.uniform(0, 2 * np.pi, (count, CHANNELS, 1))
        angle = 2 * np.pi * PERIODS[y][:, None, None] * np.arange(LENGTH) / LENGTH
        x = np.sin(angle + phase) + NOISE * random.normal(size=(count, CHANNELS, LENGTH))
        arrays |= {f"X_{part}": x.astype(np.float32), f"y_{part}": y}
    return arrays
