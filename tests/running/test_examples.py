"""Samples and views for the report: which samples, and pictures as the eye expects them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sslkit.assembly import Prepared
from sslkit.running.examples import write_examples


def written(prepared: Prepared, folder: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    write_examples(prepared, folder)
    with np.load(folder / "views.npz") as arrays:
        return dict(arrays), json.loads((folder / "spec.json").read_text(encoding="utf-8"))


def with_labels(prepared: Prepared, y: np.ndarray) -> Prepared:
    return replace(prepared, splits=replace(prepared.splits, train=replace(prepared.splits.train, y=y)))


def test_samples_of_different_classes_with_their_views(prepared: Prepared, tmp_path: Path) -> None:
    arrays, card = written(prepared, tmp_path)
    assert {name: array.shape for name, array in arrays.items()} == dict.fromkeys(
        ("decoded", "view_1", "view_2"), (2, 3, 33)
    )
    train = prepared.splits.train
    first_of_each = [int(np.flatnonzero(train.y == label)[0]) for label in (0, 1)]
    np.testing.assert_array_equal(arrays["decoded"], train.x[np.array(first_of_each)].numpy())
    assert not np.array_equal(arrays["view_1"], arrays["view_2"])
    assert card == {
        "format": "sslkit samples 1", "modality": "sensor", "shape": [3, 33], "rate_hz": None, "channels": [],
        "class_names": ["0", "1"], "feature_shape": [3, 33], "feature_rate_hz": None,
    } | {key: card[key] for key in ("rate_hz", "channels", "feature_rate_hz")}  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (np.arange(52) % 10, [0, 3, 6, 9]),  # four of ten classes, from the first to the last
        (np.full(52, -1), [0, 17, 34, 51]),  # no labels: from end to end
        (np.where(np.arange(52) == 7, 1, -1), [7]),  # the only labelled one
    ],
)
def test_which_samples(prepared: Prepared, tmp_path: Path, labels: np.ndarray, expected: list[int]) -> None:
    arrays, _ = written(with_labels(prepared, labels), tmp_path)
    np.testing.assert_array_equal(arrays["decoded"], prepared.splits.train.x[np.array(expected)].numpy())


class Pictures(nn.Module):
    """A front end of pictures that leaves 0…1, with or without the way back."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.out_spec = type("Spec", (), {"shape": shape, "rate_hz": None})()

    def forward(self, x: Tensor) -> Tensor:
        return x * 4 - 2


class WithInverse(Pictures):
    def inverse(self, x: Tensor) -> Tensor:
        return (x + 2) / 4


@pytest.mark.parametrize("kind", [Pictures, WithInverse])
def test_pictures_come_back_to_what_the_eye_expects(
    prepared: Prepared, tmp_path: Path, kind: type[Pictures], monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = (1, 9, 11)
    given = torch.rand(2, *shape, generator=torch.Generator().manual_seed(0))
    train = replace(
        prepared.splits.train,
        x=type("X", (), {"__getitem__": lambda self, index: given})(),
        y=np.array([0, 1]),
    )
    spec = replace(prepared.dataset.spec, shape=shape, modality="image", channels=())
    frontend: Any = kind(shape)
    monkeypatch.setattr(
        Prepared, "views", lambda self, seed, n: lambda raw, step: [frontend(raw), frontend(raw)]
    )
    item = replace(
        prepared, dataset=replace(prepared.dataset, spec=spec), frontend=frontend,
        splits=replace(prepared.splits, train=train),
    )  # fmt: skip
    arrays, _ = written(item, tmp_path)
    assert arrays["view_1"].min() >= 0 and arrays["view_1"].max() <= 1
    if kind is WithInverse:
        np.testing.assert_allclose(arrays["view_1"], given.numpy(), atol=1e-6)
    else:
        assert (arrays["view_1"].min(), arrays["view_1"].max()) == pytest.approx((0, 1), abs=1e-6)
