"""Whether the files that data come from stay what they are while somebody works with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sslkit.data.samples import ends_hash
from sslkit.types import Part

MOST_FILES, MOST_HASHED = 200_000, 1000
SHOWN = 3  # files that are named


class FileState(NamedTuple):
    """Of one file; ``ends`` is the hash of its first and last block, None of files beyond the first thousand."""

    size: int
    time_ns: int
    ends: bytes | None


@dataclass(frozen=True)
class WatchedFiles:
    """Size, time of writing and sampled content of files, taken at some moment."""

    states: Mapping[Path, FileState | None]

    @classmethod
    def of(cls, settings: Mapping[str, Any], parts: Iterable[Part] = ()) -> WatchedFiles:
        """The files, and those in the folders, that a data source's settings name, and those that samples come from.

        Args:
            settings: of the source; every text in it that is a path counts.
            parts: with origins, where there are any.
        """
        named = [path for text in _texts(settings) for path in _files(text)]
        named += [Path(text) for part in parts for text in sorted(set(part.origins.get("path", ())))]
        paths = list(islice(dict.fromkeys(named), MOST_FILES))
        return cls({path: _state(path, number < MOST_HASHED) for number, path in enumerate(paths)})

    def changes(self) -> list[str]:
        """What is no longer as it was, in words: one sentence, or nothing."""
        kinds: dict[str, list[str]] = {}
        for number, (path, before) in enumerate(self.states.items()):
            if kind := _difference(before, _state(path, number < MOST_HASHED)):
                kinds.setdefault(kind, []).append(path.name)
        words = [
            f"{len(names)} {kind} ({', '.join(names[:SHOWN])}{' …' if len(names) > SHOWN else ''})"
            for kind, names in kinds.items()
        ]
        if not words:
            return []
        return [
            f"the data changed while this ran: of {len(self.states)} files {'; '.join(words)}. Figures may mix old and "
            "new data: put the files back, or run it again into another folder."
        ]


def _texts(settings: object) -> Iterator[str]:
    if isinstance(settings, str):
        yield settings
    elif isinstance(settings, Mapping):
        for value in settings.values():
            yield from _texts(value)
    elif isinstance(settings, list | tuple):
        for value in settings:
            yield from _texts(value)


def _files(text: str) -> Iterator[Path]:
    try:
        path = Path(text).expanduser()
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file())
    except (OSError, ValueError, RuntimeError):  # a text that is no path
        return


def _state(path: Path, hashed: bool) -> FileState | None:
    try:
        found = os.stat(path)
        return FileState(found.st_size, found.st_mtime_ns, ends_hash(path) if hashed else None)
    except OSError:
        return None


def _difference(before: FileState | None, now: FileState | None) -> str:
    if before == now:
        return ""
    if now is None:
        return "gone"
    if before is None:
        return "new"
    if before.size != now.size:
        return "of another size"
    return "of other content" if before.ends != now.ends else "written again"
