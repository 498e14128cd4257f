"""A comparison of the defaults runs on data of any shape: the modality's own views, front end and backbone."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import yaml

from sslkit.cli import run

SHAPES = {
    "13-channel pictures": ((15, 17, 13), np.uint8, {}),
    "grey pictures": ((28, 28), np.uint8, {}),
    "one channel of odd length": ((1, 129), np.float32, {}),
    "40 channels of odd length": ((40, 65), np.float32, {}),
    "int16 signals": ((3, 64), np.int16, {}),
    "audio at 8 kHz": ((8000,), np.float32, {"rate_hz": 8000}),
    "int16 audio": ((6001,), np.int16, {"rate_hz": 8000}),
}


def write(path, shape, dtype):
    """Two classes that differ in their level."""
    random = np.random.default_rng(0)
    arrays = {}
    for part, count in (("train", 40), ("test", 20)):
        y = np.arange(count) % 2
        level = y.reshape(-1, *[1] * len(shape))
        x = random.uniform(0, 0.5, (count, *shape)) + 0.4 * level
        scale = {np.uint8: 255, np.int16: 30000}.get(dtype, 1)
        arrays |= {f"X_{part}": (scale * x).astype(dtype), f"y_{part}": y}
    np.savez(path, **arrays)


@pytest.mark.parametrize("name", SHAPES)
def test_defaults_run_on_any_shape(tmp_path, name):
    shape, dtype, settings = SHAPES[name]
    write(tmp_path / "data.npz", shape, dtype)
    head = {"hidden_dim": 16, "out_dim": 8}
    byol = {
        "name": "byol",
        "projector": {"name": "byol-mlp", **head},
        "predictor": {"name": "byol-mlp", **head},
    }
    config = {
        "data": {"name": "arrays", "path": str(tmp_path / "data.npz"), **settings},
        "objectives": [byol, "simclr"],
        "budget": {"steps": 2},
        "training": {"batch_size": 8, "threads": 1},
        "evaluation": {"labels_per_class": ["all"]},
        "baselines": ["random", "handcrafted", {"name": "supervised", "steps": 1}],
        "seeds": [0],
        "workers": 1,
    }
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    assert run(["compare", str(tmp_path / "config.yaml"), "--out", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "results.csv").open() as file:
        methods = {row["objective"] for row in csv.DictReader(file)}
    assert methods == {"byol", "simclr", "random", "handcrafted", "supervised"}
