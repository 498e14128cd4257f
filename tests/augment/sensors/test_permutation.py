import numpy as np
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
