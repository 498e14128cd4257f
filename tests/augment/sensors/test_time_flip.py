import torch

from sslkit.augment.sensors.time_flip import TimeFlip


def test_half_of_the_samples(generator):
    x = torch.randn(1000, 2, 11)
    out = TimeFlip()(x, generator)
    turned = (out == x.flip(-1)).all(dim=2).all(dim=1)
    assert torch.equal(out[~turned], x[~turned])
    assert 400 < turned.sum() < 600
