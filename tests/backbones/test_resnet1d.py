import math

import pytest
import torch
from torch import nn

from sslkit.backbones.resnet1d import ResNet1d
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters


@pytest.mark.parametrize("shape", [(6, 128), (1, 1023), (40, 77), (3, 1)])
def test_keeps_the_contract(shape):
    assert_keeps_contract(ResNet1d, shape)


def block(channels, width):
    shortcut = channels * width + 2 * width if channels != width else 0
    return 5 * channels * width + 5 * width * width + 4 * width + shortcut


@pytest.mark.parametrize("blocks", [1, 2])
def test_parameters(blocks):
    expected = 7 * 6 * 32 + 64
    for channels, width in [(32, 32), (32, 64), (64, 128), (128, 256)]:
        expected += block(channels, width) + (blocks - 1) * block(width, width)
    assert parameters(ResNet1d((6, 128), blocks=blocks)) == expected


def test_stem_and_later_stages_halve_time():
    backbone, lengths = ResNet1d((6, 128), width=4), []
    for stage in backbone.stages:
        stage.register_forward_hook(lambda module, inputs, output: lengths.append(output.shape[2]))
    assert backbone(torch.randn(2, 6, 128)).shape == (2, 32)
    assert lengths == [64, 32, 16, 8]


def test_a_block_whose_body_is_silent_passes_its_input_on():
    stage = ResNet1d((6, 128)).stages[0]
    nn.init.zeros_(stage.body[4].weight)
    x = torch.randn(3, 32, 20)
    assert torch.equal(stage(x), x.relu())


def test_starts_kaiming_normal():
    weight = ResNet1d((6, 128)).stages[3].body[3].weight
    assert weight.std().item() == pytest.approx(math.sqrt(2 / (256 * 5)), rel=0.02)


def test_images_are_refused():
    with pytest.raises(SSLKitError, match="resnet1d"):
        ResNet1d((3, 32, 32))
