"""What an encoder makes of samples: by itself, in batches, on every device; and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.deploy.encoder import embed, load_encoder
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from tests.deploy.encoders import SPECS, features_of, make_encoder, raw_samples

DEVICES = ["cpu"]
DEVICES += ["cuda"] if torch.cuda.is_available() else []
DEVICES += ["mps"] if torch.backends.mps.is_available() else []


@pytest.mark.parametrize("kind", SPECS)
def test_features_are_those_of_decoding_front_end_and_network(kind):
    encoder = make_encoder(kind)
    raw = raw_samples(encoder.spec, 6)
    with torch.no_grad():
        found = encoder(raw)
    assert torch.equal(found, features_of(encoder, raw))
    assert found.shape == (6, encoder.out_dim) and found.dtype == torch.float32
    assert found.std(0).max() > 1e-3, "the samples are not told apart, so this would prove nothing"


@pytest.mark.parametrize("kind", SPECS)
def test_a_sample_s_features_do_not_depend_on_its_batch(kind):
    encoder = make_encoder(kind)
    raw = raw_samples(encoder.spec, 6)
    others = raw.clone()
    others[1:] = 0
    with torch.no_grad():
        together, alone, beside_others = encoder(raw), encoder(raw[:1]), encoder(others)
        turned = encoder(raw.flip(0)).flip(0)
    assert torch.equal(beside_others[0], together[0])
    torch.testing.assert_close(turned, together, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(alone[0], together[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["image", "sensor", "audio"])
def test_the_layout_in_memory_changes_nothing(kind):
    encoder = make_encoder(kind)
    raw = raw_samples(encoder.spec, 4)
    strided = raw.repeat_interleave(2, dim=0)[::2]
    with torch.no_grad():
        torch.testing.assert_close(encoder(strided), encoder(raw), rtol=1e-5, atol=1e-6)
        turned = raw.transpose(1, -1).contiguous().transpose(1, -1)
        torch.testing.assert_close(encoder(turned), encoder(raw), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        ("image", torch.int64),
        ("image", torch.int16),
        ("image", torch.uint16),
        ("audio", torch.int32),
        ("sensor", torch.float64),
    ],
)
def test_the_same_values_of_another_type_have_the_same_features(kind, dtype):
    encoder = make_encoder(kind)
    raw = raw_samples(encoder.spec, 4)
    with torch.no_grad():
        assert torch.equal(encoder(raw.to(dtype)), encoder(raw))


def test_missing_values_are_the_channel_s_mean_and_stay_in_their_sample():
    encoder = make_encoder("gaps")
    raw = raw_samples(encoder.spec, 3)
    gaps = raw.clone()
    gaps[1, 2, 5:9] = torch.nan
    mean = raw.clone()
    mean[1, 2, 5:9] = encoder.frontend.state_dict()["mean"][2]
    with torch.no_grad():
        found = encoder(gaps)
        torch.testing.assert_close(found, encoder(mean), rtol=1e-5, atol=1e-5)
        assert torch.equal(found[0], encoder(raw)[0])


def test_an_encoder_can_be_trained_on():
    encoder = make_encoder("sensor")
    encoder(raw_samples(encoder.spec, 4)).square().mean().backward()
    assert all(parameter.grad is not None for parameter in encoder.backbone.parameters())


REFUSED = {
    "other length": (torch.zeros(2, 3, 32), "found an array of shape (2, 3, 32)"),
    "other channels": (torch.zeros(2, 2, 33), "found an array of shape (2, 2, 33)"),
    "no batch": (torch.zeros(3, 33), "found an array of shape (3, 33)"),
    "one axis more": (torch.zeros(2, 1, 3, 33), "found an array of shape (2, 1, 3, 33)"),
    "a number": (torch.tensor(1.0), "found an array of shape ()"),
    "complex": (torch.zeros(2, 3, 33, dtype=torch.complex64), "of real numbers, found complex64"),
    "bool": (torch.zeros(2, 3, 33, dtype=torch.bool), "of real numbers, found bool"),
    "numpy": (np.zeros((2, 3, 33), np.float32), "as a tensor, found ndarray. Use torch.as_tensor(samples)"),
}


@pytest.mark.parametrize(("raw", "words"), REFUSED.values(), ids=REFUSED)
def test_what_it_does_not_take_is_refused_in_words(raw, words):
    with pytest.raises(SSLKitError) as caught:
        make_encoder("sensor")(raw)
    assert str(caught.value).startswith(
        "this encoder takes sensor samples of shape (3, 33) in batches (B, …)"
    )
    assert words in str(caught.value)


# Many samples, devices -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 3, 10, 11, 1000])
def test_embed_gives_every_sample_its_features_in_order(batch_size):
    encoder = make_encoder("image").train()
    raw = raw_samples(encoder.spec, 10)
    found = embed(encoder, raw, batch_size)
    assert not encoder.training and not found.requires_grad
    torch.testing.assert_close(found, features_of(encoder, raw), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", ["image", "sensor", "audio"])
def test_every_device_gives_the_same_features(kind, device, tmp_path):
    """On this machine's devices; ``load_encoder`` gives it on the CPU, wherever it was saved."""
    encoder = make_encoder(kind)
    raw = raw_samples(encoder.spec, 6)
    expected = features_of(encoder, raw)
    encoder.to(device).save(tmp_path)
    found = embed(encoder, raw, batch_size=4)
    assert found.device.type == "cpu"
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3)
    with torch.no_grad():
        assert encoder(raw.to(device)).device.type == device
    loaded = load_encoder(tmp_path, load_registry()[0])
    assert {tensor.device.type for tensor in loaded.state_dict().values()} == {"cpu"}
    with torch.no_grad():
        assert torch.equal(loaded(raw), expected)
