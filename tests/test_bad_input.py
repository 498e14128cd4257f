"""Bad input: one clear message, exit status 2, no traceback, nothing half-written, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
import yaml
from PIL import Image

from sslkit.cli import run
from tests.conftest import tiny, write_signals

QUICK = {
    "objectives": [tiny(Path())["objectives"][0]],
    "baselines": ["random"],
    "budget": {"steps": 2},
    "seeds": [0],
    "evaluation": {"labels_per_class": ["all"]},
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with data, config and a finished comparison ``out``."""
    folder = tmp_path_factory.mktemp("finished")
    config = tiny(write_signals(folder / "signals.npz"), **QUICK)
    (folder / "tiny.yaml").write_text(yaml.safe_dump(config))
    assert run(["compare", str(folder / "tiny.yaml"), "--out", str(folder / "out")]) == 0
    return folder


@pytest.fixture
def spoilt(finished, tmp_path):
    """A copy of its results that a test may spoil."""
    return shutil.copytree(finished / "out", tmp_path / "spoilt")


@pytest.fixture
def refused(tmp_path, capsys):
    """Call the program, which must refuse; what lay in the test's folder stays as it was. Returns the message."""

    def call(*arguments: object, keeps: Path = tmp_path) -> str:
        before = contents(keeps)
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        message = capsys.readouterr().err
        assert status == 2, message
        assert message.startswith("error: ")
        assert "Traceback" not in message
        after = contents(keeps)
        assert after.items() >= before.items()
        assert not [path for path in after if path.endswith(".tmp")]
        return message

    return call


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def config_of(folder: Path, data: dict | Path, **changes) -> Path:
    """A config file of the quick comparison on other data; None leaves a key out."""
    content = tiny(Path(), **{**QUICK, **changes})
    content["data"] = data if isinstance(data, dict) else {"name": "arrays", "path": str(data)}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in content.items() if value is not None}))
    return path


def arrays_of(folder: Path, **changes) -> Path:
    """The signals with some arrays changed by functions, replaced, or (None) left out."""
    with np.load(write_signals(folder / "signals.npz")) as file:
        arrays = dict(file)
    for name, change in changes.items():
        arrays[name] = change(arrays[name].copy()) if callable(change) else change
    path = folder / "changed.npz"
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def put(index, value):
    """A function that sets some values of an array."""

    def change(array):
        array[index] = value
        return array

    return change


# Configs ---------------------------------------------------------------------------------------------------------

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
    "recursive": ("data: &a [*a]", "recursive"),
    "deep": ("data: " + "[" * 5000 + "]" * 5000, "maximum recursion depth"),
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
    assert len(message.splitlines()) == 22


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


# Data ------------------------------------------------------------------------------------------------------------

ARRAYS = {
    "nan": ({"X_train": put((3, 1, 4), np.nan)}, "first at sample 3, channel 1, time step 4"),
    "inf in test": ({"X_test": put((3, 1, 4), np.inf)}, "X_test: 1 of 4752 values are NaN, Inf"),
    "beyond float32": (
        {"X_train": lambda x: put((3, 1, 4), 1e300)(x.astype(float)), "X_test": lambda x: x.astype(float)},
        "beyond float32",
    ),
    "constant": ({"X_train": put((slice(None), 1), 2.0)}, "1 constant channel(s): 1 (always 2)"),
    "fewer labels": ({"y_train": lambda y: y[:-1]}, "X_train has 96 samples but y_train has 95 labels"),
    "fewer test labels": ({"y_test": lambda y: y[:-1]}, "X_test has 48 samples but y_test has 47 labels"),
    "no samples": ({"X_train": None}, "has no array 'X_train'"),
    "no test labels": ({"y_test": None}, "has no array 'y_test'"),
    "one-hot": ({"y_train": lambda y: np.eye(2)[y]}, "for one-hot labels"),
    "fractions": ({"y_train": lambda y: y + 0.5}, "label 0.5 is not a whole number"),
    "huge labels": ({"y_train": lambda y: y * 1e300}, "is not a whole number"),
    "objects": ({"y_train": lambda y: y.astype(object)}, "holds Python objects"),
    "complex": ({"X_train": lambda x: x + 1j}, "numbers are needed"),
    "five axes": ({"X_train": lambda x: x[..., None, None]}, "none of images"),
    "other test shape": ({"X_test": lambda x: x[:, :2]}, "Both parts need the same shape"),
    "empty": ({"X_train": lambda x: x[:0], "y_train": lambda y: y[:0]}, "there is no sample in it"),
    "fewer than a batch": ({"X_train": lambda x: x[:10], "y_train": lambda y: y[:10]}, "Use at most 8"),
    "one class": ({"y_train": lambda y: y * 0}, "of one class ('0')"),
    "a single sample": ({"y_train": put(0, 2)}, "too few samples of class '2' (1)"),
    "one group": ({"groups_train": np.zeros(96)}, "1 group(s) with labels cannot give"),
    "groups of another length": ({"groups_train": np.zeros(5)}, "(96,) is needed, one a sample"),
    "too few names": ({"names": np.array(["a"])}, "label 1 has no name"),
    "infinite rate": ({"rate_hz": np.array(np.inf)}, "one positive number is needed"),
}


@pytest.mark.parametrize(("changes", "words"), ARRAYS.values(), ids=ARRAYS)
def test_arrays(refused, tmp_path, changes, words):
    config = config_of(tmp_path, arrays_of(tmp_path, **changes))
    for command in ("check", "compare"):
        message = refused(command, config, *(["--out", tmp_path / "out"] if command == "compare" else []))
        assert words in message
        assert len(message.splitlines()) <= 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"y_test": put(slice(5), 2)}, "the training part has no labelled sample of class '2'"),
        ({"y_test": lambda y: y * 0}, "labels of the test part are of one class ('0')"),
        ({"y_train": lambda y: y * 0 - 1}, "the training part has no labels"),
        ({"y_test": lambda y: y * 0 - 1}, "the test part has no labels"),
        ({"y_train": None, "y_test": None}, "has no labels"),
        (
            {"y_train": np.repeat([1, 0, 0], 32), "groups_train": np.repeat([0, 1, 2], 32)},
            "the training part has no labelled sample of class '1'",
        ),
    ],
)
def test_labels_are_judged_before_training(refused, tmp_path, capsys, monkeypatch, changes, words):
    if "groups_train" in changes:  # the only group of a class falls to validation
        monkeypatch.setattr("sslkit.data.splits._choose_groups", lambda y, groups, *_: groups == 0)
    config = config_of(tmp_path, arrays_of(tmp_path, **changes))
    message = refused("compare", config, "--out", tmp_path / "out")
    assert words in message
    assert "sslkit pretrain CONFIG" in message
    assert not (tmp_path / "out").exists()
    assert run(["check", str(config)]) == 0  # pre-training alone needs no labels
    said = capsys.readouterr().out
    assert words.split()[-1] in said and "compare refuses it" in said and "the config is good" not in said


def test_labels_that_are_partly_unknown_are_fine(tmp_path):
    config = config_of(tmp_path, arrays_of(tmp_path, y_train=put(slice(50), -1)))
    assert run(["compare", str(config), "--out", str(tmp_path / "out")]) == 0


DAMAGES = {
    "empty": lambda data: b"",
    "junk": lambda data: b"junk" * 100,
    "half": lambda data: data[: len(data) // 2],
    "without its end": lambda data: data[:-30],
    "wrong bytes": lambda data: data[:9000] + bytes(byte ^ 255 for byte in data[9000:11000]) + data[11000:],
    "wrong head": lambda data: data[:40] + b"\xff" * 60 + data[100:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_npz(refused, tmp_path, damage):
    path = write_signals(tmp_path / "signals.npz")
    path.write_bytes(damage(path.read_bytes()))
    assert str(path) in refused("check", config_of(tmp_path, path))


def test_folders_of_npy(refused, tmp_path):
    folder = tmp_path / "arrays"
    folder.mkdir()
    config = config_of(tmp_path, folder)
    assert "has no .npy file" in refused("check", config)
    for content in (b"", b"junk"):
        (folder / "X_train.npy").write_bytes(content)
        assert ("X_train.npy is not a .npy file" if content else "'X_train'") in refused("check", config)
    np.save(folder / "X_train.npy", np.ones((400, 3, 300)))
    whole = (folder / "X_train.npy").read_bytes()
    (folder / "X_train.npy").write_bytes(whole[:-1000])  # this one is memory-mapped
    assert "truncated or corrupt" in refused("check", config)


@pytest.fixture
def pictures(tmp_path):
    """Two class folders of 16 noise pictures each."""
    random = np.random.default_rng(0)
    for number in range(32):
        path = tmp_path / "pictures" / "ab"[number % 2] / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 255, (48, 48, 3), dtype=np.uint8)).save(path)
    return tmp_path / "pictures"


def folder_config(tmp_path: Path, name: str, path: Path, **settings) -> Path:
    data = {"name": name, "path": str(path), **settings}
    return config_of(tmp_path, data, views=None, backbone=None, baselines=[])


@pytest.mark.parametrize("number", range(0, 32, 4))
def test_a_truncated_picture_is_found_before_training_whatever_its_part(refused, tmp_path, pictures, number):
    for path in sorted(pictures.rglob("*.png")):
        Image.open(path).save(path.with_suffix(".jpg"), quality=95)
        path.unlink()
    path = sorted(pictures.rglob("*.jpg"))[number]
    path.write_bytes(path.read_bytes()[:3000])
    config = folder_config(tmp_path, "image_folder", pictures)
    message = refused("compare", config, "--out", tmp_path / "out")
    assert f"1 of 32 files cannot be read as images ({path}: OSError: image file is truncated" in message
    assert not (tmp_path / "out").exists()


def test_picture_folders(refused, tmp_path, pictures):
    config = folder_config(tmp_path, "image_folder", pictures)
    path = pictures / "a" / "06.png"
    whole = path.read_bytes()
    path.write_bytes(b"junk")
    assert f"1 of 32 files cannot be read as images ({path}: " in refused("check", config)
    Image.new("RGB", (9, 12)).save(path)
    assert "Set size" in refused("check", config)
    path.write_bytes(whole)
    (pictures / "c").mkdir()
    assert "class folder(s) c hold no file" in refused("check", config)
    assert "out of memory" in refused("check", config, "data.size=1000000", f"data.path={pictures / 'b'}")
    lines = "".join(f"pictures/{p.parent.name}/{p.name},{p.parent.name}\n" for p in pictures.rglob("*.png"))
    manifest = tmp_path / "list.csv"
    for content, words in {
        "path,labl\n" + lines: "Did you mean 'labl'?",
        "thing,label\n" + lines: "path",
        "path,label\n" + lines + "pictures/a/99.png,a\n": "1 of 33 files are not there",
        "path,label\n" + lines + "pictures/a/06.png\n": "1 row(s) have not 2 fields",
        "": "is empty",
    }.items():
        manifest.write_text(content)
        assert words in refused("check", folder_config(tmp_path, "image_folder", manifest))
    manifest.write_text("path,label\n" + lines)
    config = folder_config(tmp_path, "image_folder", manifest, label_column="kind")
    assert "has no column 'kind'" in refused("check", config)


def test_names_of_folders_that_are_no_text(tmp_path, pictures):
    (pictures / "b").rename(pictures / os.fsdecode(b"caf\xe9"))
    config = folder_config(tmp_path, "image_folder", pictures)
    out = tmp_path / os.fsdecode(b"r\xe9sultat")
    out.mkdir()
    assert run(["compare", str(config), "--out", str(out / "out")]) == 0
    assert (
        "caf\\xe9"
        in json.loads((out / "out" / "manifest.json").read_text())["members"]["image_folder"]["classes"]
    )
    assert run(["evaluate", str(out / "out" / "image_folder" / "byol-seed0")]) == 0


def test_sound_folders(refused, tmp_path):
    random = np.random.default_rng(0)
    folder = tmp_path / "sounds"
    for number in range(32):
        path = folder / "ab"[number % 2] / f"{number:02}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.1 * random.normal(size=4000), 4000)
    config = folder_config(tmp_path, "audio_folder", folder, rate_hz=4000)
    path = folder / "a" / "06.wav"
    whole = path.read_bytes()
    for content in (b"", b"junk", whole[:30], whole[:44], whole[:1000]):
        path.write_bytes(content)
        assert f"1 of 32 files cannot be read as sound ({path}: " in refused("check", config)
    soundfile.write(path, np.zeros(0), 4000)
    assert "cannot be read as sound" in refused("check", config)
    soundfile.write(path, np.full(4000, np.nan), 4000, subtype="FLOAT")
    assert f"{path}: the sound has NaN" in refused("check", config)
    path.write_bytes(whole)
    assert "Use longer clips" in refused("check", config, "data.seconds=1e-9")


def test_sensor_tables(refused, tmp_path):
    table = tmp_path / "table.csv"
    rows = "".join(f"{i},{i % 7},{(i // 50) % 2},{i // 100}\n" for i in range(800))
    settings = {"path": table, "channels": ["x", "z"], "length": 20, "label": "y", "group": "g"}

    def check(content: str, **changes) -> str:
        table.write_text(content)
        return refused("check", folder_config(tmp_path, "sensor_table", **{**settings, **changes}))

    good = "x,z,y,g\n" + rows
    assert "has no column 'zz'. Did you mean 'z'?" in check(good, channels=["x", "zz"])
    assert "has no column 'label'" in check(good, label="label")
    assert "no window of 5000 rows fits" in check(good, length=5000)
    assert "column 'x' holds what is not a number" in check(good.replace("7,0,0,0", "a,0,0,0", 1))
    assert "constant channel(s): z" in check("x,z,y,g\n" + "1,5,0,0\n2,5,0,1\n" * 99, length=1)
    assert "several columns 'x'" in check("x,x,z,y,g\n1,2,3,0,0\n")
    assert "has no rows" in check("x,z,y,g\n")
    assert "truncated or corrupt" in check("x,z,y,g\n1,2,0,0\n1,2\n")
    assert "there is no such file" in check(good, path=tmp_path / "none.csv")


# Folders of results ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["compare", "pretrain"])
def test_folders_that_cannot_be_written(refused, finished, tmp_path, command):
    (tmp_path / "file").write_text("precious")
    for out in ("file", "file/below", "x" * 300):
        message = refused(command, finished / "tiny.yaml", "--out", tmp_path / out)
        assert "Choose another one with --out" in message
    if hasattr(os, "geteuid") and os.geteuid() != 0:  # root may write anywhere
        (tmp_path / "locked").mkdir(mode=0o500)
        assert "Permission denied" in refused(
            command, finished / "tiny.yaml", "--out", tmp_path / "locked" / "x"
        )


def test_folders_of_others(refused, finished, spoilt):
    out = ["--out", spoilt]
    message = refused("compare", finished / "tiny.yaml", "training.batch_size=8", *out, keeps=spoilt)
    assert "holds results of another config: arrays.training.batch_size changed" in message
    (spoilt / "manifest.json").unlink()
    assert "no manifest.json of sslkit" in refused("compare", finished / "tiny.yaml", *out, keeps=spoilt)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{", b"[]", b"3", b"{}", b'{"config": {}, "members": []}',
                b'{"config": {"arrays": {}}, "members": {"arrays": {"data": 3}}}'],
)  # fmt: skip
def test_manifests_that_are_none(refused, finished, spoilt, content):
    (spoilt / "manifest.json").write_bytes(content)
    for command in (["compare", finished / "tiny.yaml", "--out", spoilt], ["report", spoilt]):
        assert "manifest of sslkit" in refused(*command, keeps=spoilt)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"3", b'{"rows": 3}', b'{"data": 1, "objective": 1, "seed": 0, "rows": [{}]}'],
)
def test_results_that_are_none_are_made_again(finished, spoilt, content):
    """From the checkpoint, whose log may have been cut off too."""
    run_folder = spoilt / "arrays" / "byol-seed0"
    (run_folder / "result.json").write_bytes(content)
    log = (run_folder / "metrics.jsonl").read_bytes()
    (run_folder / "metrics.jsonl").write_bytes(log[:-20] + b"\xff[]")
    (run_folder / ".checkpoint.pt.1.tmp").touch()  # of a run that was killed
    weights = (run_folder / "encoder.safetensors").read_bytes()
    assert run(["compare", str(finished / "tiny.yaml"), "--out", str(spoilt)]) == 0
    assert (spoilt / "results.csv").read_bytes() == (finished / "out" / "results.csv").read_bytes()
    assert (run_folder / "encoder.safetensors").read_bytes() == weights
    assert not list(spoilt.rglob("*.tmp"))


def foreign_checkpoints(state):
    """By name: what lies where the checkpoint should."""
    kept = {key: state[key] for key in ("format", "identity")}
    return {
        "tensor": torch.zeros(3),
        "another program's": {"state_dict": {}},
        "another version's": {**state, "format": "sslkit checkpoint 0"},
        "another run's": {**state, "identity": "x"},
        "nothing but its head": kept,
        "other networks": {**state, "objective": {"a": torch.zeros(1)}},
        "no optimiser": {**state, "optimizer": {}},
        "no step": {**state, "step": "x"},
        "pickled code": {**state, "step": pytest.raises},
    }


@pytest.mark.parametrize("name", foreign_checkpoints({"format": 0, "identity": 0}))
def test_foreign_checkpoints(refused, finished, spoilt, name):
    folder = spoilt / "arrays" / "byol-seed0"
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    torch.save(foreign_checkpoints(state)[name], folder / "checkpoint.pt")
    before = (folder / "checkpoint.pt").read_bytes()
    message = refused(
        "pretrain", finished / "tiny.yaml", "--out", folder, keeps=spoilt / "arrays" / "spec.json"
    )
    assert f"{folder / 'checkpoint.pt'}: " in message
    assert "Move it away to start this run anew." in message
    assert (folder / "checkpoint.pt").read_bytes() == before


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_checkpoints(refused, finished, spoilt, damage):
    path = spoilt / "arrays" / "byol-seed0" / "checkpoint.pt"
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    message = refused(
        "pretrain", finished / "tiny.yaml", "--out", path.parent, keeps=spoilt / "arrays" / "spec.json"
    )
    assert f"{path}: not a readable checkpoint" in message
    assert path.read_bytes() == before


def test_one_run_that_fails_for_any_reason_does_not_take_the_others_along(
    finished, tmp_path, capsys, monkeypatch
):
    def fail(*_):
        raise IndexError("a fault of ours")

    monkeypatch.setattr("sslkit.running.runs.pretrain_run", fail)
    assert run(["compare", str(finished / "tiny.yaml"), "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert "1 run failed" in message
    assert "arrays · byol · seed 0: IndexError: a fault of ours" in message
    trace = tmp_path / "out" / "arrays" / "byol-seed0" / "traceback.txt"
    assert str(trace) in message
    assert "in fail" in trace.read_text()
    assert "random" in (tmp_path / "out" / "results.csv").read_text()
    monkeypatch.undo()
    assert run(["compare", str(finished / "tiny.yaml"), "--out", str(tmp_path / "out")]) == 0
    assert not trace.exists()


# Runs and new samples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["none", "tiny.yaml", "out", "out/arrays", "out/arrays/random-seed0"])
def test_folders_that_are_no_runs(refused, finished, place):
    folder = finished / place
    assert str(folder) in refused("evaluate", folder, keeps=finished)
    assert str(folder) in refused("embed", folder, finished / "signals.npz", keeps=finished)
    if place != "out":
        assert str(folder) in refused("report", folder, keeps=finished)


RUN_JSONS = ["", "[]", "{", '{"config": 3, "objective": 3, "seed": 0}', '{"config": {"data": []}}', "\0"]


@pytest.mark.parametrize("content", RUN_JSONS)
def test_descriptions_of_runs_that_are_none(refused, finished, spoilt, content):
    folder = spoilt / "arrays" / "byol-seed0"
    (folder / "run.json").write_text(content)
    assert "a run's description" in refused("evaluate", folder)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [5, 20]},
        {"shape": [-1, 0]},
        {"shape": ["a"]},
        {"shape": 3},
        {"scale": "x"},
        {"modality": []},
    ],
)
def test_cards_that_are_wrong(refused, finished, spoilt, change):
    folder = spoilt / "arrays" / "byol-seed0"
    card = json.loads((folder / "encoder.json").read_text())
    card["sample"].update(change)
    (folder / "encoder.json").write_text(json.dumps(card))
    refused("embed", folder, finished / "signals.npz")


def test_data_that_have_changed_are_not_evaluated(refused, finished, spoilt, tmp_path):
    folder = spoilt / "arrays" / "byol-seed0"
    content = json.loads((folder / "run.json").read_text())
    content["config"]["data"]["path"] = str(write_signals(tmp_path / "other.npz", train=100))
    (folder / "run.json").write_text(json.dumps(content))
    assert "no longer those that the encoder was trained on" in refused("evaluate", folder)
    (tmp_path / "other.npz").unlink()
    assert "there is no such file" in refused("evaluate", folder)


SAMPLES = {
    "other channels": (lambda x: x[:, :2], "takes sensor samples of shape (3, 33)"),
    "other length": (lambda x: x[:, :, :20], "takes sensor samples of shape (3, 33)"),
    "one number": (lambda x: x[0, 0, 0], "has shape (); the encoder takes"),
    "none": (lambda x: x[:0], "is empty"),
    "text": (lambda x: x.astype(str), "numbers are needed"),
    "complex": (lambda x: x + 1j, "numbers are needed"),
    "nan": (put((3, 1, 4), np.nan), "1 of 4752 values are NaN"),
    "objects": (lambda x: np.array([{}]), "holds Python objects"),
}


@pytest.mark.parametrize(("change", "words"), SAMPLES.values(), ids=SAMPLES)
def test_samples_that_cannot_be_embedded(refused, finished, tmp_path, change, words):
    with np.load(finished / "signals.npz") as data:
        np.save(tmp_path / "x.npy", change(data["X_test"]))
    output = ["-o", tmp_path / "features.npz"]
    assert words in refused("embed", finished / "out" / "arrays" / "byol-seed0", tmp_path / "x.npy", *output)
    assert not (tmp_path / "features.npz").exists()


def test_files_that_cannot_be_embedded(refused, finished, tmp_path):
    folder = finished / "out" / "arrays" / "byol-seed0"
    with np.load(finished / "signals.npz") as data:
        x = data["X_test"]
    for arrays, words in (
        (
            {"X_train": x[:, :2]},
            "X_train has shape (48, 2, 33); the encoder takes sensor samples of shape (3, 33)",
        ),
        ({"X_train": x.astype(str)}, "numbers are needed"),
        ({"A": x, "Z": x}, "has no X_train, X_test or X but A, Z"),
    ):
        np.savez(tmp_path / "x.npz", **arrays)
        assert words in refused("embed", folder, tmp_path / "x.npz", "-o", tmp_path / "features.npz")
    (tmp_path / "text.npy").write_bytes(b"text")
    assert "is not a .npy file" in refused("embed", folder, tmp_path / "text.npy")
    assert "there is no such file" in refused("embed", folder, tmp_path / "none.npz")
    (tmp_path / "file").touch()
    (tmp_path / "folder.npz").mkdir()
    for output in (tmp_path / "folder.npz", tmp_path / "file" / "below.npz"):
        assert "cannot be written" in refused("embed", folder, finished / "signals.npz", "-o", output)
    assert ".npz, .csv, .parquet" in refused(
        "embed", folder, finished / "signals.npz", "-o", tmp_path / "f.txt"
    )
    assert "an override is written a.b=c" in refused("embed", folder, finished / "signals.npz", "missing")


def test_pictures_of_another_scale_are_not_embedded(refused, tmp_path):
    """An encoder of uint8 pictures divides by 255: floats in 0…1 would become black in silence."""
    x = np.random.default_rng(0).integers(0, 255, (60, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "x.npz", X_train=x, y_train=np.arange(60) % 2)
    config = config_of(tmp_path, tmp_path / "x.npz", views=None, backbone={"name": "small-conv", "width": 4})
    assert run(["pretrain", str(config), "--out", str(tmp_path / "run")]) == 0
    np.save(tmp_path / "floats.npy", (x / 255).astype(np.float32))
    np.savez(tmp_path / "floats.npz", X_train=(x / 255)[..., None].astype(np.float32))
    for name in ("floats.npy", "floats.npz"):
        assert "trained on whole numbers" in refused("embed", tmp_path / "run", tmp_path / name)


# The real program: a full disk, options --------------------------------------------------------------------------


def program(*arguments: object, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run it; no file may grow beyond ``largest_file`` bytes, which fails a write as a full disk does."""
    resource = pytest.importorskip("resource", reason="Windows limits no file's size")

    def limit() -> None:
        if largest_file is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    command = [sys.executable, "-B", "-m", "sslkit", *map(str, arguments)]
    # a measurement of coverage could not be written either, and would say so
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment["OMP_NUM_THREADS"] = "1"
    return subprocess.run(
        command, capture_output=True, text=True, preexec_fn=limit, env=environment, check=False
    )


def test_a_full_disk_loses_nothing(finished, spoilt):
    """The checkpoint of step 1 survives the failed one of step 2, and the same command goes on from there."""
    folder = spoilt / "arrays" / "byol-seed0"
    whole = contents(folder)
    (spoilt / "arrays" / "random-seed0" / "result.json").unlink()
    (folder / "result.json").unlink()
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    torch.save({**state, "step": 1}, folder / "checkpoint.pt")
    before = (folder / "checkpoint.pt").read_bytes()
    stopped = program("compare", finished / "tiny.yaml", "--out", spoilt, largest_file=20_000)
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("error: ")
    assert "the disk is full" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert (folder / "checkpoint.pt").read_bytes() == before
    assert (folder / "encoder.safetensors").read_bytes() == whole["encoder.safetensors"]
    assert not list(spoilt.rglob("*.tmp"))
    assert run(["compare", str(finished / "tiny.yaml"), "--out", str(spoilt)]) == 0


@pytest.mark.parametrize("largest_file", [0, 3000])
def test_a_disk_that_is_full_from_the_start(finished, tmp_path, largest_file):
    stopped = program(
        "pretrain", finished / "tiny.yaml", "--out", tmp_path / "out", largest_file=largest_file
    )
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("error: ")
    # older PyTorch wants a temporary folder before anything of ours is written
    assert "the disk is full" in stopped.stderr or "Is there space" in stopped.stderr
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_options(finished):
    assert run(["compare", str(finished / "tiny.yaml"), "--workers", "0"]) == 2
    for arguments in (["compare", "--nope", "x"], ["nope"], [], ["compare", "x", "--workers", "many"]):
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        assert stop.value.code == 2
    strange = program("check", finished / os.fsdecode(b"caf\xe9.yaml"))
    assert strange.returncode == 2
    assert "there is no such config file" in strange.stderr
    missing = program("compare", "/nowhere/config.yaml")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("error: /nowhere/config.yaml: there is no such config file.")
    assert missing.stderr.count("\n") == 1
