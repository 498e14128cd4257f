import math

import numpy as np
import torch

from sslkit.augment.sensors.resampling import read_span
from sslkit.augment.sensors.window_slice import WindowSlice


def test_equals_numpy(windows, generator):
    length = windows.shape[-1]
    augmentation = WindowSlice(0.9)
    starts = augmentation.draw(len(windows), length, torch.Generator().manual_seed(0))
    out = augmentation.apply(windows, generator)
    size = math.ceil(0.9 * length)
    for i, sample in enumerate(windows.double().numpy()):
        for c in range(len(sample)):
            piece = sample[c, starts[i] : starts[i] + size]
            expected = np.interp(np.linspace(0, size - 1, length), np.arange(size), piece)
            np.testing.assert_allclose(out[i, c], expected, atol=2e-4)


def test_all_places_are_drawn(generator):
    starts = WindowSlice(0.9).draw(2000, 128, generator)
    assert sorted(starts.unique().tolist()) == list(range(128 - 116 + 1))


def test_ratio_one_is_identity(windows, generator):
    torch.testing.assert_close(WindowSlice(1.0).apply(windows, generator), windows, atol=2e-4, rtol=0)
    assert read_span(windows, torch.zeros(len(windows)), torch.zeros(len(windows))).shape == windows.shape
