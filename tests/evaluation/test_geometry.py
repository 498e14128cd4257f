"""Collapse figures against numpy and scipy, their limits, and the alarm."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist
from scipy.stats import entropy
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.evaluation.geometry import (
    alignment,
    collapse_alarms,
    effective_rank,
    feature_std,
    geometry,
    projection_alarms,
    uniformity,
)


def random_features(n: int = 200, dim: int = 16, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.normal(size=(n, dim)) * random.uniform(0.1, 3, dim) + random.normal(size=dim)


def unit(features: np.ndarray) -> np.ndarray:
    return features / np.linalg.norm(features, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(3))
def test_figures_agree_with_numpy_and_scipy(seed: int) -> None:
    first, second = random_features(seed=seed), random_features(seed=seed + 10)
    figures = geometry(first, second)
    singular = np.linalg.svd(first - first.mean(0), compute_uv=False)
    distances = pdist(unit(first), "sqeuclidean")
    assert figures["feature_std"] == pytest.approx(unit(first).std(axis=0).mean() * 4, rel=1e-4)
    assert figures["effective_rank"] == pytest.approx(np.exp(entropy(singular)), rel=1e-4)
    assert figures["uniformity"] == pytest.approx(np.log(np.exp(-2 * distances).mean()), rel=1e-4)
    expected = np.square(unit(first) - unit(second)).sum(axis=1).mean()
    assert figures["alignment"] == pytest.approx(expected, rel=1e-4)


def test_limits_of_an_isotropic_cloud() -> None:
    cloud = torch.randn(2000, 64, generator=torch.Generator().manual_seed(0))
    assert feature_std(cloud) == pytest.approx(1, abs=0.01)
    assert 60 < effective_rank(cloud) <= 64
    assert uniformity(cloud) == pytest.approx(-4, abs=0.15)
    assert alignment(cloud, cloud) == pytest.approx(0, abs=1e-6)
    assert alignment(cloud, -cloud) == pytest.approx(4, rel=1e-5)


def test_effective_rank_counts_equal_directions() -> None:
    directions = torch.linalg.qr(torch.randn(30, 5, dtype=torch.float64)).Q
    points = torch.cat([directions.T, -directions.T])  # centred, five equal singular values
    assert effective_rank(points) == pytest.approx(5)


def test_constant_features_have_no_spread_at_all() -> None:
    figures = geometry(np.full((50, 8), 0.3))
    assert figures["feature_std"] == pytest.approx(0, abs=1e-6)
    assert figures["effective_rank"] == 0
    assert figures["uniformity"] == pytest.approx(0, abs=1e-6)


def test_many_samples_are_thinned_out_evenly() -> None:
    features = random_features(n=5000)
    index = np.linspace(0, 4999, 2048).astype(int)
    assert geometry(features) == pytest.approx(geometry(features[index]), rel=1e-5)


class Constant(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.linspace(0.1, 1, 32).expand(len(x), 32) + 1e-6 * x[:, :32]


def test_alarm_for_a_constant_encoder() -> None:
    (said,) = collapse_alarms(geometry(Constant()(torch.randn(300, 64))), dim=32)
    assert "collapsed completely" in said
    assert "lower learning rate" in said


def test_alarm_for_an_encoder_of_rank_one() -> None:
    x = torch.randn(300, 64)
    features = nn.Linear(1, 32)(x[:, :1]).detach() + 1e-4 * torch.randn(300, 32)
    (said,) = collapse_alarms(geometry(features), dim=32)
    assert "dimensionally" in said
    assert "32 features" in said


@pytest.mark.parametrize("seed", range(5))
def test_no_alarm_for_random_or_healthy_encoders(seed: int) -> None:
    torch.manual_seed(seed)
    layers = [layer for _ in range(6) for layer in (nn.Conv2d(16, 16, 3, padding=1), nn.ReLU())]
    encoder = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), *layers, nn.AdaptiveAvgPool2d(2), nn.Flatten())
    with torch.no_grad():
        figures = geometry(encoder(torch.rand(100, 1, 12, 12)))
    assert collapse_alarms(figures, dim=64) == []
    assert collapse_alarms(geometry(random_features(seed=seed)), dim=16) == []


def test_bad_input() -> None:
    with pytest.raises(SSLKitError, match="N ≥ 2"):
        geometry(np.ones((1, 4)))
    with pytest.raises(SSLKitError, match="diverged"):
        geometry(np.array([[1.0, np.nan], [0.0, 1.0]]))
    with pytest.raises(SSLKitError, match="differ in shape"):
        geometry(np.eye(4), np.eye(5))


@pytest.mark.parametrize(("spread", "alarmed"), [(0.0, True), (0.03, True), (0.5, False), (1.0, False)])
def test_collapsed_projections_are_called_so(spread: float, alarmed: bool) -> None:
    found = projection_alarms(spread)
    assert bool(found) == alarmed
    assert all("projections have collapsed" in text for text in found)
