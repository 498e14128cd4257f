import numpy as np
import torch

from sslkit.augment.audio.post_norm import PostNorm


def test_equals_numpy(spectrograms):
    moved = spectrograms * 3 + 7
    values = moved.double().numpy()
    expected = (values - values.mean()) / values.std()
    np.testing.assert_allclose(PostNorm().apply(moved, None), expected, atol=1e-5)


def test_a_constant_batch_becomes_zero():
    assert (PostNorm().apply(torch.full((2, 1, 4, 4), 3.0), None) == 0).all()
