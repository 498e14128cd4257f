import pytest
import torch

from sslkit.errors import SSLKitError
from sslkit.frontends.scale import Scale
from sslkit.types import SampleSpec

IMAGES = SampleSpec("image", (3, 5, 7), scale=1 / 255)


def test_decoded_bytes_become_minus_one_to_one():
    raw = torch.arange(256, dtype=torch.uint8)[:210].view(2, 3, 5, 7)
    expected = raw.double() / 127.5 - 1
    torch.testing.assert_close(Scale(IMAGES)(IMAGES.decode(raw)).double(), expected, atol=1e-6, rtol=0)


def test_factor_one_offset_zero_changes_nothing():
    x = torch.randn(4, 3, 5, 7)
    assert torch.equal(Scale(IMAGES, factor=1, offset=0)(x), x)


def test_values_come_out_decoded_with_the_same_shape_and_rate():
    spec = SampleSpec("sensor", (2, 9), rate_hz=50.0, channels=("a", "b"), scale=0.1)
    assert Scale(spec).out_spec == SampleSpec("sensor", (2, 9), rate_hz=50.0, channels=("a", "b"))


def test_factor_zero_is_refused():
    with pytest.raises(SSLKitError, match="factor 0"):
        Scale(IMAGES, factor=0)
