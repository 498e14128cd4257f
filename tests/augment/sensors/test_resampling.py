import numpy as np
import torch

from sslkit.augment.sensors.resampling import read_at, read_span


def test_read_at_equals_numpy(windows):
    batch, channels, length = windows.shape
    positions = torch.rand(batch, 33) * (length - 1)
    positions[:, 0], positions[:, -1] = 0, length - 1
    out = read_at(windows, positions)
    assert out.shape == (batch, channels, 33)
    for i in range(batch):
        for c in range(channels):
            expected = np.interp(positions[i].double(), np.arange(length), windows[i, c].double())
            np.testing.assert_allclose(out[i, c], expected, atol=1e-5)


def test_one_sample_long():
    x = torch.tensor([[[2.0]]])
    assert torch.equal(read_at(x, torch.zeros(1, 3)), torch.full((1, 1, 3), 2.0))


def test_whole_span_is_identity(windows):
    spans = torch.full((len(windows),), windows.shape[-1] - 1.0)
    torch.testing.assert_close(read_span(windows, torch.zeros_like(spans), spans), windows, atol=2e-4, rtol=0)
