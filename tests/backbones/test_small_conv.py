import pytest
import torch
from torch.nn import functional as F

from sslkit.backbones.small_conv import SmallConv
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28), (13, 17, 9), (1, 5, 5), (3, 1, 2), (1, 64, 101)])
def test_keeps_the_contract(shape):
    assert_keeps_contract(SmallConv, shape)


@pytest.mark.parametrize(("width", "depth", "out_dim"), [(32, 4, 256), (8, 1, 8), (8, 3, 32)])
def test_width_doubles_with_every_block(width, depth, out_dim):
    assert_keeps_contract(lambda shape: SmallConv(shape, width=width, depth=depth), (3, 12, 12))
    assert SmallConv((3, 12, 12), width=width, depth=depth).out_dim == out_dim


def test_parameters():
    convolutions = 9 * (3 * 32 + 32 * 64 + 64 * 128 + 128 * 256)
    assert parameters(SmallConv((3, 32, 32))) == convolutions + 2 * (32 + 64 + 128 + 256) == 388_896


def test_equals_its_layers_written_out():
    backbone, x = SmallConv((2, 9, 7), width=4, depth=3), torch.randn(5, 2, 9, 7)
    expected = x
    for stride, (convolution, norm, _) in zip((1, 2, 2), backbone.blocks, strict=True):
        expected = F.conv2d(expected, convolution.weight, stride=stride, padding=1)
        expected = F.relu(F.batch_norm(expected, None, None, norm.weight, norm.bias, training=True))
    torch.testing.assert_close(backbone(x), expected.mean((2, 3)))


def test_signals_are_refused():
    with pytest.raises(SSLKitError, match="small-conv"):
        SmallConv((6, 128))
