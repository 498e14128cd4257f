"""An encoder is judged on the same draws as all others, by figures of known answer, and is not changed by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sslkit.assembly import Prepared
from sslkit.errors import SSLKitError
from sslkit.evaluation.features import module_hash
from sslkit.evaluation.geometry import geometry
from sslkit.evaluation.knn import WeightedKNN
from sslkit.running.evaluate import (
    drawn_groups,
    draws_of,
    encoder_geometry,
    evaluate_encoder,
    label_task,
    make_judge,
    parts,
    require_labels,
    rows_of,
)
from tests.running.conftest import Prepare


class Constant(nn.Module):
    """A backbone that has collapsed completely."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * torch.arange(1.0, 6.0).repeat(len(x), 1)


def encoder_of(prepared: Prepared, backbone: Any = None) -> Any:
    return prepared.encoder(backbone if backbone is not None else prepared.backbone(0)).eval()


def constant(prepared: Prepared) -> Any:
    encoder = encoder_of(prepared)
    encoder.backbone = Constant()
    return encoder


def with_part(prepared: Prepared, part: str, **changes: Any) -> Prepared:
    changed = replace(getattr(prepared.splits, part), **changes)
    return replace(prepared, splits=replace(prepared.splits, **{part: changed}))


def labels_as_features(prepared: Prepared) -> dict[str, np.ndarray]:
    return {name: np.eye(2, dtype=np.float32)[part.y] for name, part in parts(prepared).items()}


def test_features_that_are_the_labels_are_perfect(prepared: Prepared) -> None:
    rows = rows_of(prepared, labels_as_features(prepared), 0)
    assert {row["value"] for row in rows if row["metric"] == "accuracy"} == {1.0}
    assert rows.predictions is not None and rows.predictions.labels_per_class == "all"


def test_features_of_the_wrong_labels_are_never_right(prepared: Prepared) -> None:
    features = labels_as_features(prepared)
    features["test"] = 1 - features["test"]
    rows = rows_of(prepared, features, 0)
    assert {row["value"] for row in rows if row["metric"] == "accuracy"} == {0.0}


def test_each_budget_and_draw_is_told_of(prepared: Prepared) -> None:
    told: list[str] = []
    rows = rows_of(prepared, labels_as_features(prepared), 0, told.append)
    assert [(row["labels_per_class"], row["draw"]) for row in rows if row["metric"] == "accuracy"] == [
        (3, 0), (3, 1), ("all", 0),
    ]  # fmt: skip
    assert told == ["linear"] * 3


def test_one_seed_draws_the_same_labels_for_all(prepared: Prepared) -> None:
    first, again, other = (list(draws_of(prepared, seed)) for seed in (0, 0, 1))
    for one, same in zip(first, again, strict=True):
        assert np.array_equal(one.train, same.train) and np.array_equal(one.validation, same.validation)
    assert any(
        not np.array_equal(one.train, another.train) for one, another in zip(first, other, strict=True)
    )
    y = prepared.splits.train.y
    assert [np.bincount(y[draw.train]).tolist() for draw in first[:2]] == [[3, 3], [3, 3]]
    assert len(first[-1].train) == len(y)


def test_labels_drawn_by_group_come_from_few(prepare_with: Prepare) -> None:
    prepared = prepare_with(evaluation={"labels_per_class": [2, "all"], "draws": 2, "draw_by": "group"})
    with pytest.raises(SSLKitError, match="draw_by is 'group', but these data have no groups"):
        require_labels(prepared)
    for part in ("train", "validation", "test"):
        groups = np.arange(len(getattr(prepared.splits, part))) // 4
        prepared = with_part(prepared, part, groups=groups)
    require_labels(prepared)
    assert all(groups is not None for groups in drawn_groups(prepared))
    for draw in draws_of(prepared, 0):
        given = label_task(prepared, lambda: prepared.backbone(0), 0, draw)
        for part in (given.train, given.validation):
            assert part.groups is not None
            assert len(np.unique(part.groups)) == 1 or draw.budget == "all"


def test_without_labels_nothing_can_be_compared(prepared: Prepared) -> None:
    unlabelled = with_part(prepared, "train", y=np.full(len(prepared.splits.train), -1))
    with pytest.raises(SSLKitError, match=r"^tiny: .* to train without: sslkit pretrain"):
        require_labels(unlabelled)
    require_labels(prepared)


def test_training_with_labels_gets_the_same_views_of_a_draw_and_others_of_another(prepared: Prepared) -> None:
    raw = prepared.splits.train.x[np.arange(4)]
    first, second = list(draws_of(prepared, 0))[:2]
    views = [
        label_task(prepared, lambda: prepared.backbone(0), 0, draw).views() for draw in (first, first, second)
    ]
    one, same, other = (view(raw, 3) for view in views)
    assert torch.equal(one, same) and not torch.equal(one, other)
    assert not torch.equal(one, views[0](raw, 4))


def test_an_encoder_keeps_its_bits(prepared: Prepared) -> None:
    encoder = encoder_of(prepared)
    before = module_hash(encoder)
    found = evaluate_encoder(prepared, encoder, 0)
    assert module_hash(encoder) == before
    assert found.test_features.shape == (24, encoder.out_dim)
    assert found.geometry == {
        row["metric"]: row["value"] for row in found.rows if row["evaluator"] == "geometry"
    }
    np.testing.assert_allclose(found.geometry["feature_std"], geometry(found.test_features)["feature_std"])
    assert found.alarms == []


def test_a_collapsed_encoder_is_told_with_advice(prepared: Prepared) -> None:
    found = evaluate_encoder(prepared, constant(prepared), 0, "Try something else.")
    assert found.geometry["feature_std"] == pytest.approx(0, abs=1e-5)
    assert found.geometry["alignment"] == pytest.approx(
        0, abs=1e-6
    )  # two views of a sample are the same, too
    (alarm,) = found.alarms
    assert "collapsed completely" in alarm and alarm.endswith("Try something else.")


class Meddling(WeightedKNN):
    """Trains the encoder a little while it judges it."""

    encoder: Any = None

    def predict(self, train: Any, validation: Any, test: np.ndarray, n_classes: int) -> np.ndarray:
        next(self.encoder.parameters()).data.mul_(1.001)
        return super().predict(train, validation, test, n_classes)


def test_an_evaluator_that_changes_the_encoder_is_named(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, evaluator = encoder_of(prepared), Meddling()
    evaluator.encoder = encoder
    monkeypatch.setattr(Prepared, "evaluators", lambda self: {"meddler": evaluator})
    with pytest.raises(SSLKitError, match=r"^the evaluator 'meddler' changed the encoder"):
        evaluate_encoder(prepared, encoder, 0)


def test_a_buffer_that_changes_by_use_is_found(prepared: Prepared) -> None:
    class Counting(Constant):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", torch.zeros(()))

        def forward(self, x: Tensor) -> Tensor:
            self.calls += 1
            return super().forward(x)

    encoder = encoder_of(prepared)
    encoder.backbone = Counting()
    with pytest.raises(SSLKitError, match=r"^taking features changed the encoder"):
        evaluate_encoder(prepared, encoder, 0)


def test_alignment_is_of_two_views_of_validation_samples(prepared: Prepared) -> None:
    """By hand, with the views that the seed draws."""
    encoder = encoder_of(prepared)
    test = np.random.default_rng(0).normal(size=(30, 7)).astype(np.float32)
    found = encoder_geometry(prepared, encoder, test, 0)
    assert found | {"alignment": 0.0} == geometry(test) | {"alignment": 0.0}
    assert 0 < found["alignment"] < 4
    assert found == encoder_geometry(prepared, encoder, test, 0)
    assert found["alignment"] != encoder_geometry(prepared, encoder, test, 1)["alignment"]


def test_the_judge_of_training(prepared: Prepared) -> None:
    """Its figures; the mode of training is the same afterwards; without labels there is no accuracy."""
    encoder = encoder_of(prepared)
    encoder.backbone.train()
    figures = make_judge(prepared, encoder, 0)()
    assert figures.keys() == {"feature_std", "effective_rank", "uniformity", "alignment", "knn_accuracy"}
    assert 0 <= figures["knn_accuracy"] <= 1
    assert encoder.backbone.training
    bare = with_part(prepared, "train", y=np.full(len(prepared.splits.train), -1))
    assert make_judge(bare, encoder, 0)().keys() == figures.keys() - {"knn_accuracy"}


def test_the_judges_neighbours_have_the_known_classes(prepared: Prepared) -> None:
    """Features that are the class give accuracy 1: the raw samples of the two classes differ in frequency."""

    class Frequency(Constant):
        def forward(self, x: Tensor) -> Tensor:
            spectrum = torch.fft.rfft(x).abs().mean(1)
            return torch.stack([spectrum[:, 2], spectrum[:, 5]], 1) * self.weight

    encoder = encoder_of(prepared)
    encoder.backbone = Frequency()
    assert make_judge(prepared, encoder, 0)()["knn_accuracy"] == 1.0


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
