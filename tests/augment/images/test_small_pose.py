from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.ndimage import affine_transform
from torchvision.transforms.functional import InterpolationMode, affine

from sslkit.augment.images.small_pose import SmallPose

STRONG = {"angle": 25.0, "shift": 0.2, "scale": 0.3, "shear": 15.0}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", [(3, 24, 24), (1, 17, 40), (13, 30, 11)])
def test_equals_torchvision_where_that_does_not_look_outside(shape: tuple[int, int, int]) -> None:
    pose = SmallPose(**STRONG)
    x = torch.rand(12, *shape, generator=seeded(1))
    result = pose.apply(x, seeded())
    compared = 0
    for image, found, (angle, right, down, scale, shear) in zip(
        x, result, torch.stack(pose.draw(12, seeded()), dim=1).tolist(), strict=True
    ):
        settings = {
            "angle": math.degrees(angle),
            "translate": [right * shape[2], down * shape[1]],
            "scale": scale,
            "shear": [math.degrees(shear), 0.0],
            "interpolation": InterpolationMode.BILINEAR,
        }
        expected, inside = affine(image, **settings), affine(torch.ones_like(image), **settings) > 1 - 1e-6
        torch.testing.assert_close(found[inside], expected[inside], atol=1e-4, rtol=0)
        compared += int(inside.sum())
    assert compared > 0.5 * x.numel()


@pytest.mark.parametrize("shape", [(2, 24, 24), (1, 17, 40)])
def test_equals_scipy_with_mirrored_borders(shape: tuple[int, int, int]) -> None:
    pose = SmallPose(**STRONG)
    x = torch.rand(8, *shape, generator=seeded(1))
    centre = (np.array(shape[1:]) - 1) / 2
    expected = []
    for image, (angle, right, down, scale, shear) in zip(
        x.double().numpy(), torch.stack(pose.draw(8, seeded()), dim=1).tolist(), strict=True
    ):
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        forward = scale * turn @ np.array([[1, -math.tan(shear)], [0, 1]])  # of (x, y)
        back = np.linalg.inv(forward)[::-1, ::-1]  # of (row, column)
        start = centre - back @ (centre + np.array([down, right]) * shape[1:])
        moved = [affine_transform(channel, back, start, order=1, mode="reflect") for channel in image]
        expected.append(np.stack(moved))
    np.testing.assert_allclose(pose.apply(x, seeded()).numpy(), np.stack(expected), atol=1e-4)


def test_draws_fill_their_ranges() -> None:
    drawn = SmallPose(angle=10.0, shift=0.1, scale=0.25, shear=4.0).draw(20_000, seeded())
    for values, largest in (
        (drawn.angle, math.radians(10)),
        (drawn.right, 0.1),
        (drawn.down, 0.1),
        (drawn.scale.log(), math.log(1.25)),
        (drawn.shear, math.radians(4)),
    ):
        assert values.abs().max() <= largest * 1.0001
        assert abs(values.mean()) < 0.02 * largest and abs(values.std() / largest - 3**-0.5) < 0.01


def test_no_change_of_pose() -> None:
    x = torch.rand(5, 3, 12, 9, generator=seeded())
    torch.testing.assert_close(SmallPose(0.0, 0.0, 0.0, 0.0).apply(x, seeded()), x, atol=1e-5, rtol=0)
