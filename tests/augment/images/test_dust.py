from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from sslkit.augment.images.dust import Dust
from sslkit.errors import SSLKitError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(3, 16, 16), (1, 9, 30), (13, 5, 7), (2, 1, 1)])
def test_pixel_by_pixel(shape: tuple[int, int, int]) -> None:
    """A speck hides what is nearer than its radius, half a pixel of edge on either side; the densest counts."""
    dust = Dust(specks=6, radius=(0.3, 3.0))
    x = torch.rand(8, *shape, generator=seeded(1))
    specks, shade = dust.draw(8, seeded())
    _, height, width = shape
    expected = x.double().numpy()
    for number, image in enumerate(expected):
        for i, j in np.ndindex(height, width):
            hidden = 0.0
            for down, right, radius, opacity in specks[:, number].T.tolist():
                distance = math.hypot(i + 0.5 - down * height, j + 0.5 - right * width)
                hidden = max(hidden, opacity * min(1, max(0, radius + 0.5 - distance)))
            image[:, i, j] += hidden * (shade[number].item() - image[:, i, j])
    np.testing.assert_allclose(dust.apply(x, seeded()).numpy(), expected, atol=1e-5)


def test_numbers_places_and_shades_are_uniform() -> None:
    (down, right, radius, opacity), shade = Dust(specks=5, radius=(0.5, 1.5), opacity=0.6).draw(
        8000, seeded()
    )
    counts = (opacity > 0).sum(1)
    assert torch.bincount(counts, minlength=6).min() > 8000 / 6 * 0.85
    for values, low, high in ((down, 0, 1), (right, 0, 1), (radius, 0.5, 1.5)):
        assert values.min() >= low and values.max() <= high
        assert abs(values.mean() - (low + high) / 2) < 0.01
    assert opacity.max() <= 0.6 and set(shade.tolist()) == {0.0, 1.0} and abs(shade.mean() - 0.5) < 0.03


def test_no_dust() -> None:
    x = torch.rand(5, 3, 8, 8, generator=seeded())
    assert torch.equal(Dust(specks=0).apply(x, seeded()), x)
    assert torch.equal(Dust(opacity=0.0).apply(x, seeded()), x)


@pytest.mark.parametrize("radius", [(2.0, 1.0), (0.0, 17.0)])
def test_impossible_radii(radius: tuple[float, float]) -> None:
    with pytest.raises(SSLKitError, match="dust: radius"):
        Dust(radius=radius)
