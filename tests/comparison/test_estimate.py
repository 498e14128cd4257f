"""What would run, said without running it: numbers of known answer, and not a file or a state left behind."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from rich.console import Console

from sslkit.assembly import Prepared, prepare
from sslkit.comparison import estimate as module
from sslkit.comparison.estimate import Estimate, estimate, print_estimates
from sslkit.config import Study, parse_study
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from tests.conftest import tiny, write_signals

REGISTRY = load_registry()[0]


def study_of(folder: Path, **changes: Any) -> Study:
    data = write_signals(folder / "signals.npz", train=60, test=24)
    content = tiny(data, name="tiny", **{"seeds": [0, 1], "evaluators": ["linear"], **changes})
    return parse_study(content, [], REGISTRY)


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return prepare(study_of(tmp_path).experiments[0], REGISTRY)


def said(study: Study) -> str:
    console = Console(file=io.StringIO(), width=200)
    threads = torch.get_num_threads()
    try:
        print_estimates(study, REGISTRY, console)
    finally:
        torch.set_num_threads(threads)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_time_is_the_middle_step_times_all_steps(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of 2, 7 and 3 seconds on a clock of ours: 3 seconds each of 8."""
    moments = iter(np.cumsum([100, 2, 7, 3]))
    monkeypatch.setattr(module._Clock, "on_step", lambda self, *_: self.moments.append(next(moments)))
    spec = prepared.experiment.objectives[0]
    found = estimate(prepared, spec)
    assert found.seconds == pytest.approx(3 * 8)
    expected = sum(p.numel() for p in prepared.objective(spec, 0).parameters() if p.requires_grad)
    assert found.parameters == expected
    assert found.parameters < sum(
        p.numel() for p in prepared.objective(spec, 0).parameters()
    )  # not BYOL's target
    assert found.memory_mb > 50


def test_nothing_is_written_and_nothing_of_a_run_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = study_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*")}
    said(study)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*")} == before


def test_the_copy_is_thrown_away(prepared: Prepared) -> None:
    before = [parameter.clone() for parameter in prepared.backbone(0).parameters()]
    estimate(prepared, prepared.experiment.objectives[0])
    after = prepared.backbone(0).parameters()
    assert all(one.equal(other) for one, other in zip(before, after, strict=True))


def test_data_that_cannot_be_read_end_it(tmp_path: Path) -> None:
    content = tiny(tmp_path / "none.npz", name="tiny")
    with pytest.raises(SSLKitError, match=r"none\.npz"):
        said(parse_study(content, [], REGISTRY))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every objective takes 120 seconds a seed, on two workers."""
    monkeypatch.setattr(module, "estimate", lambda prepared, spec: Estimate(12_345, 120.0, 678.0))
    monkeypatch.setattr("sslkit.running.pools.local.cores", lambda: 2)


def test_a_good_config(tmp_path: Path, known: None) -> None:
    words = said(study_of(tmp_path, workers=2))
    assert "52 train, 8 validation, 24 test (by class)" in words
    assert "resnet1d → 32 features" in words
    assert "12,345 trainable parameters, about 2 min a seed, 678 MB" in words
    assert "8 steps of 16 samples, seeds [0, 1]" in words
    # 5 methods under 2 seeds; 2 objectives · 2 seeds · 120 s on 2 workers
    assert "the config is good. 10 runs on 2 processes of 1 threads; pre-training about 4 min in all" in words


def test_runs_that_members_share_count_once(tmp_path: Path, known: None) -> None:
    grid = {"objectives.byol.tau": [0.5, 0.9]}
    words = said(study_of(tmp_path, grid=grid, workers=2))
    # BYOL twice, SimCLR and the baselines once: 2 · (2 + 1 + 3)
    assert "12 runs on 2 processes" in words and "about 6 min in all" in words


def test_tuning_costs_its_trials(tmp_path: Path, known: None) -> None:
    tuning = {"trials": 4, "ranges": {"byol": {"objectives.byol.tau": [0.9, 0.99]}}}
    words = said(study_of(tmp_path, tuning=tuning, workers=2))
    assert "before that, 4 trials each of byol, on validation" in words
    assert "tuning: pre-training about 4 min." in words  # 4 · 120 s on 2 workers


def test_data_without_labels_are_good_for_pretraining_alone(tmp_path: Path, known: None) -> None:
    with np.load(write_signals(tmp_path / "signals.npz")) as data:
        np.savez(tmp_path / "bare.npz", X_train=data["X_train"], X_test=data["X_test"])
    content = yaml.safe_load(yaml.safe_dump(tiny(tmp_path / "bare.npz", name="bare")))
    words = said(parse_study(content, [], REGISTRY))
    assert (
        "good for pretrain alone; compare refuses it: bare: " in words and "the config is good" not in words
    )


def test_warnings_name_their_member(tmp_path: Path, known: None) -> None:
    words = said(study_of(tmp_path, optimizer={"name": "adamw", "learning_rate": 3.0}))
    assert "warning tiny: byol: the learning rate 3 is unusual for adamw" in words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (89, "89 s"), (91, "2 min"), (5399, "90 min"), (5400, "1.5 h")]
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert module._duration(seconds) == words


def test_what_was_read_is_said_where_the_config_does_not_fit_the_data(tmp_path: Path) -> None:
    path = tmp_path / "windows.npz"
    sound = np.random.default_rng(0).normal(size=(60, 96)).astype(np.float32) / 10
    np.savez(path, X_train=sound, y_train=np.arange(60) % 3, rate_hz=16_000)
    study = parse_study(tiny(path, name="tiny"), [], REGISTRY)
    console = Console(file=io.StringIO(), width=400)
    with pytest.raises(SSLKitError):
        print_estimates(study, REGISTRY, console)
    assert isinstance(console.file, io.StringIO)
    words = console.file.getvalue()
    assert "set modality: sensor" in words and "3 (training / validation / test)" in words
