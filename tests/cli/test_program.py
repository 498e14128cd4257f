"""From words to an exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sslkit import api
from sslkit.cli import main, run


def test_a_command_that_returns_nothing_is_done(capsys):
    assert run(["list", "schedule"]) == 0
    assert "warmup-cosine" in capsys.readouterr().out


def test_main_exits_with_the_status(capsys):
    with pytest.raises(SystemExit) as exit_of:
        main(["show", "backbone", "resnet1dd"])
    assert exit_of.value.code == 2
    assert "Did you mean 'resnet1d'?" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (OSError("disk"), 2)])
def test_an_exception_becomes_a_status(error, status, monkeypatch, capsys):
    def fail(*arguments: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(api, "preview", fail)
    assert run(["preview", "c.yaml"]) == status
    assert capsys.readouterr().err


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    def fail(*arguments: object, **more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api, "preview", fail)
    with pytest.raises(ZeroDivisionError) as caught:
        run(["preview", "c.yaml"])
    assert caught.traceback[-1].name == "fail"


@pytest.mark.parametrize(
    "words",
    [
        ["preview", "c.yaml", "a.b=1", "c=2", "--out", "x"],
        ["preview", "c.yaml", "--out", "x", "a.b=1", "c=2"],
        ["preview", "--out", "x", "c.yaml", "a.b=1", "c=2"],
        ["preview", "c.yaml", "a.b=1", "--out", "x", "c=2"],
    ],
)
def test_overrides_stand_before_and_behind_options(words, monkeypatch, capsys):
    called = []

    def note(config, overrides, out, plugin_paths, report):
        called.append((config, overrides, out, plugin_paths))
        return Path("page.html"), []

    monkeypatch.setattr(api, "preview", note)
    assert run(words) == 0
    assert called == [(Path("c.yaml"), ["a.b=1", "c=2"], Path("x"), [])]
    assert capsys.readouterr().out == "preview: page.html\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["compar"], "invalid choice: 'compar'"),
        (["compare"], "config"),
        (["compare", "c.yaml", "--worker-count", "2"], "--worker-count"),
        (["compare", "c.yaml", "--out", "x", "no-override"], "no-override"),
        (["compare", "c.yaml", "--pool", "moon"], "invalid choice: 'moon'"),
        (["evaluate", "run", "a.b=1"], "a.b=1"),
    ],
)
def test_what_is_no_command_is_refused_with_words(words, said, capsys):
    with pytest.raises(SystemExit) as exit_of:
        run(words)
    assert exit_of.value.code == 2
    assert said in capsys.readouterr().err


def test_names_that_the_terminal_cannot_show_are_no_reason_to_stop(tmp_path):
    (tmp_path / "größe.py").write_text("x = 1\n", encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "sslkit", "plugins", "--plugin-path", str(tmp_path)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert found.returncode == 0, found.stderr
    assert rb"gr\xf6\xdfe" in found.stdout
    found.stdout.decode("ascii")


@pytest.mark.parametrize("command", ["schema", "list", "env", "plugins"])
def test_a_reader_that_has_seen_enough_is_no_failure(command):
    process = subprocess.Popen(
        [sys.executable, "-m", "sslkit", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    assert (process.wait(), said) == (0, b"")
    process.stderr.close()
