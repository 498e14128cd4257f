import numpy as np
import pytest
import torch

from sslkit.augment.audio.random_crop import RandomCrop, crop
from sslkit.errors import SSLKitError


def test_equals_numpy_sample_by_sample(spectrograms, generator):
    frames = spectrograms.shape[-1]
    starts, lengths = RandomCrop((0.1, 0.9)).draw(len(spectrograms), frames, generator)
    out = crop(spectrograms, starts, lengths)
    for i in range(len(spectrograms)):
        stretch = spectrograms[i, 0, :, starts[i] : starts[i] + lengths[i]].numpy()
        np.testing.assert_array_equal(out[i, 0], np.tile(stretch, frames)[:, :frames])


def test_draws(generator):
    starts, lengths = RandomCrop((0.2, 0.6)).draw(5000, 50, generator)
    assert lengths.min() == 10 and lengths.max() == 30
    assert starts.min() == 0 and (starts + lengths).max() == 50
    starts, lengths = RandomCrop((1.0, 1.0)).draw(100, 50, generator)
    assert (starts == 0).all() and (lengths == 50).all()
    assert (RandomCrop((0.05, 0.05)).draw(10, 4, generator)[1] == 1).all()


def test_the_whole_is_identity(spectrograms, generator):
    assert torch.equal(RandomCrop((1.0, 1.0)).apply(spectrograms, generator), spectrograms)
    with pytest.raises(SSLKitError, match="fraction is a range"):
        RandomCrop((0.9, 0.1))
