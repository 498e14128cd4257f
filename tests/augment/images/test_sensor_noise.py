from __future__ import annotations

import pytest
import torch

from sslkit.augment.images.sensor_noise import SensorNoise


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("value", [0.2, 0.5, 0.8])
def test_variance_of_the_photon_transfer_model(value: float) -> None:
    noise = SensorNoise(shot=0.05, read=0.02)
    x = torch.full((16, 2, 100, 100), value)
    shot, read = (level.flatten() for level in noise.draw(16, seeded()))
    result = noise.apply(x, seeded())
    expected = (shot**2 * value + read**2).sqrt()
    torch.testing.assert_close(result.std((1, 2, 3)), expected, rtol=0.03, atol=1e-6)
    torch.testing.assert_close(result.mean((1, 2, 3)), torch.full((16,), value), rtol=0, atol=0.002)


def test_levels_are_uniform_from_zero() -> None:
    shot, read = SensorNoise(shot=0.1, read=0.04).draw(10_000, seeded())
    for levels, largest in ((shot, 0.1), (read, 0.04)):
        assert levels.min() >= 0 and levels.max() <= largest
        assert abs(levels.mean() / largest - 0.5) < 0.02


def test_cut_to_the_range() -> None:
    x = torch.tensor([0.0, 1.0]).repeat(8, 1, 50, 50)
    result = SensorNoise(shot=1.0, read=1.0).apply(x, seeded())
    assert result.min() == 0 and result.max() == 1


def test_no_noise() -> None:
    x = torch.rand(3, 1, 4, 4, generator=seeded())
    assert torch.equal(SensorNoise(0.0, 0.0).apply(x, seeded()), x)
