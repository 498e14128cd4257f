"""Leaks and meddling, found in the middle of the main job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sslkit.cli import run
from tests.conftest import tiny, write_signals

ONE = {
    "objectives": [{"name": "simclr", "projector": {"name": "simclr-mlp", "hidden_dim": 16, "out_dim": 8}}]
}
QUICK = {**ONE, "baselines": ["random"], "seeds": [0], "evaluators": ["linear"], "budget": {"steps": 2}}
PLUGIN = """
import gc
import torch
from sslkit import hookimpl
from sslkit.backbones.resnet1d import ResNet1d
from sslkit.deploy.encoder import Encoder
from sslkit.evaluation.knn import WeightedKNN
from sslkit.frontends.standardise import Standardise


class Tuning(WeightedKNN):
    '''Fits the encoder a little while it judges.'''

    def predict(self, train, validation, test, n_classes):
        for encoder in gc.get_objects():
            if isinstance(encoder, Encoder):
                next(encoder.backbone.parameters()).data.mul_(1.001)
        return super().predict(train, validation, test, n_classes)


class Peeking(Standardise):
    '''Takes its statistics from the test part.'''

    def fit(self, batches):
        prepared = batches.gi_frame.f_locals["self"]
        test = prepared.splits.test
        super().fit(iter([prepared.dataset.spec.decode(test.x[torch.arange(len(test)).numpy()])]))


class Batchwise(Standardise):
    '''Standardises every batch by itself.'''

    def forward(self, x):
        return (x - x.mean((0, 2), keepdim=True)) / x.std((0, 2), keepdim=True)


class Counting(ResNet1d):
    '''Changes a buffer whenever it is used.'''

    def forward(self, x):
        self._buffers.setdefault("calls", torch.zeros(()))
        self.calls += 1
        return super().forward(x)


@hookimpl
def sslkit_register(registry):
    registry.add("tuning", Tuning)
    registry.add("peeking", Peeking)
    registry.add("batchwise", Batchwise)
    registry.add("counting", Counting)
"""


def compare(folder: Path, data: Path, *more: str, **changes: Any) -> int:
    (folder / "meddling.py").write_text(PLUGIN)
    (folder / "c.yaml").write_text(yaml.safe_dump(tiny(data, **{**QUICK, **changes})))
    plugin = ["--plugin-path", str(folder / "meddling.py")]
    return run(["compare", str(folder / "c.yaml"), *more, "--out", str(folder / "out"), *plugin])


def changed(path: Path, signals: Path, **arrays: Any) -> Path:
    with np.load(signals) as data:
        np.savez(path, **{**data, **arrays})
    return path


def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "out" / "manifest.json").read_text())["members"]["arrays"]


def test_a_leaky_split_is_refused(tmp_path, signals, capsys):
    groups = {
        "groups_train": np.arange(96) % 8,
        "groups_test": np.arange(48) % 3 + 6,
    }  # 6 and 7 on both sides
    data = changed(tmp_path / "leaky.npz", signals, **groups)
    assert compare(tmp_path, data) == 2
    error = capsys.readouterr().err
    assert "2 of 3 groups of the test part are in the training part too (group 6, group 7; 32 of 48" in error
    assert not (tmp_path / "out").exists()


def test_a_leak_that_is_let_pass_is_in_manifest_and_report(tmp_path, signals):
    groups = {"groups_train": np.arange(96) % 8, "groups_test": np.arange(48) % 3 + 6}
    data = changed(tmp_path / "leaky.npz", signals, **groups)
    assert compare(tmp_path, data, "guards.leaks=warn") == 0
    assert manifest_of(tmp_path)["guards"]["findings"][0]["guard"] == "groups"
    assert any(
        "a leak that the config lets pass: 2 of 3 groups" in text
        for text in manifest_of(tmp_path)["warnings"]
    )
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Leaks between the parts" in page and "2 of 3 groups of the test part" in page
    assert "2 of 3 groups of the test part" in (tmp_path / "out" / "data_card.md").read_text()


def test_planted_duplicates_are_found(tmp_path, signals):
    with np.load(signals) as data:
        x = data["X_test"].copy()
        x[[5, 17]] = data["X_train"][[40, 41]]
    assert compare(tmp_path, changed(tmp_path / "copies.npz", signals, X_test=x)) == 0
    (finding,) = manifest_of(tmp_path)["guards"]["findings"]
    assert finding["guard"] == "copies"
    pairs = [(part, row, source) for part, row, _, source in finding["examples"]]
    assert pairs == [("test", 5, 40), ("test", 17, 41)]


def test_too_many_duplicates_stop(tmp_path, signals, capsys):
    with np.load(signals) as data:
        x = data["X_test"].copy()
        x[:6] = data["X_train"][:6]
    assert compare(tmp_path, changed(tmp_path / "copies.npz", signals, X_test=x)) == 2
    assert "6 of 48 test samples (12.50%) are exact copies" in capsys.readouterr().err


def test_overlapping_windows_without_groups_stop(tmp_path, capsys):
    signal = np.random.default_rng(0).normal(size=(2, 32 * 201)).astype(np.float32)
    x = np.stack([signal[:, start : start + 64] for start in range(0, 32 * 200, 32)])
    np.savez(tmp_path / "cut.npz", X_train=x, y_train=np.arange(200) % 2)
    assert compare(tmp_path, tmp_path / "cut.npz") == 2
    assert "test windows overlap windows of the training or validation part" in capsys.readouterr().err
    np.savez(tmp_path / "cut.npz", X_train=x, y_train=np.arange(200) % 2, groups_train=np.arange(200) // 20)
    assert compare(tmp_path, tmp_path / "cut.npz") == 2  # stretches of one recording, cut into ten groups
    assert compare(tmp_path, write_signals(tmp_path / "clean.npz")) == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frontend": "peeking"}, "the front end has read 48 test samples"),
        ({"frontend": "batchwise"}, "the front end gives a sample another answer alone than in a batch"),
    ],
)
def test_statistics_of_the_test_part_stop_before_training(tmp_path, signals, capsys, changes, said):
    assert compare(tmp_path, signals, **changes) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_evaluator_that_touches_the_backbone_is_stopped(tmp_path, signals, capsys):
    assert compare(tmp_path, signals, evaluators=["linear", "tuning"]) == 2
    assert "the evaluator 'tuning' changed the encoder" in capsys.readouterr().err
    assert not list((tmp_path / "out").rglob("result.json"))


def test_a_backbone_that_changes_by_being_judged_is_stopped(tmp_path, signals, capsys):
    assert compare(tmp_path, signals, backbone={"name": "counting", "width": 4}) == 2
    assert "changed the encoder that should only be judged" in capsys.readouterr().err


def test_a_collapse_raises_an_alarm_with_advice(tmp_path, signals, capsys):
    optimizer = {"name": "sgd", "learning_rate": 300.0}
    heads = {"hidden_dim": 16, "out_dim": 8}
    byol = {"name": "byol", "tau": 0.999} | {
        part: {"name": "byol-mlp", **heads} for part in ("projector", "predictor")
    }
    changes = {"objectives": [byol], "optimizer": optimizer, "budget": {"steps": 12}, "baselines": []}
    compare(tmp_path, signals, **changes)
    shown = capsys.readouterr()
    lines = [
        json.loads(text)
        for text in (tmp_path / "out/arrays/byol-seed0/metrics.jsonl").read_text().splitlines()
    ]
    assert {"feature_std", "effective_rank", "alignment", "uniformity", "knn_accuracy"} <= lines[0].keys()
    said = " ".join(line["alarm"] for line in lines if "alarm" in line)
    assert "collapsed" in said
    assert "The learning rate 18.8 is above what sgd takes (0.001 to 5)" in said
    assert "tau = 0.999 makes the target an average over some 1000 steps of a run of 12: try 0.9." in said
    assert "alarm" in shown.out
