import numpy as np
import pytest

from sslkit.optim.warmup_cosine import WarmupCosine


@pytest.mark.parametrize(
    ("warmup", "total"), [(0.1, 1000), (0.1, 37), (0.0, 10), (0.5, 8), (0.3, 5), (1.0, 6)]
)
@pytest.mark.parametrize("final", [0.0, 0.2])
def test_every_step_equals_the_float64_formula(warmup, total, final):
    schedule = WarmupCosine(warmup, final)
    steps = np.arange(total, dtype=np.float64)
    warm = round(warmup * total)
    falling = final + (1 - final) * np.cos(np.pi / 2 * (steps - warm) / max(total - warm, 1)) ** 2
    expected = np.where(steps < warm, steps / max(warm, 1), falling)
    np.testing.assert_allclose([schedule.factor(k, total) for k in range(total)], expected, atol=1e-12)


def test_landmarks():
    schedule = WarmupCosine()
    assert [schedule.factor(k, 100) for k in (0, 5, 10)] == [0.0, 0.5, 1.0]
    assert schedule.factor(55, 100) == pytest.approx(0.5)
    assert schedule.factor(100, 100) == 0.0
    assert WarmupCosine(final_factor=0.1).factor(100, 100) == 0.1


def test_it_rises_and_then_falls():
    factors = [WarmupCosine().factor(k, 50) for k in range(51)]
    assert factors[:6] == sorted(factors[:6]) and factors[5:] == sorted(factors[5:], reverse=True)


def test_the_shortest_runs():
    assert WarmupCosine().factor(0, 1) == 1.0
    assert WarmupCosine(warmup=1.0).factor(0, 1) == 0.0
