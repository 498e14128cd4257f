import numpy as np
import pytest
import torch

from sslkit.augment.sensors.noise_snr import NoiseSNR
from sslkit.errors import SSLKitError


@pytest.mark.parametrize("ratio", [-5.0, 10.0, 30.0])
def test_the_ratio_is_met_on_every_channel_whatever_its_scale_and_mean(ratio, generator):
    time = torch.arange(20_000)
    signal = torch.stack([torch.sin(time / 7), 100 * torch.sin(time / 3), 5 + 0.01 * torch.cos(time / 11)])
    x = signal.expand(2, -1, -1)
    noise = (NoiseSNR((ratio, ratio)).apply(x, generator) - x).double().numpy()
    measured = 10 * np.log10(x.double().numpy().var(-1) / noise.var(-1))
    np.testing.assert_allclose(measured, ratio, atol=0.2)


def test_ratios_are_uniform_and_one_a_sample(generator):
    ratios = NoiseSNR((10.0, 30.0)).draw(4000, generator)
    assert ratios.min() >= 10 and ratios.max() <= 30 and abs(ratios.mean() - 20) < 0.5


def test_missing_values_do_not_count_and_dead_channels_stay_dead(generator):
    x = torch.randn(3, 4, 5000)
    x[:, 1] = 7.0
    x[:, 2, ::2] = torch.nan
    x[:, 3] = torch.nan
    out = NoiseSNR((20.0, 20.0)).apply(x, generator)
    assert torch.equal(out.isnan(), x.isnan()) and torch.equal(out[:, 1], x[:, 1])
    noise = (out - x)[:, 2, 1::2]
    torch.testing.assert_close(noise.std(-1), 0.1 * x[:, 2, 1::2].std(-1), rtol=0.08, atol=0)


def test_strength_is_the_noises_amplitude():
    scaled = NoiseSNR.at_strength({"snr_db": (10.0, 30.0)}, 2.0)["snr_db"]
    assert scaled == pytest.approx((10 - 6.0206, 30 - 6.0206), abs=1e-3)


def test_identity_and_bounds(windows, generator):
    out = NoiseSNR((120.0, 120.0)).apply(windows, generator)
    torch.testing.assert_close(out, windows, atol=1e-5, rtol=0)
    with pytest.raises(SSLKitError, match="noise-snr: snr_db is a range"):
        NoiseSNR((30.0, 10.0))
