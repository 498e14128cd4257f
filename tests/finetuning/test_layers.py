"""Which blocks are open when, at what learning rate, and that closed ones stay as they are."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from sslkit.finetuning.layers import Layers, open_blocks
from sslkit.types import Backbone


class Net(Backbone):
    """A token of its own, three blocks with BatchNorm, the last one a plain layer."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(4))
        self.one = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU())
        self.two = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU())
        self.three = nn.Linear(4, 4)
        self.out_dim = 4

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.three(self.two(self.one(x + self.token)))


@pytest.fixture
def layers() -> Layers:
    torch.manual_seed(0)
    return Layers(Net(), nn.Linear(4, 2))


def test_policies_open_what_they_say() -> None:
    assert [open_blocks("frozen", step, 8, 3) for step in range(8)] == [0] * 8
    assert [open_blocks("last-block", step, 8, 3) for step in range(8)] == [1] * 8
    assert [open_blocks("all", step, 8, 3) for step in range(8)] == [3] * 8
    assert [open_blocks("gradual", step, 12, 3) for step in range(12)] == [0, 0, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3]
    assert [open_blocks("last-block", 0, 1, 0), open_blocks("gradual", 0, 1, 0)] == [0, 0]  # nothing to open


@pytest.mark.parametrize("steps", [1, 2, 7, 100, 301])
@pytest.mark.parametrize("blocks", [1, 4, 17])
def test_gradual_never_closes_and_ends_open(steps: int, blocks: int) -> None:
    opened = [open_blocks("gradual", step, steps, blocks) for step in range(steps)]
    assert opened == sorted(opened)
    assert opened[0] == 0 or blocks * 2 > steps
    assert all(count == blocks for count in opened[-(-steps // 2) :])


def test_learning_rates_follow_the_closed_form(layers: Layers) -> None:
    groups = layers.groups(0.3, 0.5)
    assert [group["lr"] for group in groups] == pytest.approx([0.3, 0.15, 0.075, 0.0375])
    by_parameter = {id(p): group["lr"] for group in groups for p in group["params"]}
    net = layers.backbone
    assert by_parameter[id(net.three.weight)] == 0.15
    assert by_parameter[id(net.two[1].bias)] == pytest.approx(0.3 * 0.5**2)
    assert by_parameter[id(net.token)] == by_parameter[id(net.one[0].weight)] == pytest.approx(0.3 * 0.5**3)
    everything = [*net.parameters(), *layers.head.parameters()]
    assert sum(len(group["params"]) for group in groups) == len(everything) == len(by_parameter)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_closed_blocks_stay_bit_for_bit(layers: Layers, count: int) -> None:
    """Ten steps with weight decay and momentum: weights and BatchNorm statistics of closed blocks do not move."""
    net = nn.Sequential(layers.backbone, layers.head)
    optimizer = torch.optim.AdamW(layers.groups(0.1, 0.9), weight_decay=0.1)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    for _ in range(10):
        layers.open(count)
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(torch.randn(8, 4)), torch.arange(8) % 2).backward()
        optimizer.step()
    depth = {"0.token": 3, "0.one": 3, "0.two": 2, "0.three": 1, "1": 0}
    for name, tensor in net.state_dict().items():
        place = next(depth[key] for key in depth if name.startswith(key))
        assert torch.equal(tensor, before[name]) == (place > count), name


def test_opening_again_brings_back_everything(layers: Layers) -> None:
    layers.open(0)
    layers.open(3)
    assert all(p.requires_grad for p in layers.backbone.parameters())
    assert all(module.training for module in layers.backbone.modules())


def test_what_was_never_trainable_stays_so() -> None:
    net = Net()
    net.one[0].weight.requires_grad_(False)
    layers = Layers(net, nn.Linear(4, 2))
    layers.open(3)
    assert not net.one[0].weight.requires_grad
    assert all(p is not net.one[0].weight for group in layers.groups(1.0, 1.0) for p in group["params"])


def test_a_backbone_without_parameters_and_shared_ones() -> None:
    class Plain(Backbone):
        """Nothing to learn."""

    assert len(Layers(Plain(), nn.Linear(2, 2)).groups(1.0, 0.5)) == 1
    net = Net()
    net.two[0].weight = net.one[0].weight  # tied
    torch.optim.AdamW(Layers(net, nn.Linear(4, 2)).groups(1.0, 0.5))  # refuses a parameter in two groups
