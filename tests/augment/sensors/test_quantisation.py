import numpy as np
import pytest
import torch

from sslkit.augment.sensors.quantisation import Quantisation, quantise
from sslkit.errors import SSLKitError


def test_equals_a_converter_in_numpy(windows, generator):
    bits = Quantisation((2, 12)).draw(len(windows), generator)
    out = quantise(windows, bits, 2.0)
    for sample, n, result in zip(windows.numpy(), bits.tolist(), out, strict=True):
        step = np.float32(4.0 / 2**n)
        expected = np.clip(np.round(sample / step), -(2 ** (n - 1)), 2 ** (n - 1) - 1) * step
        np.testing.assert_allclose(result, expected, atol=1e-6)


@pytest.mark.parametrize("bits", [1, 3])
def test_number_and_ends_of_the_levels(bits):
    levels = quantise(torch.linspace(-9, 9, 5000).view(1, 1, -1), torch.tensor([bits]), 4.0).unique()
    expected = 4.0 * torch.arange(-(2 ** (bits - 1)), 2 ** (bits - 1)) / 2 ** (bits - 1)
    torch.testing.assert_close(levels, expected)


def test_strength_doubles_the_step():
    assert Quantisation.at_strength({"bits": (5, 8)}, 2.0) == {"bits": (4, 7)}
    assert Quantisation.at_strength({"bits": (5, 8)}, 0.25) == {"bits": (7, 10)}


def test_draws_identity_and_bounds(windows, generator):
    assert set(Quantisation((5, 8)).draw(500, generator).tolist()) == {5, 6, 7, 8}
    torch.testing.assert_close(
        Quantisation((24, 24)).apply(windows, generator), windows, atol=1e-6, rtol=1e-6
    )
    with pytest.raises(SSLKitError, match="quantisation: bits is a range"):
        Quantisation((8, 5))
