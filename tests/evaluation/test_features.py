"""Taking frozen features, the hash that proves it, and the table of figures."""

import numpy as np
import pytest
import torch
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.evaluation.features import evaluate_features, extract, module_hash
from sslkit.evaluation.knn import WeightedKNN
from sslkit.types import Evaluator, Labelled, Part


class InMemory:
    def __init__(self, x: torch.Tensor) -> None:
        self.x = x

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, indices: np.ndarray) -> torch.Tensor:
        assert isinstance(indices, np.ndarray)
        return self.x[torch.from_numpy(indices)]


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(6)
        self.drop = nn.Dropout()
        self.linear = nn.Linear(6, 3)

    def forward(self, raw: torch.Tensor) -> torch.Tensor:
        assert not torch.is_grad_enabled()
        return self.linear(self.drop(self.norm(raw.float())))


def part(n: int = 23) -> Part:
    raw = torch.randint(0, 255, (n, 6), dtype=torch.uint8)
    return Part(InMemory(raw), np.zeros(n, np.int64))


@pytest.mark.parametrize("batch_size", [1, 5, 23, 100])
def test_extract_runs_in_eval_mode_and_leaves_everything_as_it_was(batch_size: int) -> None:
    encoder, samples = Encoder().train(), part()
    encoder.drop.eval()
    before = module_hash(encoder)
    features = extract(encoder, samples, batch_size, "cpu")
    expected = encoder.linear(samples.x.x.float() / np.sqrt(1 + 1e-5))
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, expected.detach().numpy(), rtol=1e-4, atol=1e-3)
    assert module_hash(encoder) == before
    assert [m.training for m in encoder.modules()] == [True, True, False, True]


def test_extract_restores_modes_after_an_error() -> None:
    encoder = nn.Sequential(nn.Linear(5, 2)).train()
    with pytest.raises(RuntimeError):
        extract(encoder, part(), 8, "cpu")
    assert encoder.training
    assert torch.is_grad_enabled()


def test_extract_on_bad_input() -> None:
    with pytest.raises(SSLKitError, match="empty"):
        extract(Encoder(), part(0), 8, "cpu")
    broken = Encoder()
    broken.linear.bias.data[0] = torch.nan
    with pytest.raises(SSLKitError, match="diverged"):
        extract(broken, part(), 8, "cpu")
    with pytest.raises(SSLKitError, match="expected"):
        extract(nn.Unflatten(1, (2, 3)), part(), 8, "cpu")


def test_hash_sees_parameters_buffers_and_names() -> None:
    encoder = Encoder()
    before = module_hash(encoder)
    encoder.norm.running_mean[0] += 1e-7
    assert module_hash(encoder) != before
    encoder.norm.running_mean[0] = 0
    assert module_hash(encoder) == before
    encoder.linear.weight.data[0, 0] += 1
    assert module_hash(encoder) != before
    assert module_hash(Encoder().bfloat16()) != module_hash(Encoder())  # any type can be hashed
    assert len(before) == 64


class Recorder(Evaluator):
    """Remembers what it was given, and answers with the right scores for class 0 only."""

    def __init__(self) -> None:
        self.calls: list[tuple[Labelled, Labelled, np.ndarray, int]] = []

    def predict(self, train: Labelled, validation: Labelled, test: np.ndarray, n_classes: int) -> np.ndarray:
        self.calls.append((train, validation, test, n_classes))
        return np.eye(n_classes)[np.zeros(len(test), int)]


def labelled(n: int, seed: int) -> Labelled:
    random = np.random.default_rng(seed)
    labels = np.concatenate([[0, 1, 2], random.choice([-1, 0, 1, 2], n - 3)])
    return Labelled(random.normal(size=(n, 4)).astype(np.float32), labels)


def test_rows_have_every_budget_draw_and_metric_once() -> None:
    parts = [labelled(60, seed) for seed in range(3)]
    rows = evaluate_features(
        *parts, {"knn": WeightedKNN(), "own": Recorder()}, [2, 5, "all"], draws=3, seed=0
    )
    found = {(r["evaluator"], r["labels_per_class"], r["draw"], r["metric"]) for r in rows}
    draws = [(2, 0), (2, 1), (2, 2), (5, 0), (5, 1), (5, 2), ("all", 0)]
    metrics = ("accuracy", "balanced_accuracy")
    assert found == {(e, *d, m) for e in ("knn", "own") for d in draws for m in metrics}
    assert len(rows) == len(found)


def test_unlabelled_are_dropped_budgets_kept_and_test_labels_never_given() -> None:
    train, validation, test = (labelled(60, seed) for seed in range(3))
    recorder = Recorder()
    rows = evaluate_features(train, validation, test, {"own": recorder}, [2, "all"], draws=2, seed=0)
    known = test.labels >= 0
    assert rows[0]["value"] == pytest.approx((test.labels[known] == 0).mean())
    assert rows[1]["value"] == pytest.approx(1 / 3)
    for (fit, choose, asked, n_classes), budget in zip(recorder.calls, [2, 2, None], strict=True):
        for given, source in ((fit, train), (choose, validation)):
            counts = np.bincount(given.labels)
            assert given.labels.min() >= 0
            assert (counts == (budget or np.bincount(source.labels[source.labels >= 0]))).all()
            rows_of_source = {tuple(f): y for f, y in zip(source.features, source.labels, strict=True)}
            assert all(
                rows_of_source[tuple(f)] == y for f, y in zip(given.features, given.labels, strict=True)
            )
        np.testing.assert_array_equal(asked, test.features[known])
        assert n_classes == 3


def test_two_methods_get_the_same_samples() -> None:
    parts = [labelled(60, seed) for seed in range(3)]
    first, second = Recorder(), Recorder()
    other = [Labelled(-p.features, p.labels) for p in parts]
    evaluate_features(*parts, {"own": first}, [5], draws=2, seed=3)
    evaluate_features(*other, {"own": second}, [5], draws=2, seed=3)
    for one, two in zip(first.calls, second.calls, strict=True):
        np.testing.assert_array_equal(one[0].features, -two[0].features)
        np.testing.assert_array_equal(one[1].features, -two[1].features)


def test_test_class_without_training_label_is_an_error() -> None:
    train, validation, test = (labelled(60, seed) for seed in range(3))
    train = Labelled(train.features, np.where(train.labels == 1, -1, train.labels))
    with pytest.raises(SSLKitError, match="training part has no labelled sample of class 1"):
        evaluate_features(train, validation, test, {"own": Recorder()}, ["all"], draws=1, seed=0)
    validation = Labelled(validation.features, np.full(60, -1))
    with pytest.raises(SSLKitError, match="validation part has no labels"):
        evaluate_features(labelled(60, 0), validation, test, {"own": Recorder()}, ["all"], draws=1, seed=0)


def test_samples_that_are_no_numbers_are_not_called_a_diverged_encoder() -> None:
    x = torch.zeros(5, 2, 3)
    x[3] = torch.nan
    part = Part(x, np.zeros(5, np.int64))
    with pytest.raises(
        SSLKitError, match=r"of 1 of 5 samples .* the samples hold such values themselves .*number 3"
    ):
        extract(torch.nn.Flatten(), part, 2, "cpu")
