"""Files appear whole or not at all, hold the same bytes on every system, and belong to one process at a time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sslkit import files
from sslkit.errors import SSLKitError
from sslkit.files import (
    only_one,
    read_json,
    remove_file,
    remove_leftovers,
    try_folder,
    write_atomically,
    write_bytes,
    write_json,
    write_npz,
    write_text,
)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_appears_whole_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.bin"
    write_bytes(path, b"\x00\r\n")
    assert path.read_bytes() == b"\x00\r\n" and names(path.parent) == {"c.bin"}


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    write_text(path, "old")

    def write(temporary: Path) -> None:
        temporary.write_bytes(b"ne")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(SSLKitError, match=r"kept\.txt: cannot be written: the disk is full"):
        write_atomically(path, write)
    assert path.read_bytes() == b"old" and names(tmp_path) == {"kept.txt"}


def test_torchs_words_for_a_full_disk(tmp_path: Path) -> None:
    def write(temporary: Path) -> None:
        raise RuntimeError("[enforce fail at inline_container.cc:668] . unexpected pos 64 vs 0")

    with pytest.raises(SSLKitError, match="the disk is full"):
        write_atomically(tmp_path / "checkpoint.pt", write)


def test_text_has_the_same_bytes_everywhere(tmp_path: Path) -> None:
    """No carriage returns, no local encoding, and no failure on a file name's bytes that are no text."""
    write_text(tmp_path / "text", "τ → ½\nnext\nodd \udcff\n")
    assert (tmp_path / "text").read_bytes() == "τ → ½\nnext\nodd \\udcff\n".encode()


def test_what_is_flushed_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows flushes no descriptor that is open for reading only."""
    fcntl = pytest.importorskip("fcntl")
    modes = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        modes.append(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_text(tmp_path / "x", "")
    assert modes == [os.O_RDWR]


def busy(times: int, real):  # type: ignore[no-untyped-def]
    """``os.replace`` or ``unlink`` as Windows has it while another program reads the file."""
    tried = [0]

    def refuse(*arguments, **named):  # type: ignore[no-untyped-def]
        tried[0] += 1
        if tried[0] <= times:
            raise PermissionError(
                errno.EACCES, "Access is denied", str(arguments[0]), None, str(arguments[-1])
            )
        return real(*arguments, **named)

    return refuse


def test_a_file_that_is_being_read_is_replaced_a_little_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text(tmp_path / "results.csv", "old")
    monkeypatch.setattr(os, "replace", busy(3, os.replace))
    write_text(tmp_path / "results.csv", "new")
    assert (tmp_path / "results.csv").read_text("utf-8") == "new"


def test_a_file_that_stays_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text(tmp_path / "results.csv", "old")
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(os, "replace", busy(10_000, os.replace))
    with pytest.raises(SSLKitError, match=r"results\.csv: cannot be replaced: .* open in another program"):
        write_text(tmp_path / "results.csv", "new")
    assert (tmp_path / "results.csv").read_text("utf-8") == "old" and names(tmp_path) == {"results.csv"}


def test_removing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "checkpoint.pt"
    remove_file(path)
    path.touch()
    monkeypatch.setattr(Path, "unlink", busy(2, Path.unlink))
    remove_file(path)
    assert not path.exists()
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(Path, "unlink", busy(10_000, None))
    with pytest.raises(SSLKitError, match=r"checkpoint\.pt: cannot be removed"):
        remove_file(path)


def test_leftovers_go_and_nothing_else(tmp_path: Path) -> None:
    for name in (".a.json.17.tmp", "a.json", ".lock", "b.tmp"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert names(tmp_path) == {"a.json", ".lock", "b.tmp"}


def test_json_and_arrays_come_back(tmp_path: Path) -> None:
    content = {"ä": [1, 2.5, None], "b": {"c": "→"}}
    write_json(tmp_path / "x.json", content)
    assert read_json(tmp_path / "x.json", "a thing") == content
    assert "→" in (tmp_path / "x.json").read_text("utf-8")
    write_npz(tmp_path / "x.npz", {"a": np.arange(3)})
    with np.load(tmp_path / "x.npz") as found:
        assert found["a"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""])
def test_no_json(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(SSLKitError, match=r"x\.json: is not a manifest: "):
        read_json(tmp_path / "x.json", "a manifest")
    with pytest.raises(SSLKitError, match="there is no such file; expected a manifest"):
        read_json(tmp_path / "y.json", "a manifest")


HOLD = """
import sys, time
from pathlib import Path
from sslkit.files import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """A process that has the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_folder_belongs_to_one_process_and_is_free_when_that_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    process = hold(folder)
    started = time.monotonic()
    with pytest.raises(SSLKitError, match="another sslkit is at work in this folder"), only_one(folder):
        pytest.fail("two have it")
    assert time.monotonic() - started < 2
    process.kill()
    process.communicate()
    with only_one(folder):
        assert (folder / ".lock").exists()


def test_a_lock_file_that_lies_there_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / ".lock").touch()
    for _ in range(2):
        with only_one(tmp_path):
            pass


def test_the_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), only_one(tmp_path):
        raise KeyError
    with only_one(tmp_path), pytest.raises(SSLKitError, match="another sslkit"), only_one(tmp_path):
        pytest.fail("twice in one process")


def test_a_link_in_the_locks_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"kept")
    (tmp_path / "runs").mkdir()
    try:
        (tmp_path / "runs" / ".lock").symlink_to(tmp_path / "precious")
    except OSError:
        pytest.skip("this user may make no symbolic links (Windows)")
    with pytest.raises(SSLKitError, match="cannot be written"), only_one(tmp_path / "runs"):
        pytest.fail("followed")
    assert (tmp_path / "precious").read_bytes() == b"kept"


def test_a_file_system_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLocks:
        def __init__(self, path: Path) -> None:
            pass

        def acquire(self, blocking: bool) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(files, "FileLock", NoLocks)
    with (
        pytest.raises(SSLKitError, match=f"cannot be written: .*{os.strerror(errno.ENOLCK)}"),
        only_one(tmp_path),
    ):
        pytest.fail("not locked")


def test_manifest_like_json_is_indented(tmp_path: Path) -> None:
    write_json(tmp_path / "m.json", {"a": 1})
    assert (tmp_path / "m.json").read_bytes() == json.dumps({"a": 1}, indent=2).encode() + b"\n"


def test_a_folder_with_room_is_left_as_it_was(tmp_path: Path) -> None:
    try_folder(tmp_path / "member" / "byol-seed0")
    (tmp_path / "there").mkdir()
    try_folder(tmp_path / "there")
    assert names(tmp_path) == {"member", "there"} and not list(tmp_path.glob("*/*"))


def test_a_path_that_is_too_long_is_said_before_the_training(tmp_path: Path) -> None:
    """Every system has a longest name; Windows' 259 letters of a path fail in the same way."""
    folder = tmp_path / ("x" * 300)
    with pytest.raises(SSLKitError, match=r"files cannot be made there: .* choose a shorter one with --out"):
        try_folder(folder)


def test_what_a_run_writes_is_no_longer_than_what_is_tried() -> None:
    longest = ".encoder.safetensors.0123abcd.tmp"
    spare = len("tuning/") - len("-seed0") + len("-trial999")  # a trial's folder is longer than its run's
    assert len(longest) + max(0, spare) <= files.LONGEST_FILE


def test_a_lock_that_holds_something_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"kept")
    (tmp_path / "runs").mkdir()
    os.link(tmp_path / "precious", tmp_path / "runs" / ".lock")
    with pytest.raises(SSLKitError, match="no lock of sslkit"), only_one(tmp_path / "runs"):
        pytest.fail("taken")
    assert (tmp_path / "precious").read_bytes() == b"kept"


def test_temporary_names_cannot_be_laid_out_before(tmp_path: Path) -> None:
    seen = set()
    for _ in range(3):
        write_atomically(tmp_path / "a", lambda file: (seen.add(file.name), file.touch())[1])
    assert len(seen) == 3 and not any(str(os.getpid()) == name.split(".")[-2] for name in seen)
