"""Maps of embeddings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

from sslkit.pages.svg import SvgWriter
from sslkit.report.members import RunRecord
from sslkit.report.results.maps import draw_map, map_charts, project
from tests.pages.carried import carried_rows, svg_texts
from tests.report.fake_member import fake_member


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


def test_maps_without_labels_names_or_file(tmp_path: Path) -> None:
    features = np.random.default_rng(3).normal(size=(30, 4)).astype(np.float32)
    np.savez(tmp_path / "map.npz", features=features, y=np.full(30, -1))
    picture, method = draw_map(tmp_path / "map.npz", (), SvgWriter())
    assert picture.startswith("<svg")
    assert method == "PCA"
    assert draw_map(tmp_path / "none.npz", (), SvgWriter()) == ("", "")


def test_every_sample_is_in_the_csv_with_its_class(tmp_path: Path) -> None:
    features = np.random.default_rng(4).normal(size=(6, 4)).astype(np.float32)
    np.savez(tmp_path / "map.npz", features=features, y=np.array([0, 1, -1, 1, 0, 0]))
    picture, _ = draw_map(tmp_path / "map.npz", ("cat", "dog"), SvgWriter())
    assert sorted(row["class"] for row in carried_rows(picture)) == ["", "cat", "cat", "cat", "dog", "dog"]
    assert {"cat", "dog"} <= set(svg_texts(picture))


def test_many_samples_are_thinned_the_same_way_each_time(tmp_path: Path) -> None:
    features = np.tile(np.random.default_rng(5).normal(size=(1, 4)), (900, 1))  # PCA, in no time
    np.savez(tmp_path / "map.npz", features=features, y=np.arange(900))
    rows = carried_rows(draw_map(tmp_path / "map.npz", (), SvgWriter())[0])
    assert len(rows) == 600 and len({row["class"] for row in rows}) == 600
    assert rows == carried_rows(draw_map(tmp_path / "map.npz", (), SvgWriter())[0])


def test_maps_are_of_the_first_seed_that_has_any(tmp_path: Path) -> None:
    np.savez(tmp_path / "map.npz", features=np.random.default_rng(6).normal(size=(20, 4)))
    (tmp_path / "broken.npz").write_bytes(b"PK")
    paths = {("byol", 1): "map.npz", ("byol", 2): "map.npz", ("simclr", 1): "broken.npz", ("simclr", 0): None}
    runs = [
        RunRecord(method, seed, map_path=tmp_path / name if name else None)
        for (method, seed), name in paths.items()
    ]
    charts, seed = map_charts(fake_member({}, runs=runs), SvgWriter())
    assert seed == 1
    assert [(chart.title, chart.subtitle) for chart in charts] == [("byol", "PCA")]
