import torch

from sslkit.augment.sensors.negate import Negate


def test_half_of_the_samples(generator):
    x = torch.randn(1000, 2, 10)
    out = Negate()(x, generator)
    turned = (out == -x).all(dim=(1, 2))
    assert torch.equal(out[~turned], x[~turned])
    assert 400 < turned.sum() < 600
