"""The random baseline is the very network that the objectives start from, judged before any step."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.assembly import Prepared
from sslkit.baselines.random_init import RandomInit
from sslkit.evaluation.features import evaluate_features
from sslkit.types import Labelled


def rows_of(prepared: Prepared, seed: int) -> list[dict]:
    return list(RandomInit().run(prepared, seed, lambda *_: None))


def judged(rows: list[dict]) -> list[dict]:
    """Without the figures of geometry, which are of no evaluator."""
    return [row for row in rows if row["evaluator"] != "geometry"]


@pytest.mark.parametrize("objective", [0, 1])
def test_figures_are_those_of_an_objectives_untrained_backbone(prepared: Prepared, objective: int) -> None:
    """Extracted here, sample by sample, from the trainer's own network."""
    trainer = prepared.trainer(prepared.experiment.objectives[objective], 1)
    backbone, spec = trainer.objective.backbone.eval(), prepared.dataset.spec
    labelled = {}
    for name in ("train", "validation", "test"):
        part = getattr(prepared.splits, name)
        with torch.no_grad():
            features = [
                backbone(prepared.frontend(spec.decode(part.x[np.array([i])]))) for i in range(len(part))
            ]
        labelled[name] = Labelled(torch.cat(features).numpy(), part.y)
    expected = evaluate_features(
        **labelled, evaluators=prepared.evaluators(), budgets=[3, "all"], draws=2, seed=1
    )
    found = judged(rows_of(prepared, 1))
    assert [{**row, "value": None} for row in found] == [{**row, "value": None} for row in expected]
    for one, other in zip(found, expected, strict=True):  # a sample at a time rounds differently
        assert one["value"] == pytest.approx(other["value"], abs=1.5 / len(prepared.splits.test))


def test_a_seed_is_a_network(prepared: Prepared) -> None:
    assert rows_of(prepared, 0) == rows_of(prepared, 0)
    assert rows_of(prepared, 0) != rows_of(prepared, 1)


def test_geometry_is_measured_as_of_an_encoder(prepared: Prepared) -> None:
    figures = {row["metric"]: row["value"] for row in rows_of(prepared, 0) if row["evaluator"] == "geometry"}
    assert {"feature_std", "effective_rank", "uniformity", "alignment"} <= figures.keys()
    assert figures["effective_rank"] > 1 and figures["feature_std"] > 0


def test_it_tells_what_it_does(prepared: Prepared) -> None:
    said: list[tuple[int, int, str]] = []
    RandomInit().run(prepared, 0, lambda *words: said.append(words))
    assert said == [(0, 1, "evaluating")]


def test_the_front_end_stays_as_it_was(prepared: Prepared) -> None:
    before = {name: value.clone() for name, value in prepared.frontend.state_dict().items()}
    rows_of(prepared, 0)
    assert all(torch.equal(value, before[name]) for name, value in prepared.frontend.state_dict().items())
