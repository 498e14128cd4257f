"""What reading did with a user's data, in a form that tables, pages and people can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NAMED = 8  # names that a sentence has room for


@dataclass(frozen=True)
class Note:
    """Something that was dropped, merged, renamed, converted, resampled, guessed or taken as unknown.

    As text: ``40 of 640 rows are not used (fall): their stretches are shorter than 64 rows. Set length: 40.``

    Args:
        what: what happened, as the rest of a sentence that ``count`` begins: ``rows are not used``.
        count: how many; None where there is nothing to count.
        of: of how many.
        which: their names: classes, groups, files, columns.
        why: the reason, without a full stop.
        cure: what to do where it was not meant, as a sentence.
        warning: it may spoil what the figures say, so it is said more loudly.
    """

    what: str
    count: int | None = None
    of: int | None = None
    which: tuple[str, ...] = ()
    why: str = ""
    cure: str = ""
    warning: bool = False

    def __str__(self) -> str:
        amount = (
            "" if self.count is None else f"{self.count:,} of {self.of:,} " if self.of else f"{self.count:,} "
        )
        named = f" ({some(self.which)})" if self.which else ""
        why = f": {self.why}" if self.why else ""
        sentence = f"{amount}{self.what}{named}{why}"
        return (
            f"{sentence}. {self.cure}"
            if self.cure
            else sentence
            if sentence.endswith(".")
            else f"{sentence}."
        )

    def to_plain(self) -> dict[str, Any]:
        """For JSON; what is not there is left out, and ``text`` is the sentence."""
        plain = {key: value for key, value in asdict(self).items() if value not in (None, (), "", False)}
        return {**plain, "text": str(self)}


def note_text(plain: object) -> str:
    """The sentence of a note in a manifest; older manifests have the sentence alone."""
    return str(plain["text"]) if isinstance(plain, Mapping) and "text" in plain else str(plain)


def some(names: tuple[str, ...], most: int = NAMED) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
