"""Folders of results that are of others, damaged or cannot be written."""

from __future__ import annotations

import os

import pytest
import torch

from sslkit.cli import run
from tests.bad_input.inputs import DAMAGES


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
