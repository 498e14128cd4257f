from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import correlate

from sslkit.augment.images.convolve import convolve_images, kernel_radius


@pytest.mark.parametrize("shape", [(3, 20, 17), (1, 5, 30), (13, 9, 9)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (9, 9), (1, 7), (5, 1)])
def test_equals_scipy_image_by_image(shape: tuple[int, ...], kernel: tuple[int, int]) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(4, *shape, generator=generator)
    kernels = torch.rand(4, *kernel, generator=generator)
    kernels = kernels + kernels.flip(1, 2)
    kernels /= kernels.sum((1, 2), keepdim=True)
    expected = np.stack(
        [
            correlate(image.astype(np.float64), weights[None], mode="mirror")
            for image, weights in zip(x.numpy(), kernels.double().numpy(), strict=True)
        ]
    )
    np.testing.assert_allclose(convolve_images(x, kernels).numpy(), expected, atol=1e-6)


def test_constant_images_stay_and_the_range_is_kept() -> None:
    kernels = torch.softmax(torch.randn(50, 25, generator=torch.Generator().manual_seed(0)), 1).view(-1, 5, 5)
    white = torch.ones(50, 2, 8, 8)
    result = convolve_images(white, kernels)
    torch.testing.assert_close(result, white)
    assert result.max() <= 1


def test_kernels_reach_no_further_than_mirrors() -> None:
    assert kernel_radius(2.1, 32, 40) == 3
    assert kernel_radius(9.0, 40, 4) == 3
    assert kernel_radius(9.0, 1, 40) == 0
