import math

import pytest
import torch
from torch import nn
from torchvision.models import resnet18, resnet34, resnet50

from sslkit.backbones.resnet import ResNet18, ResNet34, ResNet50
from sslkit.errors import SSLKitError
from tests.backbones.contract import assert_keeps_contract, parameters

NETS = {ResNet18: (resnet18, 512), ResNet34: (resnet34, 512), ResNet50: (resnet50, 2048)}


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28), (13, 17, 9), (1, 64, 101), (2, 1, 1)])
def test_resnet18_keeps_the_contract(shape):
    assert_keeps_contract(ResNet18, shape)


@pytest.mark.parametrize("net", [ResNet34, ResNet50])
def test_larger_ones_keep_the_contract(net):
    assert_keeps_contract(net, (4, 15, 11), batch=8)


@pytest.mark.parametrize("net", NETS)
def test_is_torchvisions_network_without_its_classifier(net):
    make, width = NETS[net]
    reference = make(weights=None)
    reference.fc = nn.Identity()
    backbone = net((3, 65, 70))
    assert backbone.out_dim == width
    backbone.network.load_state_dict(reference.state_dict())
    x = torch.randn(2, 3, 65, 70)
    assert torch.equal(backbone.eval()(x), reference.eval()(x))


@pytest.mark.parametrize(
    ("net", "imagenet", "small"),
    [
        (ResNet18, 11_176_512, 11_168_832),
        (ResNet34, 21_284_672, 21_276_992),
        (ResNet50, 23_508_032, 23_500_352),
    ],
)
def test_parameters(net, imagenet, small):
    assert parameters(net((3, 224, 224))) == imagenet
    assert parameters(net((3, 32, 32))) == small


@pytest.mark.parametrize(
    ("shape", "stem", "small"),
    [
        ((3, 64, 64), "auto", True),
        ((3, 64, 65), "auto", False),
        ((3, 32, 32), "imagenet", False),
        ((3, 96, 96), "small", True),
    ],
)
def test_stem(shape, stem, small):
    network = ResNet18(shape, stem=stem).network
    assert network.conv1.stride == ((1, 1) if small else (2, 2))
    assert isinstance(network.maxpool, nn.Identity if small else nn.MaxPool2d)


def test_the_stem_starts_as_torchvisions_do():
    weight = ResNet18((13, 32, 32)).network.conv1.weight
    assert weight.std().item() == pytest.approx(math.sqrt(2 / (64 * 9)), rel=0.05)


def test_signals_are_refused():
    with pytest.raises(SSLKitError, match="resnet18"):
        ResNet18((6, 128))
