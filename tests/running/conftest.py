"""What the tests of this room share: a small experiment, prepared once, and a run of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from sslkit.running.runs import Run, execute, runs_of
from tests.conftest import tiny, write_signals

Prepare = Callable[..., Prepared]


def silent(done: int, total: int, words: str) -> None:
    """Report nothing."""


@pytest.fixture(scope="session")
def prepare_with(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Prepares a tiny experiment with changes to its config; ``registry`` is another registry."""
    data = write_signals(tmp_path_factory.mktemp("running") / "signals.npz", train=60, test=24)
    quick = {"budget": {"steps": 4}, "evaluators": ["linear"], "baselines": ["handcrafted"], "seeds": [0]}

    def prepare_with(registry: Any = None, **changes: Any) -> Prepared:
        registry = registry or load_registry()[0]
        content = tiny(data, name="tiny", **quick | changes)
        return prepare(parse_study(content, [], registry).experiments[0], registry)

    return prepare_with


@pytest.fixture(scope="session")
def _prepared(prepare_with: Prepare) -> Prepared:
    return prepare_with()


@pytest.fixture
def prepared(_prepared: Prepared) -> Prepared:
    """A tiny experiment of sensor windows; a test may change the fields of its copy."""
    return replace(_prepared)


@pytest.fixture(scope="session")
def executed(_prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """SimCLR's run, trained and judged, and its folder. Not to be changed."""
    (run,) = [run for run in runs_of(_prepared.experiment) if run.method == "simclr"]
    folder = tmp_path_factory.mktemp("executed") / run.folder_name
    execute(_prepared, run, folder, silent)
    return run, folder
