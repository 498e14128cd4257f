"""The order of a backbone's blocks: from input to output, every parameter once."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from sslkit.plugins import load_registry
from sslkit.types import Backbone, ComponentSpec

REGISTRY, _ = load_registry()
CASES: list[tuple[str, tuple[int, ...], dict[str, Any], int]] = [
    ("resnet1d", (3, 40), {"width": 4}, 5),  # stem and four stages
    ("resnet1d", (3, 40), {"width": 4, "blocks": 2}, 9),
    ("small-conv", (3, 16, 16), {"width": 4}, 4),
    ("small-conv", (3, 16, 16), {"width": 4, "depth": 1}, 1),
    ("audio-conv", (1, 16, 16), {"width": 4, "out_dim": 8}, 4),  # three convolutions and the MLP
    (
        "transformer1d",
        (3, 32),
        {"width": 8, "heads": 2},
        5,
    ),  # patches and four layers, the norm with the last
    ("inception-time", (3, 32), {"filters": 2}, 6),
    ("resnet18", (3, 32, 32), {}, 9),
]


@pytest.mark.parametrize(("name", "shape", "settings", "count"), CASES)
def test_built_in_backbones(name: str, shape: tuple[int, ...], settings: dict[str, Any], count: int) -> None:
    backbone = REGISTRY.build(ComponentSpec("backbone", name, settings), shape=shape)
    blocks = backbone.ordered_blocks()
    assert len(blocks) == count
    held = [id(p) for block in blocks for p in block.parameters()]
    assert len(held) == len(set(held))
    loose = [name for name, p in backbone.named_parameters() if id(p) not in held]
    assert loose == (["positions"] if name == "transformer1d" else [])


@pytest.mark.parametrize(("name", "shape", "settings", "count"), CASES)
def test_blocks_run_in_their_order(
    name: str, shape: tuple[int, ...], settings: dict[str, Any], count: int
) -> None:
    """By the order in which their first weights are used."""
    backbone = REGISTRY.build(ComponentSpec("backbone", name, settings), shape=shape).eval()
    used: list[int] = []
    for place, block in enumerate(backbone.ordered_blocks()):
        leaf = next(m for m in block.modules() if next(m.parameters(recurse=False), None) is not None)
        leaf.register_forward_hook(lambda *_, place=place: used.append(place))
    with torch.no_grad():
        backbone.train()(torch.randn(2, *shape))
    assert list(dict.fromkeys(used)) == list(range(count))


def test_a_plugins_flat_network() -> None:
    class Flat(Backbone):
        """Layers one after the other, a norm first."""

        def __init__(self) -> None:
            super().__init__()
            self.net = nn.Sequential(
                nn.BatchNorm1d(3), nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2)
            )

    net = Flat()
    assert [sorted(sum(1 for _ in block.parameters()) for block in net.ordered_blocks())] == [[2, 6]]
    assert list(net.ordered_blocks()[1].parameters()) == list(net.net[4].parameters())


def test_nothing_to_learn_has_no_blocks() -> None:
    class Empty(Backbone):
        """No parameters."""

    assert Empty().ordered_blocks() == []
