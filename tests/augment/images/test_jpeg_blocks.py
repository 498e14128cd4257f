from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.fft import dctn, idctn
from torch import Tensor

from sslkit.augment.images.jpeg_blocks import CHROMINANCE, LUMINANCE, cosines, quantise_blocks, tables


def levels(*shape: int) -> Tensor:
    return torch.randint(0, 256, shape, generator=torch.Generator().manual_seed(0)).float()


@pytest.mark.parametrize("quality", [1, 10, 49, 50, 75, 100])
def test_tables_are_those_that_pillow_writes(quality: int) -> None:
    stored = io.BytesIO()
    Image.new("RGB", (16, 16)).save(stored, "JPEG", quality=quality)
    written = Image.open(stored).quantization  # type: ignore[attr-defined]
    for found, number in zip(tables(torch.tensor([quality])), (0, 1), strict=True):
        assert found[0].int().tolist() == list(written[number])
    assert np.shape(LUMINANCE) == np.shape(CHROMINANCE) == (8, 8)


def test_transform_is_scipys() -> None:
    block = torch.rand(8, 8, generator=torch.Generator().manual_seed(0))
    expected = dctn(block.double().numpy(), norm="ortho").reshape(-1)
    np.testing.assert_allclose((cosines(block.device) @ block.flatten()).numpy(), expected, atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(16, 24), (13, 9), (8, 8)])
def test_equals_scipy_block_by_block(height: int, width: int) -> None:
    """Coefficients in whole eighths, as libjpeg has them, then the nearest multiples of the steps; per image."""
    x = levels(3, 2, height, width)
    steps, _ = tables(torch.tensor([10, 50, 90]))
    padded = np.pad(x.numpy(), ((0, 0), (0, 0), (0, -height % 8), (0, -width % 8)), mode="edge") - 128.0
    expected = np.empty_like(padded)
    for image, table in enumerate(steps.view(3, 8, 8).double().numpy()):
        for row in range(0, padded.shape[2], 8):
            for column in range(0, padded.shape[3], 8):
                place = (image, slice(None), slice(row, row + 8), slice(column, column + 8))
                eighths = np.round(8 * dctn(padded[place], axes=(1, 2), norm="ortho"))
                ratio = eighths / (8 * table)
                rounded = np.sign(ratio) * np.floor(np.abs(ratio) + 0.5) * table  # halves away from zero
                expected[place] = (idctn(rounded, axes=(1, 2), norm="ortho") + 128).round().clip(0, 255)
    difference = np.abs(quantise_blocks(x, steps).numpy() - expected[:, :, :height, :width])
    assert (difference > 0).mean() < 0.02, "float32 rounds one value in some to the other side"
    assert difference.mean() < 0.05


def test_blocks_are_alone() -> None:
    """What stands in one block of one channel changes no other."""
    x = levels(2, 3, 16, 16)
    other = x.clone()
    other[1, 2, 8:, :8] = levels(1, 1, 8, 8).flip(-1)
    steps, _ = tables(torch.tensor([30, 30]))
    changed = (quantise_blocks(x, steps) != quantise_blocks(other, steps)).float()
    assert changed[1, 2, 8:, :8].mean() > 0.5
    changed[1, 2, 8:, :8] = 0
    assert changed.sum() == 0
