"""Front ends, networks and objectives: what their base classes do."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from sslkit.types import Backbone, FrontEnd, Objective


class Network(Backbone):
    sample_ndim = 2
    out_dim = 4

    def __init__(self, *modules: nn.Module) -> None:
        super().__init__()
        for number, module in enumerate(modules):
            self.add_module(f"module{number}", module)


def block(width: int) -> nn.Module:
    """A block as networks have them: layers inside a module of its own."""
    return nn.Sequential(nn.Linear(width, width), nn.ReLU())


def names_of(network: Backbone) -> list[list[str]]:
    """The parameters of each ordered block, by their names in the network."""
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    return [[names[id(p)] for p in one.parameters()] for one in network.ordered_blocks()]


def test_blocks_are_the_children_in_their_order():
    network = Network(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 3))
    assert names_of(network) == [["module0.weight", "module0.bias"], ["module2.weight", "module2.bias"]]


def test_containers_of_blocks_are_taken_apart():
    network = Network(nn.Linear(2, 2), nn.Sequential(block(2), block(2)), nn.ModuleList([block(2)]))
    assert [len(names) for names in names_of(network)] == [2, 2, 2, 2]
    assert names_of(network)[2] == ["module1.1.0.weight", "module1.1.0.bias"]


def test_a_network_that_only_wraps_another_is_that_one():
    network = Network(nn.Sequential(block(2), nn.Linear(2, 3)))
    assert len(network.ordered_blocks()) == 2


def test_a_norm_belongs_to_the_block_before_it_and_a_first_one_to_the_block_behind():
    network = Network(nn.LayerNorm(2), nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 3))
    assert [names[0].split(".")[0] for names in names_of(network)] == ["module0", "module3"]
    assert [len(names) for names in names_of(network)] == [6, 2]


def test_every_parameter_is_in_one_block():
    network = Network(nn.Linear(2, 2), nn.Sequential(block(2), nn.BatchNorm1d(2), block(2)), nn.Linear(2, 3))
    found = [name for names in names_of(network) for name in names]
    assert sorted(found) == sorted(name for name, _ in network.named_parameters())


def test_what_a_kind_must_write_itself_says_so():
    for kind, arguments in ((FrontEnd, (torch.zeros(1),)), (Backbone, (torch.zeros(1),)), (Objective, ([],))):
        with pytest.raises(NotImplementedError):
            kind().forward(*arguments)


def test_what_need_not_be_written_does_nothing():
    FrontEnd().fit([torch.zeros(1)])
    assert Objective().after_step(0.5) == {}
    assert Objective.n_views == 2
