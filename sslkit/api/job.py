"""What all calls begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sslkit.config import Study, load_study
from sslkit.plugins import load_registry
from sslkit.registry import Registry


@dataclass(frozen=True)
class Job:
    """What all calls with a config begin with: components, what the config says, and the folder of what comes of it."""

    registry: Registry
    study: Study
    folder: Path
    plugin_paths: tuple[str, ...]

    @classmethod
    def begin(
        cls,
        config: str | Path,
        overrides: Sequence[str],
        out: str | Path | None,
        plugin_paths: Sequence[str | Path],
        suffix: str = "",
    ) -> Job:
        """Find plugins and read the config; the folder is ``out``, by default ``runs/NAME`` with the suffix.

        Raises:
            SSLKitError: all that is wrong with the config, in one message.
        """
        paths = path_texts(plugin_paths)
        registry, _ = load_registry(paths)
        study = load_study(config, overrides, registry)
        return cls(registry, study, Path(out) if out else Path("runs") / f"{study.name}{suffix}", paths)


def registry_with(plugin_paths: Sequence[str | Path]) -> Registry:
    """Built-ins and plugins, those of the paths among them."""
    registry, _ = load_registry(path_texts(plugin_paths))
    return registry


def path_texts(paths: Sequence[str | Path]) -> tuple[str, ...]:
    """As rooms within and worker processes take them."""
    return tuple(str(path) for path in paths)


def silent(done: int, total: int, words: str) -> None:
    """Report nothing."""
