import numpy as np
import torch

from sslkit.augment.audio.linear_fader import LinearFader, fade


def test_equals_numpy(spectrograms, generator):
    first, last = LinearFader().draw(len(spectrograms), generator)
    out = fade(spectrograms, first, last)
    for i, x in enumerate(spectrograms.numpy()):
        line = np.linspace(float(first[i]), float(last[i]), x.shape[-1])
        np.testing.assert_allclose(out[i], x + line, atol=1e-5)


def test_draws_and_identity(spectrograms, generator):
    for values in LinearFader(2.0).draw(5000, generator):
        assert -2 <= values.min() < -1.98 and 1.98 < values.max() <= 2
    assert torch.equal(LinearFader(0.0).apply(spectrograms, generator), spectrograms)
