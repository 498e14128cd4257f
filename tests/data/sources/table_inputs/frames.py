"""Tables that the tests write, and what of their windows they look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sslkit.data.sources.sensor_table import SensorTable
from sslkit.types import Dataset, Part

RANDOM = np.random.default_rng(0)


def frame_of(rows: int, **columns: Any) -> pd.DataFrame:
    """A counter ``n`` and noise ``x``, ``y``, with other columns."""
    noise = {name: RANDOM.standard_normal(rows).round(4) for name in ("x", "y")}
    return pd.DataFrame({"n": np.arange(rows), **noise, **columns})


def load(path: Path, length: int = 10, channels: Sequence[str] = ("n", "x"), **settings: Any) -> Dataset:
    return SensorTable(str(path), list(channels), length, **settings).load()


def folder_of(tmp_path: Path, *frames: pd.DataFrame, **writing: Any) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    for number, frame in enumerate(frames):
        frame.to_csv(folder / f"{number}.csv", index=False, **writing)
    return folder


def said_of(dataset: Dataset) -> str:
    return "\n".join(map(str, dataset.notes))


def labels_of(dataset: Dataset, part: Part | None = None) -> list[str]:
    part = part or dataset.train
    return [dataset.class_names[y] if y >= 0 else "" for y in part.y]


def starts_of(dataset: Dataset, part: Part | None = None) -> list[int]:
    part = part or dataset.train
    return [int(n) for n in part.x[np.arange(len(part))][:, 0, 0]]


def load_clock(tmp_path: Path, stamps: Any, length: int = 10, **settings: Any) -> Dataset:
    path = folder_of(tmp_path, frame_of(len(stamps), t=stamps)) / "0.csv"
    return load(path, length, time="t", **settings)


ROWS = np.arange(600)
EPOCH = 1_700_000_000
