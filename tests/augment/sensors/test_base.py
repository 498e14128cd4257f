import pytest

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


class SlowWarp(SensorAugmentation):
    """Needs ten samples."""

    def shortest(self):
        return 10


class Any(SensorAugmentation):
    """Takes all windows."""


def test_windows_long_enough_pass():
    SlowWarp().check(SampleSpec("sensor", (1, 10)))
    SlowWarp().check(SampleSpec("sensor", (64, 5000)))
    Any().check(SampleSpec("sensor", (1, 1)))
    assert (Any.stage, Any.modalities) == ("features", ("sensor",))


def test_short_ones_are_refused_with_both_lengths():
    message = r"^slow-warp needs windows of at least 10 samples with these settings; these have 9\."
    with pytest.raises(SSLKitError, match=message):
        SlowWarp().check(SampleSpec("sensor", (6, 9)))


@pytest.mark.parametrize("shape", [(128,), (1, 64, 96), ()])
def test_other_shapes_are_refused(shape):
    with pytest.raises(SSLKitError, match=r"^any takes windows \(channels, time\); .* the shape"):
        Any().check(SampleSpec("sensor", shape))
