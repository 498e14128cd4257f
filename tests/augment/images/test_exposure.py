from __future__ import annotations

import math

import pytest
import torch
from torchvision.transforms.v2.functional import adjust_gamma

from sslkit.augment.images.exposure import Exposure


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(3, 8, 9), (1, 5, 5), (13, 4, 4)])
def test_without_offset_equals_torchvisions_adjust_gamma(shape: tuple[int, ...]) -> None:
    exposure = Exposure(stops=1.0, gamma=1.0, offset=0.0)
    x = torch.rand(20, *shape, generator=seeded(1))
    x[:, :, 0, :2] = torch.tensor([0.0, 1.0])
    gain, gamma, _ = (setting.flatten().tolist() for setting in exposure.draw(20, seeded()))
    images = [image[None] if len(image) not in (1, 3) else image for image in x]  # channels as a batch
    expected = []
    for image, exponent, factor in zip(images, gamma, gain, strict=True):
        channels = [
            adjust_gamma(channel[None], exponent, factor) for channel in image.reshape(-1, *shape[1:])
        ]
        expected.append(torch.cat(channels))
    torch.testing.assert_close(exposure.apply(x, seeded()), torch.stack(expected), atol=1e-5, rtol=0)


def test_gain_curve_and_offset_in_float64() -> None:
    exposure = Exposure(stops=0.5, gamma=0.3, offset=0.2)
    x = torch.rand(20, 2, 6, 6, generator=seeded(1))
    gain, gamma, offset = (setting.double() for setting in exposure.draw(20, seeded()))
    expected = (gain * x.double() ** gamma + offset).clamp(0, 1)
    torch.testing.assert_close(exposure.apply(x, seeded()).double(), expected, atol=1e-6, rtol=0)


def test_gain_alone_is_in_stops() -> None:
    exposure = Exposure(stops=2.0, gamma=0.0, offset=0.0)
    gain, gamma, offset = exposure.draw(10_000, seeded())
    assert gain.min() >= 0.25 and gain.max() <= 4 and (gamma == 1).all() and (offset == 0).all()
    stops = gain.log2()
    assert abs(stops.mean()) < 0.05 and abs(stops.std() - 2 / math.sqrt(3)) < 0.03
    x = torch.full((10_000, 1, 1, 1), 0.25)
    torch.testing.assert_close(exposure.apply(x, seeded()), 0.25 * gain)


def test_nothing_drifts() -> None:
    x = torch.rand(5, 3, 4, 4, generator=seeded())
    assert torch.equal(Exposure(0.0, 0.0, 0.0).apply(x, seeded()), x)
