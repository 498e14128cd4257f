"""Exceptions, exit statuses and words."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from sslkit.cli.endings import ENDINGS, ending_of
from sslkit.errors import ConfigError, Problem, SSLKitError
from sslkit.running.pools import Stopped
from sslkit.training.trainer import Diverged, Interrupted

GO_ON = "stopped; what was reached is saved. Run the same command again to go on.\n"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (SSLKitError("no {such} file."), 2, "error: no {such} file.\n"),
        (ConfigError([Problem("seeds", "is empty")]), 2, "error: config: 1 problem\n  seeds: is empty.\n"),
        (Diverged("the loss is NaN."), 2, "error: the loss is NaN.\n"),
        (
            PermissionError(errno.EACCES, "Permission denied", "x"),
            2,
            "error: [Errno 13] Permission denied: 'x'. Is there space, and may it be read and written?\n",
        ),
        (MemoryError("3 GB"), 2, "error: out of memory: 3 GB. Use smaller samples or batches.\n"),
        (KeyboardInterrupt(), 130, "stopped\n"),
        (Interrupted(), 130, GO_ON),
        (Stopped(), 130, GO_ON),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_exception_has_its_status_and_words(error, status, words, capsys):
    ending = ending_of(error)
    assert ending is not None
    ending.tell(error)
    assert (ending.status, capsys.readouterr()) == (status, ("", words))


@pytest.mark.parametrize("error", [ValueError("x"), RuntimeError("x"), SystemExit(3), GeneratorExit()])
def test_a_fault_of_ours_has_none(error):
    assert ending_of(error) is None


def test_a_closed_pipe_is_no_failure_and_the_output_goes_nowhere():
    ending = ending_of(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert ending is not None and ending.status == 0
    code = "from sslkit.cli.endings import ending_of; e = BrokenPipeError(); print('read', flush=True); "
    code += "ending_of(e).tell(e); print('nobody reads this', flush=True)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "read\n", "")


def test_no_ending_hides_another():
    kinds = list(ENDINGS)
    for number, kind in enumerate(kinds):
        assert not issubclass(kind, tuple(kinds[:number])), f"{kind.__name__} is never reached"
