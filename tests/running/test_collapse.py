"""Advice is about the run's own settings: optimiser, batch, length, target and heads."""

from __future__ import annotations

from typing import Any

import pytest
from torch import nn

from sslkit.assembly import Prepared
from sslkit.running.collapse import collapse_advice
from tests.running.conftest import Prepare

NORMED = {"name": "byol-mlp", "hidden_dim": 16, "out_dim": 8}
PLAIN = {"name": "simclr-mlp", "hidden_dim": 16, "out_dim": 8}


def advice_for(prepared: Prepared) -> str:
    spec = prepared.experiment.objectives[0]
    return collapse_advice(prepared, spec, prepared.objective(spec, 0))


def byol(**settings: Any) -> list[dict[str, Any]]:
    return [{"name": "byol", "projector": NORMED, "predictor": NORMED, **settings}]


@pytest.mark.parametrize(
    ("changes", "said", "not_said"),
    [
        ({"objectives": byol(tau=0.999)}, "an average over some 1000 steps of a run of 4", ""),
        ({"objectives": [{"name": "simclr", "projector": PLAIN}]}, "Try a third", "tau"),
        ({"objectives": byol(), "optimizer": {"name": "sgd", "learning_rate": 300.0}},
         "The learning rate 18.8 is above what sgd takes", ""),  # 300 · 16 / 256
        ({"objectives": byol(), "overrides": {"byol": {"optimizer": {"name": "sgd", "learning_rate": 300.0}}}},
         "The learning rate 18.8 is above what sgd takes", ""),
        ({"objectives": byol()}, "16 samples give poor batch statistics", "no BatchNorm"),
        ({"objectives": byol(), "training": {"batch_size": 40, "device": "cpu"}}, "Try a third", "batch statistics"),
    ],
)  # fmt: skip
def test_advice(prepare_with: Prepare, changes: dict[str, Any], said: str, not_said: str) -> None:
    found = advice_for(prepare_with(**changes))
    assert said in found
    assert not not_said or not_said not in found


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"backbone": nn.BatchNorm1d(2), "head": nn.Linear(2, 2)}, True),
        ({"backbone": nn.Linear(2, 2), "head": nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))}, False),
        ({"backbone": nn.Linear(2, 2), "target_backbone": nn.Linear(2, 2)}, False),  # no heads at all
    ],
)
def test_heads_without_batch_statistics(prepared: Prepared, parts: dict[str, nn.Module], said: bool) -> None:
    """A backbone's own normalisation does not count."""
    found: Any = nn.ModuleDict(parts)
    advice = collapse_advice(prepared, prepared.experiment.objectives[0], found)
    assert ("The heads have no BatchNorm" in advice) == said
