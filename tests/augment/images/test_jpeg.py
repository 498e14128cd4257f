"""Against Pillow's encoder and decoder at equal quality.

libjpeg's transform is made of whole numbers, so a coefficient in a hundred is rounded to the other side. Tolerance:
at least 94 % of the values within one level of 255, 0.25 levels on average over all qualities.
"""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from sslkit.augment.images.jpeg import Jpeg
from sslkit.errors import SSLKitError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(batch: int, channels: int, height: int, width: int) -> Tensor:
    """Smooth shapes, edges and a little noise, in 8 bits."""
    coarse = torch.rand(batch, channels, 5, 5, generator=seeded(3))
    smooth = torch.nn.functional.interpolate(coarse, size=(height, width), mode="bicubic")
    smooth[:, :, height // 3 : height // 2, width // 4 :] = coarse[:, :, :1, :1]
    noise = 0.03 * torch.randn(smooth.shape, generator=seeded(4))
    return ((smooth + noise).clamp(0, 1) * 255).round() / 255


def pillow(image: Tensor, quality: int, subsampling: str) -> Tensor:
    levels = (image * 255).round().byte().permute(1, 2, 0).numpy()
    stored = io.BytesIO()
    Image.fromarray(levels.squeeze(2) if levels.shape[2] == 1 else levels).save(
        stored, "JPEG", quality=quality, subsampling=subsampling
    )
    decoded = np.asarray(Image.open(stored)).reshape(levels.shape)
    return torch.from_numpy(decoded.copy()).permute(2, 0, 1)


@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
@pytest.mark.parametrize(
    ("channels", "height", "width"), [(3, 32, 32), (3, 48, 80), (3, 33, 27), (1, 32, 32), (1, 19, 45)]
)
def test_equals_pillow_image_by_image(
    channels: int, height: int, width: int, subsampling: Literal["4:2:0", "4:4:4"]
) -> None:
    jpeg = Jpeg(quality=(1, 100), subsampling=subsampling)
    x = pictures(40, channels, height, width)
    result = jpeg.apply(x, seeded()) * 255
    torch.testing.assert_close(result, result.round(), atol=1e-4, rtol=0)
    qualities = jpeg.draw(40, seeded()).tolist()
    expected = torch.stack(
        [pillow(image, quality, subsampling) for image, quality in zip(x, qualities, strict=True)]
    )
    difference = (result.round() - expected).abs()
    assert (difference <= 1).float().mean() > 0.94
    assert difference.mean() < 0.25
    damage = (expected - x * 255).abs().mean()
    assert damage > 30 * difference.mean()  # near to Pillow, far from the original


def test_other_channel_counts_are_grey_images() -> None:
    x = pictures(6, 5, 24, 16)
    result = Jpeg(quality=(20, 20)).apply(x, seeded())
    for channel in range(5):
        alone = Jpeg(quality=(20, 20)).apply(x[:, channel : channel + 1], seeded())
        torch.testing.assert_close(result[:, channel : channel + 1], alone, atol=1e-5, rtol=0)


def test_quality_100_changes_by_rounding_only() -> None:
    x = torch.rand(4, 1, 16, 16, generator=seeded())
    assert (Jpeg(quality=(100, 100)).apply(x, seeded()) - x).abs().max() < 3 / 255


def test_qualities_are_whole_and_reach_both_ends() -> None:
    drawn = Jpeg(quality=(30, 33)).draw(4000, seeded())
    assert sorted(set(drawn.tolist())) == [30, 31, 32, 33]


@pytest.mark.parametrize("quality", [(0, 50), (50, 30), (50, 101)])
def test_impossible_qualities(quality: tuple[int, int]) -> None:
    with pytest.raises(SSLKitError, match="jpeg: quality"):
        Jpeg(quality=quality)
