"""A pre-training that is stopped half-way, to be taken up by a later version of the program."""

from __future__ import annotations

import os
import signal
import time
from contextlib import chdir
from pathlib import Path

import torch

import sslkit
from tests.golden.configs import STOPPED, STOPPED_AFTER
from tests.golden.measuring import write_config

PAUSE = 0.3  # seconds; progress is told a few times a second at most, and here every step is to be told


def stopped_run(folder: Path) -> Path:
    """Ctrl-C after some steps: the run ends in order, and keeps what it reached in a checkpoint."""
    path = write_config(folder, STOPPED)
    torch.set_num_threads(1)
    with chdir(folder):
        try:
            sslkit.pretrain(path.name, out="run", report=_interrupt)
        except BaseException as stop:
            if type(stop).__name__ != "Interrupted":
                raise
    return folder / "run"


def _interrupt(done: int, total: int, words: str) -> None:
    time.sleep(PAUSE)
    if done == STOPPED_AFTER:
        os.kill(os.getpid(), signal.SIGINT)
