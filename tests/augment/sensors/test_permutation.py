import numpy as np
import pytest
import torch

from sslkit.augment.sensors.permutation import Permutation, permute


def test_equals_numpy_concatenation(windows, generator):
    augmentation = Permutation()
    lengths, order = augmentation.draw(len(windows), windows.shape[-1], generator)
    out = permute(windows, lengths, order)
    for i, sample in enumerate(windows.numpy()):
        pieces = np.split(sample, np.cumsum(lengths[i].numpy())[:-1], axis=1)
        np.testing.assert_array_equal(out[i], np.concatenate([pieces[k] for k in order[i]], axis=1))


def test_lengths_and_orders(generator):
    lengths, order = Permutation(4, 10).draw(4000, 128, generator)
    assert (lengths.sum(1) == 128).all() and lengths.min() == 10
    assert torch.equal(order.sort(dim=1).values, torch.arange(4).expand(4000, 4))
    assert len(torch.unique(order, dim=0)) == 24
    np.testing.assert_allclose(lengths.float().mean(0), 32, atol=1.5)


def test_shortest_window(generator):
    lengths, _ = Permutation(4, 10).draw(10, 40, generator)
    assert (lengths == 10).all()


def test_one_segment_is_identity(windows, generator):
    assert torch.equal(Permutation(1, 10).apply(windows, generator), windows)


@pytest.mark.parametrize(
    ("strength", "segments", "min_length"), [(0.1, 1, 10), (1.0, 4, 10), (2.0, 7, 5), (50.0, 40, 1)]
)
def test_strength_never_asks_for_longer_windows(strength, segments, min_length):
    scaled = Permutation.at_strength({"segments": 4, "min_length": 10}, strength)
    assert scaled == {"segments": segments, "min_length": min_length}
    assert Permutation(**scaled).shortest() <= Permutation(4, 10).shortest()
