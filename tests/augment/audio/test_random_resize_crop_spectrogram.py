import pytest
import torch
from torch.nn.functional import interpolate

from sslkit.augment.audio.random_resize_crop_spectrogram import (
    RandomResizeCropSpectrogram,
    crop_taps,
    resize_crop,
)
from sslkit.errors import SSLKitError


def byol_a(x, canvas, top, height, left, width):
    """The paper's construction for one spectrogram (1, F, T)."""
    mels, frames = x.shape[1:]
    area = torch.zeros(1, int(canvas[0] * mels), int(canvas[1] * frames), dtype=x.dtype)
    y, z = (area.shape[1] - mels) // 2, (area.shape[2] - frames) // 2
    area[:, y : y + mels, z : z + frames] = x
    crop = area[:, top : top + height, left : left + width]
    return interpolate(crop[None], size=(mels, frames), mode="bicubic", align_corners=True)[0]


@pytest.mark.parametrize("canvas", [(1.0, 1.5), (1.3, 1.0), (2.0, 2.0)])
def test_equals_interpolate_sample_by_sample(canvas):
    for seed in range(6):
        shape = (16, 1, 64, 96) if seed % 2 else (16, 1, 41, 33)
        x = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        augmentation = RandomResizeCropSpectrogram(canvas=canvas)
        generator = torch.Generator().manual_seed(seed)
        out = augmentation.apply(x, generator)
        generator.manual_seed(seed)
        rows, heights = (t.long() for t in augmentation.draw(16, shape[2], 0, generator))
        columns, widths = (t.long() for t in augmentation.draw(16, shape[3], 1, generator))
        for i in range(16):
            expected = byol_a(x[i].double(), canvas, rows[i], heights[i], columns[i], widths[i])
            torch.testing.assert_close(out[i].double(), expected, atol=5e-5, rtol=0)


def test_crops_of_one_point():
    x = torch.randn(3, 1, 8, 10)
    rows = crop_taps(torch.tensor([0.0, 3, 7]), torch.ones(3), 8)
    columns = crop_taps(torch.zeros(3), torch.full((3,), 10.0), 10)
    expected = torch.stack([x[i, :, row : row + 1].expand(1, 8, 10) for i, row in enumerate([0, 3, 7])])
    torch.testing.assert_close(resize_crop(x, rows, columns), expected)


def test_channels_are_cropped_alike(generator):
    x = torch.randn(4, 1, 20, 30)
    out = RandomResizeCropSpectrogram().apply(torch.cat([x, 2 * x], dim=1), generator)
    torch.testing.assert_close(out[:, 1], 2 * out[:, 0])


def test_draws(generator):
    augmentation = RandomResizeCropSpectrogram()
    starts, heights = augmentation.draw(5000, 64, 0, generator)
    assert heights.min() == 38 and heights.max() == 64  # 0.6·64, and never higher than the canvas
    assert (starts >= 0).all() and (starts + heights <= 64).all()
    starts, widths = augmentation.draw(5000, 100, 1, generator)
    assert widths.min() == 60 and widths.max() in (149, 150)
    assert starts.min() == 0 and (starts + widths).max() == 150
    assert torch.equal(starts, starts.round()) and torch.equal(widths, widths.round())


def test_the_whole_is_identity(spectrograms, generator):
    still = RandomResizeCropSpectrogram((1.0, 1.0), (1.0, 1.0), (1.0, 1.0))
    torch.testing.assert_close(still.apply(spectrograms, generator), spectrograms, atol=1e-4, rtol=0)


def test_impossible_ranges():
    with pytest.raises(SSLKitError, match="time_scale is a range"):
        RandomResizeCropSpectrogram(time_scale=(1.5, 0.6))
    with pytest.raises(SSLKitError, match="frequency_scale is a range"):
        RandomResizeCropSpectrogram(frequency_scale=(1.5, 0.6))
