import numpy as np
import pytest
import torch

from sslkit.augment.sensors.time_shift import TimeShift, shift


@pytest.mark.parametrize("shape", [(7, 3, 50), (7, 51), (1, 1, 1)])
def test_equals_numpy_roll(shape, generator):
    x = torch.randn(shape)
    shifts = TimeShift(1.0).draw(shape[0], shape[-1], generator)
    out = shift(x, shifts)
    for i in range(shape[0]):
        np.testing.assert_array_equal(out[i], np.roll(x[i].numpy(), int(shifts[i]), axis=-1))


def test_draws_and_identity(windows, generator):
    shifts = TimeShift(0.5).draw(5000, 20, generator)
    assert set(shifts.tolist()) == set(range(-10, 11))
    assert torch.equal(TimeShift(0.0).apply(windows, generator), windows)
