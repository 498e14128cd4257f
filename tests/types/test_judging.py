"""What judges an encoder, and the bars beside it."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.plugins import load_registry
from sslkit.types import Baseline, ComponentSpec, Evaluator, Labelled, NetworkEvaluator

REGISTRY, _ = load_registry()
BUILT_IN = {
    "evaluator": [entry.name for entry in REGISTRY.entries("evaluator") if entry.source == "sslkit"],
    "baseline": [entry.name for entry in REGISTRY.entries("baseline") if entry.source == "sslkit"],
}


def separable(count: int, seed: int) -> Labelled:
    """Three classes that lie far from each other."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    features = 10 * np.eye(3, 5)[labels] + random.normal(size=(count, 5))
    return Labelled(features.astype(np.float32), labels)


@pytest.mark.parametrize("name", BUILT_IN["evaluator"])
def test_every_evaluator_of_features_keeps_to_the_kind(name):
    """A score for each test sample and class; of classes that lie apart it finds the right ones."""
    evaluator = REGISTRY.build(ComponentSpec("evaluator", name))
    if isinstance(evaluator, NetworkEvaluator):
        assert not isinstance(evaluator, Evaluator), "it would be given features too"
        return
    test = separable(30, 2)
    scores = evaluator.predict(separable(60, 0), separable(30, 1), test.features, 3)
    assert scores.shape == (30, 3) and np.isfinite(scores).all()
    assert np.array_equal(scores.argmax(1), test.labels)


def test_all_kinds_can_be_named_by_the_user():
    for kind in (Evaluator, NetworkEvaluator, Baseline):
        assert kind.common == {"label": str} and kind.label == ""
    assert Evaluator.kind == NetworkEvaluator.kind == "evaluator"


def test_a_baseline_is_run_at_every_point_of_a_grid_unless_it_says_what_it_reads():
    assert Baseline.reads is None
    Baseline().check(None)


def test_what_a_kind_must_write_itself_says_so():
    known = separable(6, 0)
    with pytest.raises(NotImplementedError):
        Evaluator().predict(known, known, known.features, 3)
    with pytest.raises(NotImplementedError):
        NetworkEvaluator().predict(None)  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError):
        Baseline().run(None, 0, print)
