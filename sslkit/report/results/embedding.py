"""A map of the frozen features of test samples: t-SNE, or the two main axes (PCA) where samples are few."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sslkit.pages.numbers import columns
from sslkit.pages.palette import class_styles
from sslkit.pages.svg import CARD, HALO, INK, MUTED, SvgWriter, canvas
from sslkit.report.files import load_arrays

MOST_POINTS = 600  # more make the map slower and darker, not clearer
FEWEST_FOR_TSNE = 60
_LABELLED_CLASSES = 40


def draw_map(path: Path, class_names: Sequence[str], svg: SvgWriter) -> tuple[str, str]:
    """The map of one ``map.npz`` and how it was made (``t-SNE``, ``PCA``), both empty where there is none."""
    arrays = load_arrays(path)
    if "features" not in arrays or len(arrays["features"]) < 3:
        return "", ""
    features, labels = _subset(np.asarray(arrays["features"], dtype=np.float64), arrays.get("y"))
    points, method = project(features)
    styles = class_styles(len(class_names) or int(labels.max(initial=0)) + 1)
    with canvas(3.5, 3.2, grid=False) as (figure, (axes,)):
        if (labels < 0).any():
            axes.plot(
                *points[labels < 0].T, color=MUTED, marker=".", linestyle="none", markersize=3, alpha=0.6
            )
        for index in np.unique(labels[labels >= 0]):
            style = styles[index]
            axes.plot(
                *points[labels == index].T,
                color=style.colour,
                marker=style.marker,
                linestyle="none",
                markersize=3.6,
                markeredgewidth=0.35,
                markeredgecolor=CARD,
                alpha=0.85,
            )
        axes.margins(0.06)
        if class_names and len(class_names) <= _LABELLED_CLASSES:
            for x, y, text in _label_places(points, labels, class_names):
                axes.text(
                    x, y, text, ha="center", va="center", fontsize=8.5, color=INK, weight="bold", gid=HALO
                )
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        numbers = columns(("x", "y", "class"), *points.T.round(3), _class_texts(labels, class_names))
        return svg.write(figure, f"{method} map of {len(points)} test samples", numbers), method


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
    return tsne.fit_transform(centred.astype(np.float32)), "t-SNE"


def _subset(features: np.ndarray, labels: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    known = np.full(len(features), -1) if labels is None else np.asarray(labels, dtype=np.int64)
    chosen = np.sort(np.random.default_rng(0).permutation(len(features))[:MOST_POINTS])
    return features[chosen], known[chosen]


def _label_places(
    points: np.ndarray, labels: np.ndarray, class_names: Sequence[str]
) -> list[tuple[float, float, str]]:
    """A name at the densest sample of each class, pushed apart until no two cover each other."""
    low, span = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-12)
    present = [int(index) for index in np.unique(labels[labels >= 0])]
    names = [_short(class_names[index]) if index < len(class_names) else str(index) for index in present]
    places = np.array([_middle((points[labels == index] - low) / span) for index in present]).reshape(-1, 2)
    widths = np.array(
        [0.021 * len(name) + 0.02 for name in names]
    )  # of the map's width, at the label's font size
    for _ in range(300):
        moved = False
        for a in range(len(places)):
            for b in range(a):
                gap = places[a] - places[b]
                over_x = (widths[a] + widths[b]) / 2 - abs(gap[0])
                over_y = 0.05 - abs(gap[1])
                if over_x > 0 and over_y > 0:
                    axis = 1 if over_y <= over_x else 0
                    push = (over_y if axis else over_x) / 2 + 1e-3
                    side = 1.0 if gap[axis] >= 0 else -1.0
                    places[a, axis] += side * push
                    places[b, axis] -= side * push
                    moved = True
        places[:, 0] = np.clip(places[:, 0], widths / 2 - 0.05, 1.05 - widths / 2)
        places[:, 1] = np.clip(places[:, 1], 0, 1)
        if not moved:
            break
    return [(*(low + place * span), name) for place, name in zip(places, names, strict=True)]


def _middle(points: np.ndarray) -> np.ndarray:
    """The sample with the smallest distance to most of its class: inside a cluster, unlike the mean."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return points[np.argmin(np.median(distances, axis=1))]


def _short(name: str) -> str:
    return name if len(name) <= 14 else name[:13] + "…"
