"""What a run left → digests of the bits, and figures that another machine can be held to.

Only public ways in: ``sslkit.pretrain``, ``sslkit.compare``, ``sslkit.load_encoder`` and the files of a run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch import Tensor

import sslkit
from tests.golden.data import write_data

CLOCK = ("seconds", "samples_per_second")
SHOWN_FEATURES = 6  # samples whose features are kept as numbers
Facts = dict[str, Any]


def write_config(folder: Path, config: Mapping[str, Any]) -> Path:
    """The golden data and ``config.yaml`` in ``folder``, where the command is to be run."""
    folder.mkdir(parents=True, exist_ok=True)
    write_data(folder)
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(dict(config), sort_keys=False))
    return path


def pretrain(folder: Path, config: Mapping[str, Any], overrides: tuple[str, ...] = ()) -> Path:
    """The finished run of a pre-training in this process."""
    path = write_config(folder, config)
    torch.set_num_threads(1)
    with chdir(folder):
        return folder / sslkit.pretrain(path.name, overrides, out="run")


def compare(folder: Path, config: Mapping[str, Any]) -> Path:
    """The folder of a finished comparison."""
    path = write_config(folder, config)
    torch.set_num_threads(1)
    with chdir(folder):
        return folder / sslkit.compare(path.name, out="run", quiet=True).parent


def facts_of(run: Path, data: Path) -> Facts:
    """All that is recorded of a pre-training: every step, gradients, both networks, and features of ``data``."""
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    memory = _optimiser_memory(state["optimizer"])
    facts = {
        "identity": json.loads((run / "run.json").read_text())["identity"],
        "steps": logged_steps(run),
        "networks": _networks(state["objective"]),
        "optimiser": {"digest": digest_of(memory), "tensors": summaries(memory)},
        "features": features_of(run, data),
    }
    return rounded(facts)


def digests_of(facts: Facts) -> dict[str, Any]:
    """What must be equal where the environment is."""
    return {
        "networks": {name: network["digest"] for name, network in facts["networks"].items()},
        "optimiser": facts["optimiser"]["digest"],
        "features": facts["features"]["digest"],
        "steps": facts["steps"],
    }


def logged_steps(run: Path) -> list[dict[str, Any]]:
    """The lines of ``metrics.jsonl``, without what the clock says."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name not in CLOCK} for line in lines]


def features_of(run: Path, data: Path) -> Facts:
    """Features of the test part of an ``.npz``, by the encoder that the run left."""
    with np.load(data) as arrays:
        raw = torch.from_numpy(arrays["X_test"])
    encoder = sslkit.load_encoder(run)
    with torch.no_grad():
        features = encoder(_with_channels_first(raw))
    return {"digest": digest_of({"features": features}), "values": features[:SHOWN_FEATURES].tolist()}


def _with_channels_first(raw: Tensor) -> Tensor:
    """Pictures as the data source gives them: N×C×H×W."""
    if raw.dtype != torch.uint8:
        return raw
    return raw.permute(0, 3, 1, 2).contiguous() if raw.ndim == 4 else raw[:, None]


def _networks(objective: Mapping[str, Tensor]) -> dict[str, Facts]:
    """Digest and summaries of each part: backbone, heads, and for BYOL the target's."""
    parts: dict[str, dict[str, Tensor]] = {}
    for name, tensor in objective.items():
        part, _, rest = name.partition(".")
        parts.setdefault(part, {})[rest] = tensor
    return {name: {"digest": digest_of(part), "tensors": summaries(part)} for name, part in parts.items()}


def _optimiser_memory(optimizer: Mapping[str, Any]) -> dict[str, Tensor]:
    """Running means of the gradients (and of their squares): functions of every gradient of the run."""
    return {
        f"{index}.{name}": value
        for index, entries in optimizer["state"].items()
        for name, value in entries.items()
        if isinstance(value, Tensor) and value.ndim
    }


def digest_of(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 of names, types, shapes and bytes."""
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)} ".encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def summaries(tensors: Mapping[str, Tensor]) -> dict[str, list[float]]:
    """Length and mean of each tensor."""
    wide = {name: tensor.detach().double() for name, tensor in tensors.items()}
    return {name: [float(x.norm()), float(x.mean())] for name, x in wide.items()}


def rounded(value: Any) -> Any:
    """Floats in 9 digits, which tell float32 values apart, so that the files stay small."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value
