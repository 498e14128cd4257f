import numpy as np
import pytest
import torch

from sslkit.augment.audio.gain import Gain, amplify
from sslkit.errors import SSLKitError


def test_equals_torchaudio_sample_by_sample(waveforms, generator, torchaudio):
    decibels = Gain().draw(len(waveforms), generator)
    out = amplify(waveforms, decibels)
    for i in range(len(waveforms)):
        expected = torchaudio.functional.gain(waveforms[i], float(decibels[i]))
        np.testing.assert_allclose(out[i], expected, rtol=1e-5)


def test_draws_and_identity(waveforms, generator):
    decibels = Gain().draw(5000, generator)
    assert -18 <= decibels.min() < -17.9 and 5.9 < decibels.max() <= 6
    assert torch.equal(Gain((0.0, 0.0)).apply(waveforms, generator), waveforms)
    with pytest.raises(SSLKitError, match="smaller first"):
        Gain((6.0, -18.0))
