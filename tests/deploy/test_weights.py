"""Weights for others: their own networks load them strictly, and give the same features."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from sslkit.backbones.resnet import ResNet18, ResNet34, ResNet50
from sslkit.backbones.small_conv import SmallConv
from sslkit.backbones.timm import Timm
from sslkit.deploy.encoder import Encoder, make_card
from sslkit.deploy.weights import write_library_weights
from sslkit.errors import SSLKitError
from sslkit.frontends.standardise import Standardise
from sslkit.types import Backbone, ComponentSpec, SampleSpec


def _encoder(backbone: Backbone, name: str, shape: tuple[int, ...], **settings: str) -> Encoder:
    spec = SampleSpec("image", shape)
    specs = ComponentSpec("frontend", "standardise"), ComponentSpec("backbone", name, settings)
    card = make_card(spec, *specs, backbone.out_dim)
    frontend = Standardise(spec)
    frontend.fit([torch.rand(8, *shape)])
    return Encoder(spec, frontend, backbone, card).eval()


def _same(encoder: Encoder, lines: str) -> None:
    found: dict[str, torch.nn.Module] = {}
    exec(lines, found)
    x = torch.randn(2, *encoder.spec.shape)
    with torch.no_grad():
        torch.testing.assert_close(found["network"].eval()(x), encoder.backbone(x))


@pytest.mark.parametrize("library", ["torchvision", "timm"])
@pytest.mark.parametrize("network", [ResNet18, ResNet34, ResNet50])
@pytest.mark.parametrize(("channels", "side"), [(3, 32), (13, 80)])
def test_a_resnet(tmp_path: Path, library: str, network: type, channels: int, side: int) -> None:
    encoder = _encoder(network((channels, side, side)), network.architecture, (channels, side, side))
    _same(encoder, write_library_weights(encoder, library, tmp_path / "w.safetensors"))


def test_a_network_of_timm(tmp_path: Path) -> None:
    encoder = _encoder(Timm((2, 32, 32), "resnet10t"), "timm", (2, 32, 32), model="resnet10t")
    _same(encoder, write_library_weights(encoder, "timm", tmp_path / "w.safetensors"))
    with pytest.raises(
        SSLKitError, match="torchvision has no network with the weights of the backbone timm's resnet10t"
    ):
        write_library_weights(encoder, "torchvision", tmp_path / "w.safetensors")


def test_the_front_end_is_in_the_metadata(tmp_path: Path) -> None:
    encoder = _encoder(ResNet18((3, 32, 32)), "resnet18", (3, 32, 32))
    write_library_weights(encoder, "timm", tmp_path / "w.safetensors")
    with safe_open(tmp_path / "w.safetensors", "pt") as file:
        assert "standardise" in file.metadata()["frontend"] and "[" in file.metadata()["statistics"]


def test_other_backbones_are_refused(tmp_path: Path) -> None:
    encoder = _encoder(SmallConv((3, 32, 32)), "small-conv", (3, 32, 32))
    with pytest.raises(SSLKitError, match="the backbone small-conv"):
        write_library_weights(encoder, "timm", tmp_path / "w.safetensors")
