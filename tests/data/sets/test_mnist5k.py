import numpy as np

from sslkit.data.sets.mnist5k import MNIST5k


def test_the_digits() -> None:
    dataset = MNIST5k().load()
    assert dataset.test is not None and dataset.spec.shape == (1, 28, 28)
    np.testing.assert_array_equal(np.bincount(dataset.train.y), [400] * 10)
    np.testing.assert_array_equal(np.bincount(dataset.test.y), [100] * 10)
    x = dataset.spec.decode(dataset.train.x[np.arange(4000)])
    assert x.max() == 1 and x.min() == 0
    assert 0.1 < x.mean() < 0.2, "ink covers about an eighth of the picture"
    ones, zeros = x[dataset.train.y == 1], x[dataset.train.y == 0]
    assert ones[:, 0, 12:16, 12:16].mean() > 0.5 > 0.1 > zeros[:, 0, 12:16, 12:16].mean()


def test_no_picture_is_on_both_sides_and_the_split_is_fixed() -> None:
    first, second = MNIST5k().load(), MNIST5k().load()
    assert first.test is not None and second.test is not None
    train, test = (part.x[np.arange(len(part))].flatten(1).numpy() for part in (first.train, first.test))
    assert not {row.tobytes() for row in train} & {row.tobytes() for row in test}
    np.testing.assert_array_equal(first.test.y, second.test.y)
