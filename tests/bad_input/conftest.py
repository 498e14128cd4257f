"""What the tests of bad input start from, and what a refusal has to be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from sslkit.cli import run
from tests.bad_input.inputs import QUICK, contents
from tests.conftest import tiny, write_signals


@pytest.fixture(scope="package")
def finished(tmp_path_factory):
    """A folder with data, config and a finished comparison ``out``."""
    folder = tmp_path_factory.mktemp("finished")
    config = tiny(write_signals(folder / "signals.npz"), **QUICK)
    (folder / "tiny.yaml").write_text(yaml.safe_dump(config))
    assert run(["compare", str(folder / "tiny.yaml"), "--out", str(folder / "out")]) == 0
    return folder


@pytest.fixture
def spoilt(finished, tmp_path):
    """A copy of its results that a test may spoil."""
    return shutil.copytree(finished / "out", tmp_path / "spoilt")


@pytest.fixture
def refused(tmp_path, capsys):
    """Call the program, which must refuse; what lay in the test's folder stays as it was. Returns the message."""

    def call(*arguments: object, keeps: Path = tmp_path) -> str:
        before = contents(keeps)
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        message = capsys.readouterr().err
        assert status == 2, message
        assert message.startswith("error: ")
        assert "Traceback" not in message
        after = contents(keeps)
        assert after.items() >= before.items()
        assert not [path for path in after if path.endswith(".tmp")]
        return message

    return call
