"""Samples and their views, for the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from sslkit.assembly import Prepared
from sslkit.files import write_json, write_npz
from sslkit.records import SamplesCard

SAMPLES = 4


@torch.no_grad()
def write_examples(prepared: Prepared, folder: Path) -> None:
    """``views.npz``: some training samples of different classes with their views; ``spec.json``: what they are."""
    part, spec = prepared.splits.train, prepared.dataset.spec
    index = _different_classes(part.y, SAMPLES)
    raw = part.x[index].to(prepared.device)
    views = prepared.views(prepared.experiment.seeds[0], prepared.n_views)(raw, 0)
    arrays = {"decoded": spec.decode(raw).cpu().numpy()}
    if tuple(prepared.frontend.out_spec.shape) != spec.shape:
        arrays["features"] = prepared.frontend(spec.decode(raw)).cpu().numpy()
    arrays |= {f"view_{i + 1}": view.float().cpu().numpy() for i, view in enumerate(views)}
    if len(spec.shape) == 3 and not _in_unit_range(arrays["view_1"]):
        arrays |= {f"view_{i + 1}": _undo(prepared, view) for i, view in enumerate(views)}
    write_npz(folder / "views.npz", arrays)
    card = {
        "modality": spec.modality,
        "shape": list(spec.shape),
        "rate_hz": spec.rate_hz,
        "channels": list(spec.channels),
        "class_names": list(prepared.dataset.class_names),
        "feature_shape": list(prepared.frontend.out_spec.shape),
        "feature_rate_hz": prepared.frontend.out_spec.rate_hz,
    }
    write_json(folder / "spec.json", SamplesCard.marked(card))


def _different_classes(y: np.ndarray, count: int) -> np.ndarray:
    """First samples of ``count`` classes spread over all classes; any samples where there are no labels."""
    classes = np.unique(y[y >= 0])
    if len(classes) == 0:
        return np.linspace(0, len(y) - 1, min(count, len(y))).astype(int)
    chosen = classes[np.linspace(0, len(classes) - 1, min(count, len(classes))).astype(int)]
    return np.array([np.flatnonzero(y == label)[0] for label in chosen])


def _in_unit_range(view: np.ndarray) -> bool:
    return bool(view.min() >= 0 and view.max() <= 1)


def _undo(prepared: Prepared, view: torch.Tensor) -> np.ndarray:
    """Pictures after the front end, back in 0…1 for the eye: each channel's range of the decoded data."""
    inverse = getattr(prepared.frontend, "inverse", None)
    picture = (
        inverse(view) if inverse is not None else (view - view.amin()) / (view.amax() - view.amin() + 1e-9)
    )
    return picture.clamp(0, 1).float().cpu().numpy()
