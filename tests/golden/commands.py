"""The command line, in this process and in a fresh one."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from unittest import mock

import sslkit

ROOT = Path(sslkit.__file__).parents[1]


def command(folder: Path, *arguments: str) -> int:
    """Exit status of ``python -m sslkit …`` in ``folder``, run in this process to save the imports."""
    with chdir(folder), mock.patch.object(sys, "argv", ["sslkit", *arguments]):
        try:
            runpy.run_module("sslkit", run_name="__main__")
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def fresh_command(folder: Path, *arguments: str, **settings: str) -> None:
    """The same in a process of its own, of the program that is tested, with these environment variables."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    subprocess.run(
        [sys.executable, "-m", "sslkit", *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        timeout=300,
    )
