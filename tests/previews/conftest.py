"""Prepared experiments on small data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from tests.conftest import tiny, write_signals


@pytest.fixture
def prepared_with(tmp_path: Path) -> Callable[..., Prepared]:
    """Of the tiny config with changes; on the tiny signals, or on arrays of one's own."""

    def make(arrays: dict[str, np.ndarray] | None = None, **changes: Any) -> Prepared:
        path = tmp_path / "data.npz"
        write_signals(path) if arrays is None else np.savez(path, **arrays)  # type: ignore[arg-type]
        registry = load_registry(())[0]
        config = {"name": "tiny", **tiny(path), **changes}
        config["data"] = {**config["data"], "path": str(path)}
        (experiment,) = parse_study(config, [], registry).experiments
        return prepare(experiment, registry)

    return make
