"""Notes of many files → one of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sslkit.types import Note


def merged(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes that say the same of different files become one, with counts added up and names joined.

    Of the reasons, the first is kept.
    """
    found: dict[tuple[str, bool], Note] = {}
    for note in notes:
        known = found.get((note.what, note.warning))
        if known is not None:
            note = replace(
                known,
                count=_sum(known.count, note.count),
                of=_sum(known.of, note.of),
                which=tuple(dict.fromkeys((*known.which, *note.which))),
            )
        found[note.what, note.warning] = note
    return tuple(found.values())


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
