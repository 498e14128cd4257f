"""Every registered augmentation holds the contract, and the check finds those that break it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.testing import check_augmentation
from sslkit.types import Augmentation, SampleSpec

SPECS = {
    ("image", "raw"): SampleSpec("image", (3, 32, 32)),
    ("image", "features"): SampleSpec("image", (3, 32, 32)),
    ("sensor", "raw"): SampleSpec("sensor", (6, 128), rate_hz=500.0),
    ("sensor", "features"): SampleSpec("sensor", (6, 128), rate_hz=500.0),
    ("audio", "raw"): SampleSpec("audio", (1600,), rate_hz=16_000.0),
    ("audio", "features"): SampleSpec("audio", (1, 64, 48)),
}
REQUIRED = {  # settings that have no default
    name: {
        "augmentations": [
            {"name": "horizontal-flip"},
            {"name": "quarter-turns"},
            {"name": "solarize", "p": 0.5},
        ]
    }
    for name in ("sequence", "one-of", "random-order")
} | {"on-channels": {"groups": [[0, 2]], "augmentations": [{"name": "jitter"}]}}
SOUND_FOLDERS = ("background-noise", "impulse-response")
BUILT_INS = [entry for entry in load_registry()[0].entries("augmentation") if entry.source == "sslkit"]


def required(name: str, sounds: Path) -> dict[str, Any]:
    """Settings without which an augmentation cannot be."""
    return {"folder": str(sounds)} if name in SOUND_FOLDERS else REQUIRED.get(name, {})


@pytest.mark.parametrize("name", [entry.name for entry in BUILT_INS])
def test_every_registered_augmentation_holds_the_contract(name: str, sounds: Path) -> None:
    registry, _ = load_registry()
    problems: list = []
    spec = registry.check("augmentation", {"name": name, **required(name, sounds)}, name, problems)
    assert spec is not None and not problems
    augmentation = registry.build(spec)
    for modality in augmentation.modalities or ("image",):
        check_augmentation(augmentation, SPECS[modality, augmentation.stage])


class Noise(Augmentation):
    """Right: noise of its own for each value."""

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        noise = torch.rand(x.shape, generator=generator, device=x.device).to(x.dtype)
        return (x + noise).clamp(0, 1)


class OneDraw(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return (x + super().apply(torch.zeros_like(x[:1]), generator)).clamp(0, 1)


class WritesInput(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x.copy_(super().apply(x, generator))


class GlobalDraw(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return (x + torch.rand(x.shape)).clamp(0, 1).to(x.dtype)


class Widens(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return super().apply(x, generator).float()


class Shrinks(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return super().apply(x, generator)[..., :-1]


class LeavesRange(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return super().apply(x, generator) * 2


class MakesNaN(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return super().apply(x, generator) * torch.nan


class ThreeOnly(Noise):
    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        red, green, blue = super().apply(x, generator).unbind(1)
        return torch.stack([blue, red, green], 1)


class RefusesWrongly(Noise):
    def check(self, spec: SampleSpec) -> None:
        if spec.shape[0] != 3:
            raise ValueError("three channels")


class RefusesSilently(Noise):
    def check(self, spec: SampleSpec) -> None:
        if spec.shape[0] != 3:
            raise SSLKitError("")


class RefusesAll(Noise):
    def check(self, spec: SampleSpec) -> None:
        raise SSLKitError("no")


class IgnoresProbability(Noise):
    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return self.apply(x, generator)


class Forgets(Noise):
    """Adds the batch before."""

    past = 0.0

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        result = (super().apply(x, generator) + self.past).clamp(0, 1).to(x.dtype)
        self.past = x.mean().item()
        return result


class MixesSamples(Augmentation):
    """Adds the batch's mean."""

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x + x.mean(0, keepdim=True)


class AudioOnly(Noise):
    modalities = ("audio",)


IMAGE, SENSOR = SPECS["image", "raw"], SPECS["sensor", "raw"]


def test_a_right_one_passes() -> None:
    check_augmentation(Noise(), IMAGE)


@pytest.mark.parametrize(
    ("augmentation", "spec", "message"),
    [
        (OneDraw, IMAGE, "draws once for the whole batch"),
        (WritesInput, IMAGE, "writes into its input"),
        (GlobalDraw, IMAGE, "global generator"),
        (Widens, IMAGE, "returns torch.float32 on 1 × .* bfloat16"),
        (Shrinks, IMAGE, r"returns shape \(1, 3, 32, 31\)"),
        (LeavesRange, IMAGE, "leaves 0…1"),
        (MakesNaN, SENSOR, "makes NaN or Inf of finite samples"),
        (ThreeOnly, IMAGE, "check accepts samples of shape .* but apply"),
        (RefusesWrongly, IMAGE, "raises ValueError instead of SSLKitError"),
        (RefusesSilently, IMAGE, "without a message"),
        (RefusesAll, IMAGE, "refuses the samples it should take"),
        (IgnoresProbability, IMAGE, "although p is 0"),
        (Forgets, IMAGE, "does not go on alike"),
        (MixesSamples, SENSOR, "carries NaN from one sample into others"),
        (AudioOnly, IMAGE, "takes audio samples"),
    ],
)
def test_each_breach_is_found(augmentation: type[Augmentation], spec: SampleSpec, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_augmentation(augmentation(), spec)
