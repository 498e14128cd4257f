"""What the tests of bad input spoil: a quick comparison, its arrays, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from tests.conftest import tiny, write_signals

QUICK = {
    "objectives": [tiny(Path())["objectives"][0]],
    "baselines": ["random"],
    "budget": {"steps": 2},
    "seeds": [0],
    "evaluation": {"labels_per_class": ["all"]},
}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def config_of(folder: Path, data: dict | Path, **changes) -> Path:
    """A config file of the quick comparison on other data; None leaves a key out."""
    content = tiny(Path(), **{**QUICK, **changes})
    content["data"] = data if isinstance(data, dict) else {"name": "arrays", "path": str(data)}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in content.items() if value is not None}))
    return path


def arrays_of(folder: Path, **changes) -> Path:
    """The signals with some arrays changed by functions, replaced, or (None) left out."""
    with np.load(write_signals(folder / "signals.npz")) as file:
        arrays = dict(file)
    for name, change in changes.items():
        arrays[name] = change(arrays[name].copy()) if callable(change) else change
    path = folder / "changed.npz"
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def put(index, value):
    """A function that sets some values of an array."""

    def change(array):
        array[index] = value
        return array

    return change


DAMAGES = {
    "empty": lambda data: b"",
    "junk": lambda data: b"junk" * 100,
    "half": lambda data: data[: len(data) // 2],
    "without its end": lambda data: data[:-30],
    "wrong bytes": lambda data: data[:9000] + bytes(byte ^ 255 for byte in data[9000:11000]) + data[11000:],
    "wrong head": lambda data: data[:40] + b"\xff" * 160 + data[200:],
}
