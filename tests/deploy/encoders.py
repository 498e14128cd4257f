"""Encoders of each modality with random weights and fitted statistics, in folders as runs leave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sslkit.deploy.encoder import Encoder, make_card
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from sslkit.types import ComponentSpec, SampleSpec

SPECS = {
    "image": SampleSpec("image", (3, 16, 12), scale=1 / 255),
    "grey": SampleSpec("image", (1, 16, 12), scale=1 / 255),
    "deep": SampleSpec("image", (1, 16, 12)),
    "sensor": SampleSpec("sensor", (3, 33), rate_hz=50.0, channels=("x", "y", "z")),
    "gaps": SampleSpec("sensor", (3, 33), missing=True),
    "audio": SampleSpec("audio", (1600,), rate_hz=16_000.0, scale=1 / 32768),
    "counts": SampleSpec("counts", (3, 33)),
    "sound file": SampleSpec("audio", (1600,), rate_hz=16_000.0),
}
COMPONENTS = {
    "image": ("standardise", {}, "small-conv", {"width": 4, "depth": 2}),
    "sensor": ("standardise", {}, "resnet1d", {"width": 4}),
    "audio": ("log-mel", {"n_mels": 64}, "audio-conv", {"width": 4, "out_dim": 16}),
}
COMPONENTS["counts"] = COMPONENTS["sensor"]
FACTS: dict[str, Any] = {
    "class_names": ["no", "yes"],
    "data_digest": "0123",
    "objective": {"name": "simclr"},
    "seed": 3,
    "sslkit": "0.1.0",
}


def raw_samples(spec: SampleSpec, count: int, seed: int = 0) -> Tensor:
    """As a data source gives them: uint8 pictures, int16 or float32 sound, float32 windows."""
    random = np.random.default_rng(seed)
    shape = (count, *spec.shape)
    if spec.modality == "image":
        pictures = torch.from_numpy(random.integers(0, 256, shape, dtype=np.uint8))
        return pictures if spec.scale != 1.0 else pictures / 255
    if spec.modality == "audio":
        sound = torch.from_numpy(random.integers(-20_000, 20_000, shape, dtype=np.int16))
        return sound if spec.scale != 1.0 else sound / 32768
    return torch.from_numpy(random.normal(3, 2, shape).astype(np.float32))


def make_encoder(kind: str, seed: int = 0, registry: Registry | None = None) -> Encoder:
    """With its own weights for each seed; statistics of the front end are not those of an untrained one."""
    registry = registry or load_registry()[0]
    spec = SPECS[kind]
    front, front_settings, back, back_settings = COMPONENTS[spec.modality]
    specs = ComponentSpec("frontend", front, front_settings), ComponentSpec("backbone", back, back_settings)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        frontend = registry.build(specs[0], spec=spec)
        frontend.fit([spec.decode(raw_samples(spec, 8, seed + 1))])
        backbone = registry.build(specs[1], shape=frontend.out_spec.shape)
        backbone.train()
        for _ in range(3):  # so that the running statistics of BatchNorm are no zeros and ones
            backbone(frontend(spec.decode(raw_samples(spec, 8, seed + 2))))
    card = make_card(spec, *specs, backbone.out_dim, **FACTS)
    return Encoder(spec, frontend, backbone, card).eval()


def write_run(folder: Path, kind: str, data: dict[str, Any]) -> Encoder:
    """An encoder in a run's folder, whose data source is ``data``."""
    encoder = make_encoder(kind)
    encoder.save(folder)
    description = {"config": {"name": "made-up", "data": data}, "objective": {"name": "simclr"}, "seed": 0}
    (folder / "run.json").write_text(json.dumps(description), encoding="utf-8")
    return encoder


def features_of(encoder: Encoder, raw: Tensor) -> Tensor:
    """By hand: natural units, front end, zeros for what is missing, network. In one batch, without gradients."""
    with torch.no_grad():
        x = encoder.frontend(raw.to(torch.float32) * encoder.spec.scale)
        found: Tensor = encoder.backbone(torch.where(x.isnan(), torch.zeros_like(x), x))
    return found
