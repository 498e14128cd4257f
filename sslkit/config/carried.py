"""Configs that come with sslkit, by name: ``quickstart``, ``images/mnist5k``."""

from __future__ import annotations

from pathlib import Path, PurePath

from sslkit.errors import SSLKitError, did_you_mean

PACKAGE = Path(__file__).parents[1]


def carried_configs() -> dict[str, Path]:
    """Name (the path below ``configs/`` without its ending) → file.

    A wheel has the folder inside the package, a clone beside it.
    """
    inside = PACKAGE / "configs"
    folder = inside if inside.is_dir() else PACKAGE.parent / "configs"
    found = sorted(folder.rglob("*.yaml"))
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in found}


def find_config(name: str | Path, folder: Path = Path()) -> Path:
    """The file of that path, seen from ``folder``; where there is none, the carried config of that name.

    A path that is neither is returned as it is, for the reader of the file to complain about.
    """
    path = folder / name
    return path if path.is_file() else carried_configs().get(PurePath(name).as_posix(), path)


def read_carried(name: str) -> str:
    """The text of a carried config.

    Raises:
        SSLKitError: there is none of that name.
    """
    carried = carried_configs()
    if name not in carried:
        raise SSLKitError(f"there is no config '{name}'. {did_you_mean(name, carried)}")
    return carried[name].read_text(encoding="utf-8")


def summary_of(path: Path) -> str:
    """The first line of a config, which says what it is for."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
