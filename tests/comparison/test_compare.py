"""The main job on small data: its files, its table, and that nothing is repeated, lost or overwritten."""

from __future__ import annotations

import csv
import json
import shutil
from importlib.metadata import version

import numpy as np
import pytest
import torch
import yaml

import sslkit
from sslkit.cli import run
from tests.conftest import tiny, write_signals


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with data, config and a finished comparison."""
    folder = tmp_path_factory.mktemp("compare")
    (folder / "tiny.yaml").write_text(yaml.safe_dump(tiny(write_signals(folder / "signals.npz"))))
    assert run(["compare", str(folder / "tiny.yaml"), "--out", str(folder / "out")]) == 0
    return folder


@pytest.fixture
def copied(finished, tmp_path):
    """A copy of it that a test may spoil."""
    return shutil.copytree(finished, tmp_path / "copy")


def rows_of(folder):
    with (folder / "results.csv").open() as file:
        return list(csv.DictReader(file))


def test_files_of_a_run(finished):
    out = finished / "out"
    assert (out / "report.html").stat().st_size > 10_000
    for method in ("byol", "simclr"):
        for seed in (0, 1):
            names = {path.name for path in (out / "arrays" / f"{method}-seed{seed}").iterdir()}
            assert {
                "metrics.jsonl",
                "checkpoint.pt",
                "encoder.safetensors",
                "encoder.json",
                "result.json",
            } <= names


def test_columns_and_methods(finished):
    rows = rows_of(finished / "out")
    assert list(rows[0]) == [
        "data",
        "objective",
        "seed",
        "evaluator",
        "labels_per_class",
        "draw",
        "metric",
        "value",
    ]
    assert {row["objective"] for row in rows} == {"byol", "simclr", "random", "handcrafted", "supervised"}
    assert {row["labels_per_class"] for row in rows} == {"3", "all"}
    figures = [float(row["value"]) for row in rows if row["metric"] == "accuracy"]
    assert all(0 <= value <= 1 for value in figures)
    few = {
        (r["objective"], r["seed"], r["draw"])
        for r in rows
        if r["evaluator"] == "linear" and r["labels_per_class"] == "3"
    }
    assert len(few) == 4 * 2 * 2  # four with probes, two seeds, two draws


def test_manifest_says_what_ran(finished):
    manifest = json.loads((finished / "out" / "manifest.json").read_text())
    assert manifest["finished"]
    assert manifest["config"]["arrays"]["frontend"]["name"] == "standardise"
    assert manifest["members"]["arrays"]["splits"] == {
        **manifest["members"]["arrays"]["splits"], "test": 48, "by": "class",
    }  # fmt: skip
    assert manifest["machine"]["pool"] == "local"
    assert manifest["versions"]["torch"] == version("torch")
    assert len(manifest["members"]["arrays"]["data"]["fingerprint"]) == 64


def test_methods_share_the_initial_backbone(finished):
    """Before any step both objectives' encoders are judged alike."""
    first = {}
    for method in ("byol", "simclr"):
        line = (finished / "out" / "arrays" / f"{method}-seed0" / "metrics.jsonl").read_text().splitlines()[0]
        first[method] = json.loads(line)
    assert first["byol"]["step"] == 0
    for figure in ("feature_std", "effective_rank", "knn_accuracy"):
        assert first["byol"][figure] == first["simclr"][figure]


def test_run_again_repeats_nothing(copied, capsys):
    out = copied / "out"
    results = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.rglob("result.json")}
    data = str(copied / "signals.npz")
    assert run(["compare", str(copied / "tiny.yaml"), "--out", str(out)]) == 0, data
    assert results == {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.rglob("result.json")
    }


def test_missing_cells_are_filled_with_the_same_figures(copied):
    out = copied / "out"
    before = sorted(map(str, rows_of(out)))
    shutil.rmtree(out / "arrays" / "byol-seed1")
    (out / "arrays" / "supervised-seed0" / "result.json").unlink()
    assert run(["compare", str(copied / "tiny.yaml"), "--out", str(out)]) == 0
    assert sorted(map(str, rows_of(out))) == before


@pytest.mark.parametrize(
    "change", ["training.batch_size=8", "seeds=[0]", "budget.steps=9", "objectives.1.temperature=0.3"]
)
def test_another_config_never_overwrites(copied, capsys, change):
    before = (copied / "out" / "results.csv").read_bytes()
    assert run(["compare", str(copied / "tiny.yaml"), change, "--out", str(copied / "out")]) == 2
    assert "holds results of another config" in capsys.readouterr().err
    assert (copied / "out" / "results.csv").read_bytes() == before


def test_other_data_never_overwrites(copied, capsys, finished):
    config = yaml.safe_load((copied / "tiny.yaml").read_text())
    path = write_signals(copied / "other.npz", train=100)
    config["data"]["path"] = str(path)
    (copied / "tiny.yaml").write_text(yaml.safe_dump(config))
    assert run(["compare", str(copied / "tiny.yaml"), "--out", str(copied / "out")]) == 2
    assert "another config" in capsys.readouterr().err


def test_foreign_folder_is_refused(copied, capsys, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("precious")
    assert run(["compare", str(copied / "tiny.yaml"), "--out", str(tmp_path / "mine")]) == 2
    assert "no manifest.json of sslkit" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "mine").iterdir() if path.name != ".lock"] == ["notes.txt"]


def test_encoder_takes_raw_batches(finished):
    encoder = sslkit.load_encoder(finished / "out" / "arrays" / "byol-seed0")
    with np.load(finished / "signals.npz") as data:
        raw = torch.from_numpy(data["X_test"])
    with torch.no_grad():
        features = encoder(raw)
        one_by_one = torch.cat([encoder(raw[i : i + 1]) for i in range(4)])
    assert features.shape == (48, encoder.out_dim)
    torch.testing.assert_close(features[:4], one_by_one, rtol=1e-4, atol=1e-5)
    with pytest.raises(sslkit.SSLKitError, match="takes sensor samples of shape"):
        encoder(raw[:, :2])


def test_encoder_loads_without_unpickling(finished, monkeypatch):
    import pickle

    def refuse(*_, **__):
        raise AssertionError("unpickled")

    monkeypatch.setattr(pickle, "load", refuse)
    monkeypatch.setattr(pickle, "Unpickler", refuse)
    monkeypatch.setattr(torch, "load", refuse)
    assert sslkit.load_encoder(finished / "out" / "arrays" / "simclr-seed0")


@pytest.mark.parametrize("name", ["encoder.json", "encoder.safetensors"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"junk"])
def test_damaged_encoders_are_refused(copied, name, content):
    folder = copied / "out" / "arrays" / "byol-seed0"
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(sslkit.SSLKitError, match=name.replace(".", r"\.")):
        sslkit.load_encoder(folder)


def test_evaluate_gives_the_same_figures_again(copied, capsys):
    folder = copied / "out" / "arrays" / "byol-seed1"
    before = json.loads((folder / "result.json").read_text())["rows"]
    assert run(["evaluate", str(folder)]) == 0
    after = json.loads((folder / "result.json").read_text())["rows"]
    for old, new in zip(before, after, strict=True):
        assert old == {**new, "value": pytest.approx(new["value"], abs=1e-6)}


def test_embed_writes_features(finished, tmp_path):
    folder, output = finished / "out" / "arrays" / "byol-seed0", tmp_path / "features.npz"
    assert run(["embed", str(folder), str(finished / "signals.npz"), "-o", str(output)]) == 0
    with np.load(output) as found, np.load(finished / "signals.npz") as data:
        expected = found["features"][found["part"] == "test"]
        assert expected.shape == (48, sslkit.load_encoder(folder).out_dim)
        np.testing.assert_array_equal(found["label"][found["part"] == "train"], data["y_train"].astype(str))
        np.save(tmp_path / "x.npy", data["X_test"])
    assert run(["embed", str(folder), str(tmp_path / "x.npy"), "-o", str(output)]) == 0
    with np.load(output) as found:
        np.testing.assert_allclose(found["features"], expected, rtol=1e-4, atol=1e-5)


def test_pool_gives_the_figures_of_one_process(finished, tmp_path):
    out = tmp_path / "pooled"
    assert run(["compare", str(finished / "tiny.yaml"), "--out", str(out), "--workers", "2"]) == 0
    assert sorted(map(str, rows_of(out))) == sorted(map(str, rows_of(finished / "out")))


def test_a_run_that_fails_leaves_the_others(finished, tmp_path, capsys):
    changes = [
        "overrides={byol: {optimizer: {name: sgd, learning_rate: 1e30}}}",
        "training.checkpoint_seconds=30",
    ]
    out = tmp_path / "out"
    assert run(["compare", str(finished / "tiny.yaml"), *changes, "--out", str(out)]) == 2
    assert "byol · seed 1: " in capsys.readouterr().err
    assert {row["objective"] for row in rows_of(out)} == {"simclr", "random", "handcrafted", "supervised"}
    assert (out / "report.html").exists()


def test_data_without_labels_pretrain_only(tmp_path, capsys):
    path = write_signals(tmp_path / "signals.npz")
    with np.load(path) as data:
        np.savez(tmp_path / "bare.npz", X_train=data["X_train"], X_test=data["X_test"])
    (tmp_path / "bare.yaml").write_text(yaml.safe_dump(tiny(tmp_path / "bare.npz")))
    assert run(["pretrain", str(tmp_path / "bare.yaml"), "--out", str(tmp_path / "out")]) == 0
    assert sslkit.load_encoder(tmp_path / "out").out_dim > 0
    assert run(["compare", str(tmp_path / "bare.yaml"), "--out", str(tmp_path / "compare")]) == 2
    assert "labels" in capsys.readouterr().err


def test_another_pretraining_never_overwrites(tmp_path, capsys):
    config = tmp_path / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny(write_signals(tmp_path / "signals.npz"))))
    out = tmp_path / "out"
    assert run(["pretrain", str(config), "--out", str(out)]) == 0
    (out / "checkpoint.pt").unlink()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(["pretrain", str(config), "backbone.width=8", "--out", str(out)]) == 2
    assert "another config" in capsys.readouterr().err
    assert before == {path.name: path.read_bytes() for path in out.iterdir()}


def test_evaluating_again_keeps_cost_and_alarms(copied):
    path = copied / "out" / "arrays" / "byol-seed0" / "result.json"
    result = json.loads(path.read_text())
    result["alarms"] = ["The projections have collapsed (spread 0.01 …)"]
    path.write_text(json.dumps(result))
    assert run(["evaluate", str(path.parent)]) == 0
    after = json.loads(path.read_text())
    assert after["cost"] == result["cost"]
    assert after["cost"]["peak_memory_mb"] > 0
    assert result["alarms"][0] in after["alarms"]
