"""Sensor windows: handcrafted features against numpy and scipy, and signal plots."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from scipy import stats
from scipy.signal import get_window

from sslkit.modalities.sensor import Sensor
from sslkit.types import SampleSpec


def spec(channels: int, length: int, rate: float | None = 50.0, names: tuple[str, ...] = ()) -> SampleSpec:
    return SampleSpec("sensor", (channels, length), rate, names)


def features(x: np.ndarray) -> np.ndarray:
    """``(B, C, F)``."""
    given = torch.from_numpy(x)
    return Sensor().handcrafted(given, spec(*x.shape[1:])).numpy().reshape(*x.shape[:2], -1)


def test_statistics_agree_with_numpy_and_scipy() -> None:
    x = np.random.default_rng(0).gamma(2.0, size=(5, 3, 101))
    found, centred = features(x), x - x.mean(-1, keepdims=True)
    expected = [x.mean(-1), x.std(-1), x.min(-1), x.max(-1), *np.quantile(x, [0.25, 0.5, 0.75], axis=-1)]
    expected += [stats.skew(x, axis=-1), stats.kurtosis(x, axis=-1)]
    expected += [(np.diff(centred > 0, axis=-1)).mean(-1), np.log10(np.square(centred).mean(-1) + 1e-12)]
    np.testing.assert_allclose(found[..., :11], np.stack(expected, axis=-1), rtol=1e-9)


def test_spectrum_agrees_with_numpy() -> None:
    x = np.random.default_rng(1).normal(size=(4, 2, 96)) + 9.81
    window = get_window("hann", 96)
    power = np.abs(np.fft.rfft((x - x.mean(-1, keepdims=True)) * window))[..., 1:] ** 2
    bands = power.reshape(4, 2, 24, 2).mean(-1)
    share = bands / bands.sum(-1, keepdims=True)
    np.testing.assert_allclose(features(x)[..., 11:], np.log10(share + 1e-6), rtol=1e-9)


def test_a_tone_lies_in_its_band() -> None:
    time = np.arange(256) / 50
    found = features(np.sin(2 * np.pi * 12.5 * time)[None, None])[0, 0, 11:]
    assert found.argmax() in (11, 12)  # half of the 25 Hz


@pytest.mark.parametrize("value", [0.0, 9.81, 1e4, -1e-7])
def test_constant_channels_are_finite_and_alike(value: float) -> None:
    x = np.full((1, 1, 64), value, np.float32)
    found = features(x)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[..., 7:], features(0 * x)[..., 7:], atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 40, 77), (2, 1, 3), (3, 2, 1001)])
def test_any_shape(shape: tuple[int, int, int]) -> None:
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    bands = min(24, shape[-1] // 2)
    assert features(x).shape == (*shape[:2], 11 + bands)
    assert np.isfinite(features(x)).all()


def test_samples_do_not_influence_each_other() -> None:
    x = np.random.default_rng(0).normal(size=(4, 2, 50))
    np.testing.assert_allclose(features(x)[1:2], features(x[1:2]), rtol=1e-12)


@pytest.mark.parametrize("channels", [1, 6, 40])
def test_draws_distinct_lines_over_seconds(channels: int) -> None:
    axes, sample = Figure().subplots(), torch.randn(channels, 101)
    Sensor().draw(axes, sample, spec(channels, 101))
    lines = axes.get_lines()
    assert len({to_rgba(line.get_color()) for line in lines}) == channels
    np.testing.assert_allclose(lines[-1].get_ydata(), sample[-1])
    assert lines[0].get_xdata()[-1] == pytest.approx(2.0)
    assert axes.get_xlabel() == "seconds"


def test_names_the_channels_and_says_samples_without_a_rate() -> None:
    axes = Figure().subplots()
    Sensor().draw(axes, torch.randn(2, 20), spec(2, 20, None, ("acc x",)))
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["acc x", "channel 2"]
    assert axes.get_xlabel() == "samples"
