import torch

from sslkit.augment.audio.polarity import Polarity


def test_half_of_the_samples(generator):
    x = torch.randn(1000, 50)
    out = Polarity()(x, generator)
    turned = (out == -x).all(dim=1)
    assert torch.equal(out[~turned], x[~turned])
    assert 400 < turned.sum() < 600
