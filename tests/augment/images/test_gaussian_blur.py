from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2.functional import gaussian_blur

from sslkit.augment.images.gaussian_blur import GaussianBlur
from sslkit.errors import SSLKitError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    ("shape", "kernel"),
    [
        ((3, 32, 32), 3),
        ((1, 28, 28), 3),
        ((13, 45, 61), 5),
        ((3, 96, 80), 9),
        ((3, 2, 9), 3),
        ((2, 160, 170), 17),
    ],
)
def test_equals_torchvision_image_by_image(shape: tuple[int, ...], kernel: int) -> None:
    blur = GaussianBlur()
    assert 2 * blur.radius(*shape[1:]) + 1 == kernel
    x = torch.rand(12, *shape, generator=seeded(1))
    sigmas = blur.draw(12, seeded(2)).tolist()
    expected = torch.stack(
        [gaussian_blur(image, [kernel] * 2, [s, s]) for image, s in zip(x, sigmas, strict=True)]
    )
    torch.testing.assert_close(blur.apply(x, seeded(2)), expected, atol=1e-5, rtol=0)


def test_a_tenth_of_a_large_image_is_cut_at_four_deviations_without_a_trace() -> None:
    x = torch.rand(6, 1, 224, 224, generator=seeded(1))
    blur = GaussianBlur(sigma=(0.1, 2.0))
    assert blur.radius(224, 224) == 8
    sigmas = blur.draw(6, seeded()).tolist()
    expected = torch.stack(
        [gaussian_blur(image, [23, 23], [s, s]) for image, s in zip(x, sigmas, strict=True)]
    )
    torch.testing.assert_close(blur.apply(x, seeded()), expected, atol=1e-4, rtol=0)


def test_one_row_has_nothing_to_mirror() -> None:
    x = torch.rand(3, 2, 1, 30, generator=seeded())
    torch.testing.assert_close(GaussianBlur().apply(x, seeded()), x)


def test_widths_are_uniform() -> None:
    sigma = GaussianBlur(sigma=(0.5, 1.5)).draw(20_000, seeded())
    assert sigma.min() >= 0.5 and sigma.max() <= 1.5
    assert abs(sigma.mean() - 1.0) < 0.01 and abs(sigma.std() - 12**-0.5) < 0.01


@pytest.mark.parametrize("sigma", [(2.0, 0.1), (0.0, 1.0), (0.1, 1000.0)])
def test_impossible_widths(sigma: tuple[float, float]) -> None:
    with pytest.raises(SSLKitError, match="gaussian-blur: sigma"):
        GaussianBlur(sigma=sigma)
