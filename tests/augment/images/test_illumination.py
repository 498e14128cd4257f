from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from sslkit.augment.images.illumination import Illumination


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(3, 16, 16), (1, 9, 30), (13, 7, 5), (2, 1, 1)])
def test_field_pixel_by_pixel(shape: tuple[int, int, int]) -> None:
    light = Illumination(gradient=0.3, vignette=0.4)
    x = 0.5 * torch.rand(6, *shape, generator=seeded(1))
    _, height, width = shape
    half = math.hypot(height, width) / 2
    expected = x.double().numpy()
    for image, (constant, right, down, square) in zip(
        expected, light.draw(6, seeded()).tolist(), strict=True
    ):
        for i, j in np.ndindex(height, width):
            v, u = (i + 0.5 - height / 2) / half, (j + 0.5 - width / 2) / half
            image[:, i, j] *= constant + right * u + down * v + square * (u * u + v * v)
    np.testing.assert_allclose(light.apply(x, seeded()).numpy(), expected, atol=1e-6)


def test_gradient_alone_keeps_the_mean_and_has_every_direction() -> None:
    fields = Illumination(gradient=0.2, vignette=0.0).apply(torch.full((4000, 1, 21, 21), 0.5), seeded())
    torch.testing.assert_close(fields.mean((1, 2, 3)), torch.full((4000,), 0.5), atol=1e-4, rtol=0)
    assert fields.min() >= 0.4 - 1e-6 and fields.max() <= 0.6 + 1e-6
    assert fields.min() < 0.41 and fields.max() > 0.59
    right, down = fields[:, 0, 10, -1] - fields[:, 0, 10, 0], fields[:, 0, -1, 10] - fields[:, 0, 0, 10]
    angles = torch.atan2(down, right)
    assert torch.histc(angles, 8, -math.pi, math.pi).min() > 400


def test_vignette_alone_darkens_from_its_centre() -> None:
    light = Illumination(gradient=0.0, vignette=0.5, shift=0.0)
    fields = light.apply(torch.ones(200, 1, 31, 31), seeded())
    torch.testing.assert_close(fields[:, 0, 15, 15], torch.ones(200))
    corners = fields[:, 0, [0, 0, -1, -1], [0, -1, 0, -1]]
    torch.testing.assert_close(corners, corners[:, :1].expand(-1, 4))
    assert corners.min() > 0.5 and corners.min() < 0.55 and corners.max() > 0.98


def test_light_that_is_even() -> None:
    x = torch.rand(5, 3, 4, 4, generator=seeded())
    assert torch.equal(Illumination(0.0, 0.0).apply(x, seeded()), x)


def test_strongest_field_stays_in_range() -> None:
    result = Illumination(1.0, 1.0, 1.0).apply(torch.rand(200, 1, 12, 12, generator=seeded()), seeded())
    assert result.min() >= 0 and result.max() <= 1
