"""A finished comparison to damage, and the program called within bounds."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sslkit.cli import run
from sslkit.testing import tiny_study

MOST_MEMORY = 8 * 1024**3  # bytes of address space more than at the beginning


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data ``signals.npz``, config ``tiny.yaml`` and a finished comparison ``run``; not to be changed."""
    folder = tmp_path_factory.mktemp("fuzz")
    assert run(["compare", str(tiny_study(folder)), "--out", str(folder / "run")]) == 0
    return folder


@pytest.fixture(autouse=True)
def bounded_memory() -> Iterator[None]:
    """What asks for gigabytes gets a MemoryError."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture(scope="session")
def called() -> Callable[..., str]:
    """Call the program, which must end well or with one message; returns the message."""

    def call(*arguments: object) -> str:
        said, wrong = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
            status = run([str(argument) for argument in arguments])
        message = wrong.getvalue()
        assert status in (0, 1, 2), (status, message)  # 1: reproduced, with other figures
        assert len(message) < 2200 and "Traceback" not in message
        assert status != 2 or message.count("error: ") >= 1
        return message

    return call
