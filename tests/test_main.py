"""``python -m sslkit`` is the program ``sslkit``."""

from __future__ import annotations

import importlib
import runpy
import sys

import pytest


def run_module(*arguments: str) -> object:
    """The exit status of ``python -m sslkit`` with the arguments, in this process."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as exit_of:
        patch.setattr(sys, "argv", ["sslkit", *arguments])
        runpy.run_module("sslkit", run_name="__main__", alter_sys=True)
    return exit_of.value.code


def test_it_runs_the_command_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_module("list", "schedule") == 0
    assert "warmup-cosine" in capsys.readouterr().out


def test_its_exit_status_is_the_command_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_module("list", "schedules") == 2
    assert capsys.readouterr().err.startswith("error: there is no kind 'schedules'")


def test_importing_it_runs_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = importlib.import_module("sslkit.__main__")
    del sys.modules["sslkit.__main__"]  # runpy, which others use, wants to import it itself
    assert callable(module.main)
    assert capsys.readouterr().out == ""
