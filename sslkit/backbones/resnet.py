"""ResNet-18, -34 and -50 for images and spectrograms."""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING, ClassVar, Literal

from torch import Tensor, nn

from sslkit.backbones.shapes import require_axes
from sslkit.hookspecs import hookimpl
from sslkit.types import Backbone

if TYPE_CHECKING:
    from sslkit.registry import Registry

SMALL_SIDE = 64  # up to this height and width the ImageNet stem would leave too few positions


class ResNet(Backbone):
    """A torchvision ResNet without classifier, from random weights, for any number of channels and any size.

    Args:
        shape: ``(C, H, W)`` of a sample (run-time fact).
        stem: ``imagenet`` is a 7×7 convolution of stride 2 and max-pooling; ``small`` a 3×3 convolution of
            stride 1 without pooling (SimCLR, appendix B.9); ``auto`` is ``small`` where height and width are
            at most 64.

    Raises:
        SSLKitError: samples that have not three axes.

    Source: He et al. 2015; initialisation as torchvision (Kaiming normal, fan out).
    """

    sample_ndim: ClassVar[int] = 3
    architecture: ClassVar[str]

    def __init__(self, shape: tuple[int, ...], stem: Literal["auto", "imagenet", "small"] = "auto") -> None:
        from torchvision.models import get_model

        super().__init__()
        require_axes(self.architecture, shape, self.sample_ndim)
        channels, *sides = shape
        network = get_model(self.architecture, weights=None)
        if stem == "small" or (stem == "auto" and max(sides) <= SMALL_SIDE):
            network.conv1 = nn.Conv2d(channels, 64, 3, padding=1, bias=False)
            network.maxpool = nn.Identity()
        else:
            network.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
        nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")
        self.out_dim = network.fc.in_features
        network.fc = nn.Identity()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, H, W)`` → ``(B, out_dim)``."""
        features: Tensor = self.network(x)
        return features


class ResNet18(ResNet):
    __doc__ = f"ResNet-18 (11.2 M parameters, 512 features).\n\n{getdoc(ResNet)}"
    architecture = "resnet18"


class ResNet34(ResNet):
    __doc__ = f"ResNet-34 (21.3 M parameters, 512 features).\n\n{getdoc(ResNet)}"
    architecture = "resnet34"


class ResNet50(ResNet):
    __doc__ = f"ResNet-50 (23.5 M parameters, 2048 features).\n\n{getdoc(ResNet)}"
    architecture = "resnet50"


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("resnet18", ResNet18)
    registry.add("resnet34", ResNet34)
    registry.add("resnet50", ResNet50)
