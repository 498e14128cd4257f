from __future__ import annotations

import pytest
import torch

from sslkit.assembly.strength import at_strength
from sslkit.augment.images.base import coin
from sslkit.plugins import load_registry
from sslkit.testing import check_augmentation
from sslkit.types import ComponentSpec, SampleSpec

REGISTRY, _ = load_registry()
NAMES = [
    entry.name
    for entry in REGISTRY.entries("augmentation")
    if entry.source == "sslkit" and entry.component.modalities == ("image",)  # type: ignore[attr-defined]
]
SPEC = SampleSpec("image", (3, 24, 20))


@pytest.mark.parametrize("strength", [2.0, 50.0])
@pytest.mark.parametrize("name", NAMES)
def test_any_strength_is_valid(name: str, strength: float) -> None:
    problems: list = []
    spec = at_strength(REGISTRY, ComponentSpec("augmentation", name), strength)
    assert spec is not None
    assert REGISTRY.check("augmentation", spec.to_plain(), name, problems) is not None, problems
    check_augmentation(REGISTRY.build(spec), SPEC)


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_of_strength_is_a_trace_of_change(name: str) -> None:
    """Less than one image in a hundred changes, or all by less than 2 % on average (whole pixels of a crop)."""
    spec = at_strength(REGISTRY, ComponentSpec("augmentation", name), 0.002)
    assert spec is not None
    y, x = torch.meshgrid(torch.linspace(0, 1, 20), torch.linspace(0, 1, 20), indexing="ij")
    images = torch.stack([x, y, 0.5 + 0.5 * torch.sin(3 * x + 2 * y)]).repeat(500, 1, 1, 1)
    result = REGISTRY.build(spec)(images, torch.Generator().manual_seed(0))
    change = (result - images).abs().mean((1, 2, 3))
    assert (change > 1e-6).float().mean() < 0.01 or change.max() < 0.02


@pytest.mark.parametrize("name", ["horizontal-flip", "vertical-flip"])
def test_flips_are_never_more_certain_than_a_coin(name: str) -> None:
    spec = at_strength(REGISTRY, ComponentSpec("augmentation", name), 2.0)
    assert spec is not None and spec.settings["p"] == 0.5
    assert coin(0.5, 0.5) == 0.25 and coin(0.2, 2.0) == 0.4 and coin(0.8, 2.0) == 0.8
