import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from sklearn.preprocessing import StandardScaler

from sslkit.frontends.standardise import Standardise
from sslkit.types import SampleSpec

SHAPES = {"image": (3, 5, 7), "sensor": (6, 33), "one channel": (1, 8), "audio": (100,)}


def fitted(shape, x):
    front_end = Standardise(SampleSpec("any", shape))
    front_end.fit(x.split(9))
    return front_end


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_equals_scikit_learns_scaler_over_the_channel_axis(shape):
    x = torch.randn(40, *shape) * torch.rand(shape[:1]).view(-1, *[1] * (len(shape) - 1)) * 5 + 3
    channels = 1 if len(shape) == 1 else shape[0]
    columns = x.double().reshape(40, channels, -1).permute(0, 2, 1).reshape(-1, channels).numpy()
    expected = StandardScaler().fit_transform(columns)
    out = fitted(shape, x)(x).reshape(40, channels, -1).permute(0, 2, 1).reshape(-1, channels)
    np.testing.assert_allclose(out, expected, atol=2e-5)


def test_a_constant_channel_is_centred_and_never_nan():
    x = torch.randn(20, 2, 16)
    x[:, 1] = 0.3
    out = fitted((2, 16), x)(x)
    assert torch.equal(out[:, 1], torch.zeros(20, 16))


def test_statistics_come_from_the_last_fit_only():
    first, second = torch.randn(30, 2, 16), torch.randn(30, 2, 16) * 4 + 1
    front_end = fitted((2, 16), first)
    front_end.fit([second])
    torch.testing.assert_close(front_end(second), fitted((2, 16), second)(second))
    assert not torch.allclose(front_end(second), fitted((2, 16), first)(second))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_safetensors_restore_it_exactly(shape):
    x = torch.randn(12, *shape) * 3 + 1
    front_end = fitted(shape, x)
    restored = Standardise(SampleSpec("any", shape))
    assert torch.equal(restored(x), x)  # before fit
    restored.load_state_dict(load(save(front_end.state_dict())))
    assert torch.equal(restored(x), front_end(x))
    assert not list(front_end.parameters())


def test_spec_stays_but_for_the_scale():
    spec = SampleSpec("sensor", (2, 9), rate_hz=50.0, channels=("a", "b"), scale=0.1)
    assert Standardise(spec).out_spec == SampleSpec("sensor", (2, 9), rate_hz=50.0, channels=("a", "b"))
