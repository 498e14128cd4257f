"""Files that change while somebody works with them are named."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch

import sslkit
from sslkit.data.watching import WatchedFiles
from sslkit.testing import tiny_study
from sslkit.types import Part


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change_last_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"#")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Path.unlink, "1 gone (b.csv)"),
        (cut_off, "1 of another size (b.csv)"),
        (change_last_byte, "1 of other content (b.csv)"),
        (lambda path: os.utime(path, (1, 1)), "1 written again (b.csv)"),
    ],
)
def test_kinds_of_changes(change, words: str, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / "data" / "deep").mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / "deep" / name).write_text(f"of {name}")
    watched = WatchedFiles.of(
        {"name": "arrays", "path": str(tmp_path / "data"), "columns": ["x", "y"], "rate": 50}
    )
    assert watched.changes() == []
    change(tmp_path / "data" / "deep" / "b.csv")
    (found,) = watched.changes()
    assert words in found and "of 2 files" in found


def test_files_of_a_list_are_known_by_their_samples(tmp_path: Path) -> None:
    names = np.array([str(tmp_path / "1.wav"), str(tmp_path / "2.wav"), str(tmp_path / "1.wav")])
    for name in set(names):
        Path(name).write_bytes(b"sound")
    part = Part(torch.zeros(3, 8), np.zeros(3, np.int64), None, {"path": names})
    watched = WatchedFiles.of({"path": "\0 no path", "root": "~nobody/x"}, [part])
    assert len(watched.states) == 2 and watched.changes() == []
    cut_off(tmp_path / "2.wav")
    assert "1 of another size (2.wav)" in watched.changes()[0]


@pytest.fixture
def meddling(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A study whose data are written again while the first step is taken."""
    from sslkit.training.trainer import Trainer

    study, run = tiny_study(tmp_path), Trainer.run

    def meddle(self: Trainer) -> None:
        run(self)
        change_last_byte(tmp_path / "signals.npz")

    monkeypatch.setattr(Trainer, "run", meddle)
    return study


def test_a_comparison_says_it_and_keeps_it(meddling: Path, tmp_path: Path, capsys) -> None:
    page = sslkit.compare(meddling, out=tmp_path / "run")
    assert "the data changed while this ran" in " ".join(capsys.readouterr().out.split())
    assert "the data changed while this ran" in page.read_text(encoding="utf-8")
    assert "the data changed while this ran" in (tmp_path / "run" / "data_card.md").read_text(
        encoding="utf-8"
    ) + (tmp_path / "run" / "model_card.md").read_text(encoding="utf-8")


def test_a_run_alone_says_it_and_keeps_it(meddling: Path, tmp_path: Path, capsys) -> None:
    run = sslkit.pretrain(meddling, out=tmp_path / "run")
    assert "the data changed while this ran" in " ".join(capsys.readouterr().err.split())
    assert "1 of other content (signals.npz)" in (run / "run.json").read_text(encoding="utf-8")
