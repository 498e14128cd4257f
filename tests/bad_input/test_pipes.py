"""Pipes and devices where files are read: said at once, and never waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.mark.parametrize("place", ["p.npz", "/dev/zero"])
@pytest.mark.parametrize("source", ["arrays", "audio_folder", "image_folder"])
def test_data(place, source, refused, finished, tmp_path):
    os.mkfifo(tmp_path / "p.npz")
    path = tmp_path / place
    assert "is no regular file" in refused(
        "check", finished / "tiny.yaml", f"data.name={source}", f"data.path={path}"
    )
    folder = finished / "out" / "arrays" / "byol-seed0"
    assert "is no regular file" in refused("embed", folder, path, "-o", tmp_path / "x.npz")


def test_configs_and_plugins(refused, finished, tmp_path):
    os.mkfifo(tmp_path / "p.yaml")
    (tmp_path / "e.yaml").write_text("extends: /dev/zero\n", encoding="utf-8")
    assert "is no regular file" in refused("check", tmp_path / "p.yaml")
    assert "/dev/zero: is no regular file" in refused("check", tmp_path / "e.yaml")
    assert "is no regular file" in refused(
        "check", finished / "tiny.yaml", "--plugin-path", tmp_path / "p.yaml"
    )


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("manifest.json", "report"),
        ("manifest.json", "reproduce"),
        ("arrays/spec.json", "report"),
        ("arrays/byol-seed0/result.json", "report"),
        ("arrays/byol-seed0/run.json", "evaluate"),
        ("arrays/byol-seed0/encoder.json", "evaluate"),
        ("arrays/byol-seed0/encoder.safetensors", "evaluate"),
        ("arrays/byol-seed0/checkpoint.pt", "pretrain"),
    ],
)
def test_files_of_results(name, command, refused, finished, spoilt, tmp_path):
    (spoilt / name).unlink()
    os.mkfifo(spoilt / name)
    run = spoilt / "arrays" / "byol-seed0"
    arguments = {
        "report": [spoilt],
        "reproduce": [spoilt, "--out", tmp_path / "again"],
        "evaluate": [run],
        "pretrain": [finished / "tiny.yaml", "--out", run],
    }
    assert f"{Path(name).name}: is no regular file" in refused(command, *arguments[command], keeps=finished)
