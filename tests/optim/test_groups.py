import math

import pytest
import torch
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.optim.groups import can_fuse, scaled_learning_rate, split_parameters


class Many(nn.Module):
    """One layer of every sort, and parameters of its own."""

    def __init__(self):
        super().__init__()
        self.conv, self.bare, self.linear = (
            nn.Conv2d(3, 4, 3),
            nn.Conv1d(2, 2, 1, bias=False),
            nn.Linear(4, 2),
        )
        self.batch, self.group, self.instance = (
            nn.BatchNorm2d(4),
            nn.GroupNorm(2, 4),
            nn.InstanceNorm1d(4, affine=True),
        )
        self.layer, self.root, self.sync = nn.LayerNorm((4, 5)), nn.RMSNorm((2, 3)), nn.SyncBatchNorm(4)
        self.attention = nn.MultiheadAttention(4, 2, add_bias_kv=True)
        self.scale, self.token = nn.Parameter(torch.ones(())), nn.Parameter(torch.ones(1, 1, 4))
        self.relative_position_bias = nn.Parameter(torch.ones(2, 3))
        self.frozen = nn.Linear(2, 2).requires_grad_(False)


def test_biases_norms_and_vectors_are_exempt_and_nothing_else():
    module = Many()
    decayed, exempt = split_parameters(module)
    names = {id(parameter): name for name, parameter in module.named_parameters()}
    assert {names[id(p)] for p in decayed} == {
        "conv.weight",
        "bare.weight",
        "linear.weight",
        "attention.in_proj_weight",
        "attention.out_proj.weight",
        "token",
    }
    assert len(decayed) + len(exempt) == sum(p.requires_grad for p in module.parameters())
    assert {"layer.weight", "root.weight", "attention.bias_k", "relative_position_bias", "scale"} <= {
        names[id(p)] for p in exempt
    }


def test_a_shared_layer_is_listed_once():
    linear = nn.Linear(2, 2)
    decayed, exempt = split_parameters(nn.Sequential(linear, nn.ReLU(), linear))
    assert len(decayed) == len(exempt) == 1


def test_nothing_to_train_is_an_error():
    with pytest.raises(SSLKitError, match="no trainable parameter"):
        split_parameters(nn.Linear(2, 2).requires_grad_(False))


@pytest.mark.parametrize("batch_size", [1, 64, 256, 4096])
def test_rates_scale_with_the_batch(batch_size):
    assert scaled_learning_rate(0.3, batch_size, "linear") == pytest.approx(0.3 * batch_size / 256)
    assert scaled_learning_rate(0.075, batch_size, "sqrt") == pytest.approx(0.075 * math.sqrt(batch_size))
    assert scaled_learning_rate(1e-3, batch_size, "none") == 1e-3


def test_what_can_be_fused():
    assert can_fuse(nn.Linear(2, 2).parameters())
    assert not can_fuse(nn.Linear(2, 2, device="meta").parameters())
    assert not can_fuse([nn.Parameter(torch.ones(2, dtype=torch.complex64))])
