"""Configs that are none, or do not fit the data."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.cli import run
from tests.bad_input.inputs import config_of

CONFIGS = {
    "brace": ("{", "line 1, column 2: not valid YAML"),
    "tab": ("a:\n\t- b", "line 2, column 1: not valid YAML"),
    "text": ("just text", "expected a mapping"),
    "empty": ("", "found nothing"),
    "nul": (b"data: \x00", "not valid YAML"),
    "utf-16": ("data: x".encode("utf-16"), "cannot be read as a text file"),
    "binary": (bytes(range(256)), "cannot be read as a text file"),
    "code": ("data: !!python/object:os.system x", "not valid YAML"),
    "two documents": ("data: watch\n---\ndata: watch", "not valid YAML"),
    "twice": ("data: a\ndata: b", "'data' stands twice"),
    "recursive": ("data: &a [*a]", "an alias stands inside of what it names"),
    "deep": ("data: " + "[" * 5000 + "]" * 5000, "nested too deeply"),
    "deep but read": ("data: " + "{a: " * 120 + "1" + "}" * 120, "data: expected a name"),
    "huge number": (f"data: watch\nseeds: [{'9' * 6000}]", "not valid YAML"),
    "unknown name": ("data: wach", "Did you mean 'watch'?"),
    "unknown key": ("data: watch\nbugdet: 3", "Did you mean 'budget'?"),
    "unknown setting": ("data: {name: watch, hob: 3}", "data.hob: data 'watch' has no such setting"),
    "wrong type": ("data: watch\ntraining: {batch_size: '8'}", "training.batch_size: input should be a valid"),
    "inf": ("data: watch\nbudget: {epochs: .inf}", "budget.epochs: expected a plain, finite value"),
    "nan": ("data: watch\noptimizer: {learning_rate: .nan}", "optimizer.learning_rate: expected a plain"),
    "huge epochs": ("data: watch\nbudget: {epochs: 1e308}", "budget.epochs: input should be less than"),
    "huge threads": ("data: watch\ntraining: {threads: 100000000000}", "training.threads: input should be"),
    "zero labels": (
        "data: watch\nevaluation: {labels_per_class: [0]}",
        "evaluation.labels_per_class[0]: input should be greater",
    ),
    "budget twice": ("data: watch\nevaluation: {labels_per_class: [all, all]}", "names one budget twice"),
    "evaluator twice": ("data: watch\nevaluators: [knn, knn]", "names one evaluator twice"),
    "name of no folder": ('data: watch\nname: "a\\0b"', "cannot be a folder's name"),
    "long name": (f"data: watch\nname: {'x' * 300}", "cannot be a folder's name"),
    "surrogate": ('suite: {"\\ud800": {data: watch}}', "cannot be a folder's name"),
    "label of no folder": ('data: watch\nobjectives: [{name: byol, label: "a\\n"}]', "cannot be a folder's name"),
    "misplaced": ("suite: {a: {data: watch, workers: 2}}", "suite.a.workers: belongs to the whole file"),
    "lost member": ("suite: {a: nothing.yaml}", "there is no such config file"),
    "lost base": ("extends: nothing.yaml", "there is no such config file"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), CONFIGS.values(), ids=CONFIGS)
@pytest.mark.parametrize("command", ["check", "compare", "pretrain"])
def test_configs(refused, tmp_path, command, content, words):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    message = refused(command, path)
    assert words in message
    assert str(tmp_path) in message
    assert not (tmp_path / "runs").exists()


def test_ten_thousand_problems_are_counted_and_some_shown(refused, tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text("data: watch\n" + "".join(f"k{i}: 1\n" for i in range(10_000)))
    message = refused("check", path)
    assert "10000 problems" in message
    assert "and 9980 more" in message
    assert "letters are cut out here" in message and len(message) < 2100


def test_files_that_are_no_configs(refused, tmp_path):
    assert "there is no such config file" in refused("compare", tmp_path / "none.yaml")
    assert "cannot be read" in refused("compare", tmp_path)
    (tmp_path / "file").touch()
    assert "cannot be read" in refused("check", tmp_path / "file" / "below.yaml")


FITTING = {
    "training.batch_size=97": "training.batch_size: is 97, but the training part has 82 samples. Use at most 82.",
    "training.device=gpu": "'gpu' cannot be used",
    "training.device=meta": "'meta' cannot be used",
    "objectives.0.tau=7": "objectives[0].tau: input should be less than or equal to 1",
    "objectives.0.projector.hidden_dim=100000000000": "objectives.byol: cannot be used with these data",
    "objectives.0.predictor={name: byol-mlp, out_dim: 3}": "give both the same out_dim",
    "backbone=resnet18": "backbone: 'resnet18' takes samples of 3 axes",
    "frontend=log-mel": "log-mel takes clips",
    "views=byol-a": "views: recipe 'byol-a' is for audio, the data is sensor",
    "views=[color-jitter]": "views: augmentation 'color-jitter' is for image",
    "views=[{name: rotation, groups: [[0, 1, 7]]}]": "views: rotation: there is no channel 7",
    "views=[{name: time-warp, knots: 1000}]": "views: time-warp needs windows of at least",
    "views=[{name: jitter, sigma: 1e300}]": "views: cannot be used with these data",
    "views=[{name: one-of, augmentations: [gain, jitter]}]": "views: one-of: some augmentations work on raw",
    "views={view_1: [], view_2: [], view_3: []}": "views: 3 pipelines for 2 views",
    "views=[{name: jitter, sigma: -0.1}]": "sigma: input should be greater than or equal to 0",
    "views=[{name: rotation, groups: [[acc_x, acc_y, acc_q]]}]": "the data have no channel 'acc_x'",
    "views=[{name: on-channels, groups: [[0, 9]], augmentations: [jitter]}]": "there is no channel 9",
    "views=[{name: time-mask, length: 99}]": "views",
    "views={strength: -1}": "views.strength: input should be greater than or equal to 0",
    "views={change: {jitterr: {sigma: 0.1}}}": "the recipe has no such augmentation. Did you mean 'jitter'?",
    "views={strength: 2, pipe: []}": "views: expected a recipe's name, a list of augmentations",
    "evaluators=[{name: linear, c: []}]": "evaluators: linear: 'c' is empty",
    "data.path=/nowhere/x.npz": "/nowhere/x.npz: there is no such file or folder",
    "data.labels=y4": "has no array 'y4_train'. Did you mean 'y_train'?",
    "data.modality=audio": "audio is N×T",
    "a.b": "an override is written a.b=c",
}


@pytest.mark.parametrize("change", FITTING)
@pytest.mark.parametrize("command", ["check", "compare"])
def test_settings_that_do_not_fit_the_data(refused, finished, tmp_path, monkeypatch, command, change):
    monkeypatch.chdir(tmp_path)
    message = refused(command, finished / "tiny.yaml", change)
    assert FITTING[change] in message
    assert len(message.splitlines()) <= 2
    assert not list(tmp_path.iterdir())


def test_recipes_and_augmentations_refuse_channels(refused, tmp_path):
    x = np.random.default_rng(0).integers(0, 255, (60, 8, 8, 13), dtype=np.uint8)
    np.savez(tmp_path / "images.npz", X_train=x, y_train=np.arange(60) % 2)
    for views, words in {"grayscale": "13", "rotation": "is for sensor"}.items():
        config = config_of(tmp_path, tmp_path / "images.npz", views=[views], backbone=None)
        for command in ("check", "compare"):
            message = refused(command, config)
            assert "  views: " in message
            assert words in message


def test_name_and_workers_may_be_overridden(finished, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (
        run(["compare", str(finished / "tiny.yaml"), "name=other", "workers=1", "objectives=[simclr]"]) == 0
    )
    assert (tmp_path / "runs" / "other" / "report.html").exists()
