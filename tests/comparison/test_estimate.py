"""What a config would run, said before anything is run."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from sslkit.assembly import Prepared, prepare
from sslkit.comparison.estimate import estimate, print_estimates
from sslkit.config import Study, parse_study
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from tests.conftest import tiny

REGISTRY = load_registry(())[0]


@pytest.fixture
def study(signals: Path) -> Callable[..., Study]:
    def make(**changes: Any) -> Study:
        return parse_study({"name": "tiny", **tiny(signals), **changes}, [], REGISTRY)

    return make


@pytest.fixture
def prepared(study: Callable[..., Study]) -> Prepared:
    (experiment,) = study().experiments
    return prepare(experiment, REGISTRY)


def printed(study: Study) -> str:
    text = io.StringIO()
    print_estimates(study, REGISTRY, Console(file=text, width=400))
    return text.getvalue()


def test_parameters_are_those_of_the_objective_and_time_grows_with_steps(prepared: Prepared) -> None:
    byol, simclr = prepared.experiment.objectives
    found = estimate(prepared, byol)
    objective = prepared.trainer(byol, 0).objective
    trainable = sum(p.numel() for p in objective.parameters() if p.requires_grad)
    assert found.parameters == trainable  # without BYOL's target, which follows
    assert found.parameters > estimate(prepared, simclr).parameters  # BYOL has a predictor
    assert found.seconds > 0 and found.memory_mb > 0


def test_the_copy_is_thrown_away(prepared: Prepared) -> None:
    before = [p.clone() for p in prepared.backbone(0).parameters()]
    estimate(prepared, prepared.experiment.objectives[0])
    after = prepared.backbone(0).parameters()
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_it_says_shapes_parts_budget_and_how_many_runs(study: Callable[..., Study], tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    text = printed(study())
    assert "arrays: sensor, shape (3, 33), 2 classes" in text
    assert "8 steps of 16 samples, seeds [0, 1]" in text
    assert "the config is good. 10 runs on 1 processes of 1 threads" in text  # five methods, two seeds
    assert sorted(tmp_path.rglob("*")) == before  # nothing is written


def test_points_that_change_nothing_for_a_method_are_not_run_again(study: Callable[..., Study]) -> None:
    grid = {"objectives.byol.tau": [0.9, 0.99]}
    alone = int(printed(study(baselines=[])).split(" runs on ")[0].split()[-1])
    both = int(printed(study(baselines=[], grid=grid)).split(" runs on ")[0].split()[-1])
    assert (alone, both) == (4, 6)  # two methods, two seeds; SimCLR has no tau


def test_tuning_is_said_with_its_trials(study: Callable[..., Study]) -> None:
    text = printed(study(tuning={"trials": 3, "ranges": {"byol": {"objectives.byol.tau": [0.9, 0.99]}}}))
    assert "before that, 3 trials each of byol, on validation" in text
    assert "tuning: pre-training about" in text


def test_what_compare_would_refuse_is_said(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 3, 33)).astype(np.float32)
    np.savez(tmp_path / "unlabelled.npz", X_train=x)
    config = {"name": "tiny", **tiny(tmp_path / "unlabelled.npz"), "baselines": []}
    text = printed(parse_study(config, [], REGISTRY))
    assert "good for pretrain alone; compare refuses it:" in text and "the config is good" not in text


def test_data_that_cannot_be_read_end_it(tmp_path: Path) -> None:
    config = {"name": "tiny", **tiny(tmp_path / "none.npz")}
    with pytest.raises(SSLKitError, match=r"none\.npz"):
        printed(parse_study(config, [], REGISTRY))
