"""Checkpoints: written whole or not at all, read back bit for bit, and refused where they do not belong."""

from __future__ import annotations

import dataclasses
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from sslkit.errors import SSLKitError
from sslkit.training.checkpoint import (
    FORMAT,
    Checkpointing,
    CheckpointState,
    load_checkpoint,
    save_checkpoint,
)
from tests.training.toy import Do, toy_trainer


def state_of(identity: str = "run") -> CheckpointState:
    """Values that a careless format would change: tiny, infinite, negative zero, of every kind that training keeps."""
    weight = torch.tensor([1e-45, -0.0, float("inf"), 0.1])
    return {
        "identity": identity,
        "step": 7,
        "seconds": 1.5,
        "objective": {
            "weight": weight,
            "count": torch.tensor(3),
            "half": torch.ones(2, dtype=torch.bfloat16),
        },
        "optimizer": {
            "state": {0: {"step": torch.tensor(7.0)}},
            "param_groups": [{"lr": 0.1, "params": [0]}],
        },
        "views": {"0.0.bank": torch.arange(4)},
        "logs": {"loss": 0.25},
    }


def same(first: Any, second: Any) -> bool:
    """Equal to the bit, down to the last tensor."""
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, torch.Tensor):
        bits = [
            tensor.contiguous().view(torch.uint8) if tensor.ndim else tensor for tensor in (first, second)
        ]
        return first.dtype == second.dtype and torch.equal(*bits)
    return type(first) is type(second) and first == second


def test_reads_back_to_the_bit(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "checkpoint.pt", state_of())
    assert same(load_checkpoint(tmp_path / "checkpoint.pt", "run"), {"format": FORMAT, **state_of()})


def test_tensors_come_to_the_cpu_and_are_the_files_own(tmp_path: Path) -> None:
    kept = state_of()
    save_checkpoint(tmp_path / "checkpoint.pt", kept)
    found = load_checkpoint(tmp_path / "checkpoint.pt", "run")
    found["objective"]["weight"].zero_()
    assert kept["objective"]["weight"][3] == torch.tensor(0.1)
    assert all(tensor.device.type == "cpu" for tensor in found["objective"].values())


def test_of_another_run_or_program(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, state_of("one"))
    with pytest.raises(
        SSLKitError, match=r"checkpoint\.pt: belongs to a run of another config.*Move it away"
    ):
        load_checkpoint(path, "another")
    for foreign in (
        {"model": {}},
        {"format": "sslkit checkpoint 2", "identity": "one"},
        [1, 2],
        torch.ones(3),
    ):
        torch.save(foreign, path)
        with pytest.raises(SSLKitError, match="not of this version"):
            load_checkpoint(path, "one")


def test_damaged_files_say_so(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, state_of())
    whole = path.read_bytes()
    for content in (b"", b"junk", whole[:100], whole[: len(whole) // 2], whole[:-1], bytes(len(whole))):
        path.write_bytes(content)
        with pytest.raises(SSLKitError, match="not a readable checkpoint: it is truncated, damaged"):
            load_checkpoint(path, "run")
    with pytest.raises(SSLKitError, match="not a readable checkpoint"):
        load_checkpoint(tmp_path / "none.pt", "run")
    with pytest.raises(SSLKitError, match="not a readable checkpoint"):
        load_checkpoint(tmp_path, "run")  # a folder


class Bomb:
    """Unpickling it runs a program of its author."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.path, "boom")


def test_no_code_of_a_file_is_run(tmp_path: Path) -> None:
    path, crater = tmp_path / "checkpoint.pt", tmp_path / "crater"
    torch.save({"format": FORMAT, "identity": "run", "step": Bomb(crater)}, path)
    with zipfile.ZipFile(path) as archive:  # the file is what an attacker would hand over
        name = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        assert b"write_text" in archive.read(name)
    with pytest.raises(SSLKitError, match="not a readable checkpoint"):
        load_checkpoint(path, "run")
    path.write_bytes(pickle.dumps(Bomb(crater), protocol=2))
    with pytest.raises(SSLKitError, match="not a readable checkpoint"):
        load_checkpoint(path, "run")
    assert not crater.exists()


def test_a_write_that_fails_keeps_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, state_of())
    before = path.read_bytes()

    def full(state: object, target: Any) -> None:
        Path(target).write_bytes(b"half a checkpo")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(SSLKitError, match="the disk is full"):
        save_checkpoint(path, state_of("another"))
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_it_cannot_be_changed_while_a_run_holds_to_it(tmp_path: Path) -> None:
    saving = Checkpointing(tmp_path / "checkpoint.pt", "run")
    assert saving.seconds == 30
    with pytest.raises(dataclasses.FrozenInstanceError):
        saving.identity = "another"


def saved_steps(tmp_path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps after which a run whose steps take 10 s each is saved."""
    clock, saved = [0.0], []
    monkeypatch.setattr("sslkit.training.trainer.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        "sslkit.training.trainer.save_checkpoint", lambda _, state: saved.append(state["step"])
    )

    def tick(_: object) -> None:
        clock[0] += 10

    toy_trainer(6, tmp_path / "checkpoint.pt", [Do(tick)], seconds=seconds).run()
    return saved


@pytest.mark.parametrize(
    ("seconds", "steps"), [(0, [1, 2, 3, 4, 5, 6]), (20, [2, 4, 6]), (25, [3, 6]), (1e9, [6])]
)
def test_saved_when_due_and_after_the_last_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, steps: list[int]
) -> None:
    assert saved_steps(tmp_path, seconds, monkeypatch) == steps


def test_a_checkpoint_of_other_networks_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    toy_trainer(3, path).run()
    state = load_checkpoint(path, "this run")
    del state["objective"]["backbone.linear.bias"]
    save_checkpoint(path, state)
    with pytest.raises(SSLKitError, match="does not fit the networks of this run"):
        toy_trainer(3, path).run()
