"""Pre-training, judging again and embedding from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas
import pytest
import yaml

import sslkit
from sslkit import api
from sslkit.cli import run
from tests.conftest import tiny, write_signals

QUICK = {
    "budget": {"steps": 2},
    "evaluators": ["knn"],
    "evaluation": {"labels_per_class": ["all"], "draws": 1},
}


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``signals.npz``, a config and one pre-trained run."""
    folder = tmp_path_factory.mktemp("encoders")
    config = tiny(write_signals(folder / "signals.npz", 32, 16), **QUICK)
    (folder / "c.yaml").write_text(yaml.safe_dump(config))
    assert run(["pretrain", str(folder / "c.yaml"), "--out", str(folder / "run")]) == 0
    return folder


def test_pretrain_says_where_the_encoder_is(pretrained, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["pretrain", str(pretrained / "c.yaml"), "name=mine"]) == 0
    folder = Path("runs") / "mine-pretrain" / "byol-seed0"
    said = capsys.readouterr().out.splitlines()
    assert (
        said[0].startswith("classes  2 (training / validation / test)") and said[-1] == f"encoder: {folder}"
    )
    assert sslkit.load_encoder(folder).out_dim == sslkit.load_encoder(pretrained / "run").out_dim


def test_evaluate_prints_and_writes_the_same_figures(pretrained, capsys):
    assert run(["evaluate", str(pretrained / "run")]) == 0
    out = capsys.readouterr().out
    result = json.loads((pretrained / "run" / "result.json").read_text(encoding="utf-8"))
    assert out.splitlines()[-1] == f"result: {pretrained / 'run' / 'result.json'}"
    assert {row["evaluator"] for row in result["rows"]} == {"knn", "geometry"}
    for row in result["rows"]:
        assert row["metric"] in out and f"{row['value']:.4f}" in out


def test_embed_writes_what_the_call_returns(pretrained, tmp_path, capsys):
    output = tmp_path / "new" / "features.npz"
    data = pretrained / "signals.npz"
    assert run(["embed", str(pretrained / "run"), str(data), "-o", str(output)]) == 0
    expected = sslkit.embed(pretrained / "run", data)
    with np.load(output) as found:
        assert set(found) == set(expected)
        assert all(np.array_equal(found[name], expected[name]) for name in expected)
    count, width = expected["features"].shape
    last = f"{output}: {count} samples, {width} features each, with path, row, part, label"
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == last and "arrays  X_train: 32 samples, X_test: 16 samples" in out[0]


def test_embed_writes_tables_and_takes_settings(pretrained, tmp_path, capsys):
    with np.load(pretrained / "signals.npz") as data:
        x = data["X_test"]
    x[2, 1, 4] = np.nan
    np.save(tmp_path / "x.npy", x)
    for name in ("f.csv", "f.parquet"):
        command = ["embed", str(pretrained / "run"), str(tmp_path / "x.npy"), "missing=interpolate", "-o"]
        assert run([*command, str(tmp_path / name)]) == 0
    read = pandas.read_csv(tmp_path / "f.csv"), pandas.read_parquet(tmp_path / "f.parquet")
    expected = sslkit.embed(pretrained / "run", tmp_path / "x.npy", settings={"missing": "interpolate"})
    for table in read:
        assert table["row"].tolist() == list(range(len(x))) and set(table["path"]) == {
            str(tmp_path / "x.npy")
        }
        features = table.filter(like="feature_").to_numpy(np.float32)
        assert np.array_equal(features, expected["features"])


def test_embed_writes_beside_the_user_by_default(pretrained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["embed", str(pretrained / "run"), str(pretrained / "signals.npz")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["features.npz"]


def test_progress_and_plugins_are_handed_on(monkeypatch):
    calls = []

    def note(run, plugin_paths, report):
        report(1, 2, "half")
        calls.append((run, plugin_paths))
        return Path("result.json"), []

    monkeypatch.setattr(api, "evaluate", note)
    assert run(["evaluate", "run", "--plugin-path", "p.py"]) == 0
    assert calls == [(Path("run"), ["p.py"])]


def test_export_of_a_backbone_that_no_library_has(pretrained, tmp_path, capsys):
    output = tmp_path / "w.safetensors"
    assert run(["export", str(pretrained / "run"), "--weights", "timm", "-o", str(output)]) == 2
    assert "timm has no network with the weights of the backbone" in capsys.readouterr().err
    assert not output.exists()
