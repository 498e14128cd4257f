import numpy as np
import pytest
import torch
from scipy.signal import fftconvolve

from sslkit.augment.audio.convolution import convolve_clips


@pytest.mark.parametrize(
    ("batch", "length", "taps", "before"), [(20, 1000, 300, 0), (1, 999, 1500, 7), (3, 64, 1, 0)]
)
def test_equals_scipy_sample_by_sample(batch, length, taps, before):
    x, responses = torch.randn(batch, length), torch.randn(batch, taps)
    out = convolve_clips(x, responses, before)
    for i in range(batch):
        whole = fftconvolve(x[i].double().numpy(), responses[i].double().numpy())
        expected = np.pad(whole, (0, length))[before : before + length]
        np.testing.assert_allclose(out[i], expected, atol=3e-4)


def test_equals_torchaudio(torchaudio):
    x, responses = torch.randn(17, 500), torch.randn(17, 100)
    expected = torchaudio.functional.fftconvolve(x, responses)[:, :500]
    torch.testing.assert_close(convolve_clips(x, responses), expected, atol=1e-4, rtol=0)
