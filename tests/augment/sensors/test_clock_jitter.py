import numpy as np
import torch

from sslkit.augment.sensors.clock_jitter import ClockJitter


def test_equals_numpy_interpolation(windows, generator):
    batch, channels, length = windows.shape
    times = ClockJitter().draw(batch, length, torch.Generator().manual_seed(0))
    out = ClockJitter().apply(windows, generator)
    for i in range(batch):
        for c in range(channels):
            expected = np.interp(times[i].double(), np.arange(length), windows[i, c].double())
            np.testing.assert_allclose(out[i, c], expected, atol=1e-5)


def test_instants_are_normal_around_the_clock_and_independent(generator):
    errors = (ClockJitter(0.2).draw(500, 200, generator) - torch.arange(200))[:, 2:-2]
    assert abs(errors.mean()) < 0.005 and abs(errors.std() - 0.2) < 0.005
    assert abs((errors[:, 1:] * errors[:, :-1]).mean()) < 0.002


def test_error_of_a_sine_grows_with_its_frequency(generator):
    time = torch.arange(2000)
    x = torch.stack([torch.sin(0.02 * time), torch.sin(0.4 * time)]).expand(4, -1, -1)
    error = (ClockJitter(0.2).apply(x, generator) - x).std(-1).mean(0)
    torch.testing.assert_close(error[0], torch.tensor(0.2 * 0.02 / 2**0.5), rtol=0.1, atol=0)
    assert error[1] > 15 * error[0]


def test_sigma_zero_is_identity(windows, generator):
    assert torch.equal(ClockJitter(0.0).apply(windows, generator), windows)
