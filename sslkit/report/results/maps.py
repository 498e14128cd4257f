"""Maps of the frozen features of test samples: t-SNE, or the two main axes (PCA) where samples are few."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.pages.numbers import Numbers
from sslkit.pages.palette import class_styles
from sslkit.pages.svg import CARD, HALO, INK, MUTED, SvgWriter, canvas
from sslkit.report.figures.charts import Chart
from sslkit.report.files import load_arrays, numbers_of
from sslkit.report.members import Member
from sslkit.report.results.name_places import name_places

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 600  # more make the map slower and darker, not clearer
FEWEST_FOR_TSNE = 60
MOST_CLASSES = 100_000
MOST_NAMES = 40  # classes that are named on the map


def map_charts(member: Member, svg: SvgWriter) -> tuple[list[Chart], int]:
    """One map a method, all of the first seed that has any; and that seed."""
    seed = min((run.seed for run in member.runs if run.map_path), default=0)
    charts = []
    for method in member.methods:
        for run in member.runs_of(method):
            if run.map_path and run.seed == seed:
                picture, how = draw_map(run.map_path, member.class_names, svg)
                charts.append(Chart(method, how, picture))
    return [chart for chart in charts if chart.svg], seed


def draw_map(path: Path, class_names: Sequence[str], svg: SvgWriter) -> tuple[str, str]:
    """The map of one ``map.npz`` and how it was made (``t-SNE``, ``PCA``), both empty where there is none."""
    arrays = load_arrays(path)
    features, labels = numbers_of(arrays, "features", 2), numbers_of(arrays, "y", 1)
    if features is None or len(features) < 3 or not _fit(labels, features):
        return "", ""
    features, labels = _subset(features.astype(np.float64), labels)
    points, method = project(features)
    with canvas(3.5, 3.2, grid=False) as (figure, (axes,)):
        _draw_points(axes, points, labels, max(len(class_names), int(labels.max(initial=0)) + 1))
        axes.margins(0.06)
        if class_names and len(class_names) <= MOST_NAMES:
            for x, y, text in name_places(points, labels, class_names):
                axes.text(
                    x, y, text, ha="center", va="center", fontsize=8.5, color=INK, weight="bold", gid=HALO
                )
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        numbers = Numbers.from_columns(
            ("x", "y", "class"), *points.T.round(3), _class_texts(labels, class_names)
        )
        return svg.write(figure, f"{method} map of {len(points)} test samples", numbers), method


def _fit(labels: np.ndarray | None, features: np.ndarray) -> bool:
    return labels is None or (len(labels) == len(features) and labels.max() < MOST_CLASSES)


def _draw_points(axes: Axes, points: np.ndarray, labels: np.ndarray, classes: int) -> None:
    styles = class_styles(classes)
    if (labels < 0).any():
        axes.plot(*points[labels < 0].T, color=MUTED, marker=".", linestyle="none", markersize=3, alpha=0.6)
    for index in np.unique(labels[labels >= 0]):
        axes.plot(
            *points[labels == index].T,
            color=styles[index].colour,
            marker=styles[index].marker,
            linestyle="none",
            markersize=3.6,
            markeredgewidth=0.35,
            markeredgecolor=CARD,
            alpha=0.85,
        )


def _class_texts(labels: np.ndarray, class_names: Sequence[str]) -> list[str]:
    """A name each, empty for a sample without a label."""
    names = dict(enumerate(class_names)) | {-1: ""}
    return [names.get(label, str(label)) for label in labels.tolist()]


def project(features: np.ndarray) -> tuple[np.ndarray, str]:
    """``(N, D)`` → ``(N, 2)`` and the method's name; the same features give the same map."""
    features = np.nan_to_num(features)
    features = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    centred = features - features.mean(axis=0)
    if len(features) < FEWEST_FOR_TSNE or np.linalg.matrix_rank(centred, tol=1e-6) < 3:
        left, scale, _ = np.linalg.svd(centred, full_matrices=False)
        flat = left[:, :2] * scale[:2]
        return np.pad(flat, ((0, 0), (0, 2 - flat.shape[1]))), "PCA"
    from sklearn.manifold import TSNE

    perplexity = min(30.0, len(features) / 4)
    tsne = TSNE(random_state=0, init="pca", perplexity=perplexity, max_iter=500, metric="euclidean")
    return np.asarray(tsne.fit_transform(centred.astype(np.float32))), "t-SNE"


def _subset(features: np.ndarray, labels: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    known = np.full(len(features), -1) if labels is None else np.asarray(labels, dtype=np.int64)
    kept = np.sort(np.random.default_rng(0).permutation(len(features))[:MOST_POINTS])
    return features[kept], known[kept]
