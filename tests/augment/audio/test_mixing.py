import pytest
import torch

from sslkit.augment.audio.mixing import add_at_ratio, decibels_at_strength


def test_the_ratio_is_exact_and_silence_stays():
    x, noise = torch.randn(4, 1000), torch.randn(4, 1000)
    x[2], noise[3] = 0, 0
    snr = torch.tensor([0.0, 20.0, 5.0, 5.0])
    added = add_at_ratio(x, noise, snr) - x
    ratios = 10 * (x.square().sum(1) / added.square().sum(1)).log10()
    torch.testing.assert_close(ratios[:2], snr[:2], atol=1e-3, rtol=0)
    assert (added[2:] == 0).all()


def test_strength_scales_the_amplitude():
    x, noise = torch.randn(1, 1000), torch.randn(1, 1000)
    [stronger] = decibels_at_strength([10.0], 2.0)
    once, twice = (add_at_ratio(x, noise, torch.tensor([snr])) - x for snr in (10.0, stronger))
    torch.testing.assert_close(twice, 2 * once, atol=1e-5, rtol=0)
    assert decibels_at_strength((3.0, 30.0), 0.1) == pytest.approx((23.0, 50.0))
