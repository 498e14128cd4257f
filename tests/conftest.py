"""Small data and configs that train in a second."""

from __future__ import annotations

import signal
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import yaml

torch.set_num_threads(1)
# A shell starts background jobs with Ctrl-C ignored, and children inherit that; some tests send one.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def write_signals(path: Path, train: int = 96, test: int = 48, channels: int = 3, length: int = 33) -> Path:
    """Two classes of noisy sines of different frequency, in an .npz for the source ``arrays``."""
    random = np.random.default_rng(0)
    arrays: dict[str, np.ndarray] = {}
    for part, count in (("train", train), ("test", test)):
        y = np.arange(count) % 2
        time = np.arange(length) / length
        phase = random.uniform(0, 2 * np.pi, (count, channels, 1))
        x = np.sin(2 * np.pi * (2 + 3 * y[:, None, None]) * time + phase) + 0.3 * random.normal(
            size=(count, channels, length)
        )
        arrays |= {f"X_{part}": x.astype(np.float32), f"y_{part}": y.astype(np.int64)}
    np.savez(path, **arrays)
    return path


def tiny(data: Path, **changes: Any) -> dict[str, Any]:
    """A config that trains two small networks for a few steps."""
    head = {"hidden_dim": 16, "out_dim": 8}
    byol = {
        "name": "byol",
        "projector": {"name": "byol-mlp", **head},
        "predictor": {"name": "byol-mlp", **head},
    }
    return {
        "data": {"name": "arrays", "path": str(data)},
        "views": [{"name": "jitter"}, {"name": "scaling"}],
        "backbone": {"name": "resnet1d", "width": 4},
        "objectives": [byol, {"name": "simclr", "projector": {"name": "simclr-mlp", **head}}],
        "budget": {"steps": 8},
        "training": {
            "batch_size": 16,
            "log_every": 1,
            "checkpoint_seconds": 0,
            "device": "cpu",
            "threads": 1,
        },
        "evaluation": {"labels_per_class": [3, "all"], "draws": 2},
        "baselines": ["random", "handcrafted", {"name": "supervised", "steps": 4}],
        "seeds": [0, 1],
        "workers": 1,
        **changes,
    }


@pytest.fixture
def signals(tmp_path: Path) -> Path:
    """An .npz of small sensor windows."""
    return write_signals(tmp_path / "signals.npz")


@pytest.fixture
def config_file(tmp_path: Path, signals: Path) -> Path:
    """A config file of the tiny comparison."""
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(tiny(signals)))
    return path


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three short recordings."""
    import soundfile

    folder = tmp_path_factory.mktemp("sounds")
    random = np.random.default_rng(0)
    for number in range(3):
        soundfile.write(folder / f"{number}.wav", random.uniform(-0.5, 0.5, 4000 + 100 * number), 16_000)
    return folder


@pytest.fixture(scope="session")
def torchaudio() -> ModuleType:
    """An independent reference for sounds; skips where it is not installed.

    Its last release refuses to be imported beside a PyTorch for another CUDA, of which its functions in
    Python make no use: meanwhile PyTorch is said to have none.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.version, "cuda", None)
        return pytest.importorskip("torchaudio")
