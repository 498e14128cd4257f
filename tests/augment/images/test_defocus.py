from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import correlate

from sslkit.augment.images.defocus import Defocus, discs
from sslkit.errors import SSLKitError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.7, 3.0, 6.4])
def test_disc_is_near_the_covered_area(radius: float) -> None:
    """Against the area that the disc covers of each pixel, counted on a 50 times finer grid."""
    reach, fine = 8, 50
    places = (np.arange((2 * reach + 1) * fine) + 0.5) / fine - reach - 0.5
    inside = (places**2)[:, None] + places**2 <= radius**2
    area = inside.reshape(2 * reach + 1, fine, -1, fine).mean((1, 3))
    found = discs(torch.tensor([radius]), reach)[0].double().numpy()
    assert np.abs(found - area / area.sum()).max() < 0.35 * area.max() / area.sum()
    assert np.abs(found - area / area.sum()).sum() < 0.3
    assert found.sum() == pytest.approx(1, abs=1e-6)
    if radius >= 1.7:
        assert np.abs(found - area / area.sum()).sum() < 0.1


@pytest.mark.parametrize("shape", [(3, 20, 20), (1, 9, 25), (13, 12, 7)])
def test_equals_scipy_with_the_same_discs(shape: tuple[int, int, int]) -> None:
    defocus = Defocus(radius=(0.0, 3.0))
    x = torch.rand(8, *shape, generator=seeded(1))
    expected = []
    for image, radius in zip(x.double().numpy(), defocus.draw(8, seeded()).tolist(), strict=True):
        places = np.arange(-3, 4)
        disc = np.clip(radius + 0.5 - np.hypot(places[:, None], places), 0, 1)
        expected.append(correlate(image, disc[None] / disc.sum(), mode="mirror"))
    np.testing.assert_allclose(defocus.apply(x, seeded()).numpy(), np.stack(expected), atol=1e-6)


def test_radius_zero_is_sharp() -> None:
    x = torch.rand(5, 2, 9, 9, generator=seeded())
    assert torch.equal(Defocus(radius=(0.0, 0.01)).apply(x, seeded()), x)


@pytest.mark.parametrize("shape", [(2, 1, 9), (1, 1, 1), (3, 3, 4)])
def test_discs_wider_than_the_image(shape: tuple[int, int, int]) -> None:
    x = torch.rand(5, *shape, generator=seeded())
    result = Defocus(radius=(20.0, 32.0)).apply(x, seeded())
    assert result.isfinite().all() and result.min() >= x.min() - 1e-6 and result.max() <= x.max() + 1e-6


@pytest.mark.parametrize("radius", [(2.0, 1.0), (0.0, 33.0), (-1.0, 1.0)])
def test_impossible_radii(radius: tuple[float, float]) -> None:
    with pytest.raises(SSLKitError, match="defocus: radius"):
        Defocus(radius=radius)
