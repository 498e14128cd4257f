"""Maps of embeddings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

from sslkit.pages.svg import SvgWriter
from sslkit.report.results.embedding import _label_places, draw_map, project


def test_few_samples_are_mapped_by_pca() -> None:
    features = np.random.default_rng(0).normal(size=(40, 12))
    points, method = project(features)
    directions = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = PCA(2).fit_transform(directions)
    assert method == "PCA"
    np.testing.assert_allclose(np.abs(points), np.abs(expected), atol=1e-10)


def test_tsne_keeps_clusters_together_and_repeats() -> None:
    random = np.random.default_rng(1)
    y = np.repeat([0, 1, 2], 40)
    features = 8 * np.eye(3)[y] @ random.normal(size=(3, 16)) + random.normal(size=(120, 16))
    points, method = project(features)
    assert method == "t-SNE"
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (y[distances.argmin(axis=1)] == y).mean() > 0.95
    np.testing.assert_array_equal(project(features)[0], points)


@pytest.mark.parametrize("features", [np.ones((80, 8)), np.full((80, 8), np.nan), np.ones((80, 1))])
def test_a_collapsed_encoder_still_has_a_map(features: np.ndarray) -> None:
    points, method = project(features)
    assert method == "PCA"
    assert points.shape == (80, 2)
    assert np.isfinite(points).all()


def test_labels_of_many_classes_do_not_cover_each_other() -> None:
    random = np.random.default_rng(2)
    y = np.arange(300) % 30
    points = random.normal(size=(300, 2))
    names = [f"class {index}" for index in range(30)]
    places = _label_places(points, y, names)
    span = np.ptp(points, axis=0)
    xy = np.array([(x, y) for x, y, _ in places]) / span
    gaps = np.abs(xy[:, None] - xy[None])
    covered = (gaps[..., 0] < 0.1) & (gaps[..., 1] < 0.03) & ~np.eye(30, dtype=bool)
    assert covered.sum() <= 2  # a pair at most
    assert [name for _, _, name in places] == names


def test_maps_without_labels_names_or_file(tmp_path: Path) -> None:
    features = np.random.default_rng(3).normal(size=(30, 4)).astype(np.float32)
    np.savez(tmp_path / "map.npz", features=features, y=np.full(30, -1))
    picture, method = draw_map(tmp_path / "map.npz", (), SvgWriter())
    assert picture.startswith("<svg")
    assert method == "PCA"
    assert draw_map(tmp_path / "none.npz", (), SvgWriter()) == ("", "")
