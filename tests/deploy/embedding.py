"""What tests of embedding share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sslkit.deploy.embed import embed_files
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry

ARRAYS = {"name": "arrays", "path": "gone.npz"}
CLOSE: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5}


def embedded(
    run: Path, data: Path, batch_size: int = 4, settings: Mapping[str, Any] | None = None
) -> dict[str, np.ndarray]:
    return embed_files(run, data, load_registry()[0], batch_size, settings)[0]


def refusal(run: Path, data: Path, settings: Mapping[str, Any] | None = None) -> str:
    with pytest.raises(SSLKitError) as caught:
        embedded(run, data, settings=settings)
    return str(caught.value)


def said(run: Path, data: Path, settings: Mapping[str, Any] | None = None) -> str:
    """All notes, a line each."""
    return "\n".join(map(str, embed_files(run, data, load_registry()[0], 4, settings)[1].notes))


def saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path
