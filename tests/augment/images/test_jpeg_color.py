"""Against YCbCr's definition and Pillow's, and libjpeg's ways between full and half resolution written out in numpy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from sslkit.augment.images.jpeg_color import chroma_halved, chroma_restored, rgb_from, ycbcr_from


def levels(*shape: int) -> Tensor:
    return torch.randint(0, 256, shape, generator=torch.Generator().manual_seed(0)).float()


def pillow(image: Tensor, source: str, target: str) -> np.ndarray:
    picture = Image.fromarray(image.byte().permute(1, 2, 0).numpy(), source)
    return np.asarray(picture.convert(target)).transpose(2, 0, 1).astype(np.float32)


def by_definition(rgb: np.ndarray) -> np.ndarray:
    """Full-range YCbCr of JFIF 1.02 from the lumas of red and blue alone, ITU-R BT.601; float64, not rounded."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64), 1, 0)
    y = 0.299 * red + (1 - 0.299 - 0.114) * green + 0.114 * blue
    return np.stack([y, (blue - y) / (2 * (1 - 0.114)) + 128, (red - y) / (2 * (1 - 0.299)) + 128], axis=1)


def test_ycbcr_is_the_definitions_to_the_nearest_level() -> None:
    x = levels(5, 3, 40, 30)
    assert np.abs(ycbcr_from(x).numpy() - by_definition(x.numpy()).clip(0, 255)).max() < 0.5001


def test_rgb_is_the_definitions_inverse_to_the_nearest_level() -> None:
    """Where the colour exists in RGB: elsewhere levels are cut to 0…255."""
    ycbcr = levels(5, 3, 40, 30)
    back = by_definition(rgb_from(ycbcr).numpy())
    exists = ((rgb_from(ycbcr) > 0) & (rgb_from(ycbcr) < 255)).all(1).numpy()
    assert exists.mean() > 0.1
    assert (
        np.abs(back - ycbcr.numpy()).max(1)[exists].max() < 0.75
    )  # from half a level of red, green and blue


@pytest.mark.parametrize(
    ("ours", "source", "target"), [(ycbcr_from, "RGB", "YCbCr"), (rgb_from, "YCbCr", "RGB")]
)
def test_colours_are_pillows_within_a_level(
    ours: Callable[[Tensor], Tensor], source: str, target: str
) -> None:
    """Pillow computes with whole numbers and cuts fractions off."""
    x = levels(5, 3, 40, 30)
    assert np.abs(ours(x).numpy() - np.stack([pillow(image, source, target) for image in x])).max() <= 1


def test_there_and_back_is_within_rounding() -> None:
    x = levels(4, 3, 16, 16)
    back = rgb_from(ycbcr_from(x))
    assert torch.equal(back, back.round()) and (back - x).abs().max() <= 2


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 33), (2, 5)])
def test_halved_is_the_mean_of_four_rounded_down_and_up_in_turn(height: int, width: int) -> None:
    chroma = levels(2, 2, height, width)
    missing = ((0, 0), (0, 0), (0, height % 2), (0, -width % 16))
    padded = np.pad(chroma.numpy().astype(int), missing, mode="edge")
    sums = padded[..., ::2, ::2] + padded[..., 1::2, ::2] + padded[..., ::2, 1::2] + padded[..., 1::2, 1::2]
    bias = 1 + np.arange(sums.shape[-1]) % 2  # 1, 2, 1, 2 …, as jcsample.c has it
    np.testing.assert_array_equal(chroma_halved(chroma).numpy(), (sums + bias) // 4)


def test_restored_is_the_triangle_of_libjpegs_fancy_upsampling() -> None:
    """Each value is 3/4 of the nearer and 1/4 of the further neighbour along both axes; ends are repeated."""
    chroma = levels(2, 2, 6, 5)
    found = chroma_restored(chroma, 11, 9)
    padded = np.pad(chroma.numpy(), ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    for row in range(11):
        for column in range(9):
            near_y, near_x = row // 2 + 1, column // 2 + 1
            far_y, far_x = near_y + (1 if row % 2 else -1), near_x + (1 if column % 2 else -1)
            expected = (
                9 * padded[..., near_y, near_x]
                + 3 * padded[..., near_y, far_x]
                + 3 * padded[..., far_y, near_x]
                + padded[..., far_y, far_x]
            ) / 16
            assert np.abs(found[..., row, column].numpy() - expected).max() <= 0.5 + 1e-4
    assert torch.equal(found, found.round())
