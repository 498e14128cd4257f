"""What a user names to be written: never what is read, a folder, a device, or a file that is not ours."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from sslkit.cli import run
from sslkit.errors import SSLKitError
from sslkit.outputs import output_file, require_own_folder
from sslkit.testing import tiny_study


def ours(path: Path) -> bool:
    return path.read_bytes().startswith(b"ours")


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of Unix")
def test_never_what_is_read_nor_a_folder_or_device(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "d.npz").write_bytes(b"ours")
    os.link(data / "d.npz", tmp_path / "hard.npz")
    (tmp_path / "soft.npz").symlink_to(data / "d.npz")
    os.mkfifo(tmp_path / "pipe.npz")
    for name in ("hard.npz", "soft.npz", "data/d.npz", "data/../data/d.npz"):
        for inputs in ([data], [data / "d.npz"]):
            with pytest.raises(SSLKitError, match="is read by this command"):
                output_file(tmp_path / name, inputs, ours, force=True)
    for path in (tmp_path / "pipe.npz", Path(os.devnull), data):
        with pytest.raises(SSLKitError, match=r"is a (folder|device)"):
            output_file(path, [], ours, force=True)
    assert output_file(tmp_path / "soft.npz", [], ours, force=False) == (data / "d.npz").resolve()
    assert output_file(tmp_path / "new.npz", [data], ours, force=False) == tmp_path.resolve() / "new.npz"


def test_a_file_of_another_kind_needs_force(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content, taken in ((b"ours", True), (b"", True), (b"thesis", False)):
        path.write_bytes(content)
        if taken:
            assert output_file(path, [], ours, force=False) == path.resolve()
        else:
            with pytest.raises(SSLKitError, match="--force"):
                output_file(path, [], ours, force=False)
        assert output_file(path, [], ours, force=True) == path.resolve()
        assert path.read_bytes() == content


def test_a_folder_is_new_or_ours(tmp_path: Path) -> None:
    require_own_folder(tmp_path / "new", "run.json")
    require_own_folder(tmp_path, "run.json")
    (tmp_path / ".lock").touch()
    (tmp_path / ".run.json.0123abcd.tmp").touch()
    require_own_folder(tmp_path, "run.json")
    for name in ("b", "c", "d", "e"):
        (tmp_path / name).touch()
    with pytest.raises(SSLKitError, match=r"holds files \(b, c, d and 1 more\), but no run\.json of sslkit"):
        require_own_folder(tmp_path, "run.json")
    with pytest.raises(SSLKitError, match="is no folder"):
        require_own_folder(tmp_path / "b", "run.json")
    (tmp_path / "run.json").touch()
    require_own_folder(tmp_path, "run.json")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outputs")
    assert run(["pretrain", str(tiny_study(folder)), "--out", str(folder / "run")]) == 0
    return folder


def embed(folder: Path, output: Path, *more: str) -> int:
    return run(["embed", str(folder / "run"), str(folder / "signals.npz"), "-o", str(output), *more])


def test_embed_keeps_its_input_and_files_of_others(trained: Path, tmp_path: Path, capsys) -> None:
    before = (trained / "signals.npz").read_bytes()
    assert embed(trained, trained / "signals.npz", "--force") == 2
    assert embed(trained, trained / "run" / "encoder.npz") == 0  # a new file in the run's folder is nobody's
    np.savez(tmp_path / "other.npz", mine=np.zeros(3))
    assert embed(trained, tmp_path / "other.npz") == 2
    assert "is read by this command" in (said := capsys.readouterr().err) and "--force" in said
    with np.load(tmp_path / "other.npz") as kept:
        assert list(kept) == ["mine"]
    for name in ("other.npz", "other.npz", "a.csv", "a.csv", "a.parquet", "a.parquet"):
        assert embed(trained, tmp_path / name, *(["--force"] if name == "other.npz" else [])) == 0
    with np.load(tmp_path / "other.npz") as written:
        assert "features" in written
    assert (trained / "signals.npz").read_bytes() == before


@pytest.mark.parametrize("command", ["pretrain", "preview", "compare"])
def test_results_go_into_no_folder_of_others(command: str, trained: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "encoder.json").write_text("mine", encoding="utf-8")
    (tmp_path / ".notes.beef.tmp").write_text("mine", encoding="utf-8")
    assert run([command, str(trained / "tiny.yaml"), "--out", str(tmp_path)]) == 2
    assert "holds files (encoder.json)" in capsys.readouterr().err
    assert (tmp_path / "encoder.json").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / ".notes.beef.tmp").exists()
