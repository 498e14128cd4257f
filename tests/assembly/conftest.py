"""Small experiments, prepared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.config import Experiment, parse_study
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from tests.conftest import tiny


@pytest.fixture
def registry() -> Registry:
    """The built-ins."""
    return load_registry()[0]


@pytest.fixture
def experiment_of(signals: Path, registry: Registry) -> Callable[..., Experiment]:
    """The tiny experiment, with changes."""

    def make(**changes: Any) -> Experiment:
        (experiment,) = parse_study({**tiny(signals), **changes}, [], registry).experiments
        return experiment

    return make


@pytest.fixture
def prepared_of(experiment_of: Callable[..., Experiment], registry: Registry) -> Callable[..., Prepared]:
    """The same, prepared."""
    return lambda **changes: prepare(experiment_of(**changes), registry)
