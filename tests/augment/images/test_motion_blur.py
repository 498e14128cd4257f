from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.ndimage import shift

from sslkit.augment.images.motion_blur import MotionBlur, paths
from sslkit.errors import SSLKitError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(3, 16, 16), (1, 11, 25), (13, 9, 8)])
def test_is_the_mean_of_the_image_moved_along_the_path(shape: tuple[int, int, int]) -> None:
    blur = MotionBlur(length=(0.0, 6.0))
    x = torch.rand(6, *shape, generator=seeded(1))
    expected = []
    lengths, angles = blur.draw(6, seeded())
    for image, length, angle in zip(x.double().numpy(), lengths.tolist(), angles.tolist(), strict=True):
        steps = ((np.arange(25) + 0.5) / 25 - 0.5) * length
        moved = [
            shift(image, (0, s * math.sin(angle), s * math.cos(angle)), order=1, mode="mirror") for s in steps
        ]
        expected.append(np.mean(moved, axis=0))
    np.testing.assert_allclose(blur.apply(x, seeded()).numpy(), np.stack(expected), atol=1e-5)


@pytest.mark.parametrize("angle", [0.0, math.pi / 2])
def test_along_an_axis_it_is_a_box(angle: float) -> None:
    (kernel,) = paths(torch.tensor([4.0]), torch.tensor([angle]), reach=3)
    line = kernel[3] if angle == 0 else kernel[:, 3]
    assert line.sum() == pytest.approx(1, abs=1e-5)
    torch.testing.assert_close(line[2:5], torch.full((3,), 0.25), atol=0.01, rtol=0)
    torch.testing.assert_close(line, line.flip(0))


def test_every_direction_comes_up() -> None:
    length, angle = MotionBlur(length=(1.0, 5.0)).draw(10_000, seeded())
    assert length.min() >= 1 and length.max() <= 5 and abs(length.mean() - 3) < 0.05
    assert torch.histc(angle, 8, 0, math.pi).min() > 1000


def test_no_movement_is_sharp() -> None:
    x = torch.rand(5, 2, 9, 9, generator=seeded())
    torch.testing.assert_close(MotionBlur(length=(0.0, 1e-6)).apply(x, seeded()), x, atol=1e-5, rtol=0)


@pytest.mark.parametrize("shape", [(2, 1, 9), (1, 1, 1), (3, 3, 4)])
def test_paths_longer_than_the_image(shape: tuple[int, int, int]) -> None:
    x = torch.rand(5, *shape, generator=seeded())
    result = MotionBlur(length=(30.0, 64.0)).apply(x, seeded())
    assert result.isfinite().all() and result.min() >= x.min() - 1e-6 and result.max() <= x.max() + 1e-6


@pytest.mark.parametrize("length", [(2.0, 1.0), (0.0, 65.0), (-1.0, 1.0)])
def test_impossible_lengths(length: tuple[float, float]) -> None:
    with pytest.raises(SSLKitError, match="motion-blur: length"):
        MotionBlur(length=length)
