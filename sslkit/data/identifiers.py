"""Labels, groups and recordings of any type → text with one canonical form.

A person that one file calls ``1`` and the next ``1.0`` (pandas writes it so once a cell of the column is empty) is one
person, and must not stand on both sides of a split. Leading zeros are kept: ``007`` may be another machine than ``7``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from sslkit.types import Note

# what programs write for "there is no value": as pandas reads it, and -1, the convention of this program
NO_VALUE = (
    *("", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "null", "NULL", "Null", "None", "<NA>", "NaT"),
    *("#N/A", "#N/A N/A", "#NA", "#VALUE!", "#NULL!", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND"),
)
# what people write for "not labelled" in words of their own, in small letters; they may be classes, so it is said
LIKE_NO_VALUE = frozenset(
    (
        *(
            "-",
            "--",
            ".",
            "?",
            "??",
            "...",
            "none",
            "nil",
            "n.a.",
            "n.a",
            "unknown",
            "unk",
            "unlabeled",
            "unlabelled",
        ),
        *(
            "undefined",
            "undef",
            "unspecified",
            "unsure",
            "missing",
            "not_labeled",
            "not_labelled",
            "no_label",
        ),
        *("nolabel", "ignore", "unbekannt", "tbd", "todo"),
    )
)
PIECE = 2**18  # rows that are looked at together
_WHOLE = re.compile(r"([+-]?\d+)\.0*")


def canonical(value: object) -> str:
    """One value as text, ``""`` where there is none.

    Blanks around it are taken off, accents composed (NFC), and a whole number loses its fraction: ``1.0`` → ``1``.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    text = unicodedata.normalize("NFC", str(value)).strip()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


class Coded(NamedTuple):
    """A column as places in its different values: millions of rows take no more than a number each.

    Attributes:
        values: the different texts, sorted.
        places: of each row, among them.
    """

    values: np.ndarray
    places: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """How many rows have each value."""
        return np.bincount(self.places, minlength=len(self.values))


def different_values(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``np.unique(column, return_inverse=True)`` that needs little memory beside its result."""
    pieces = [column[start : start + PIECE] for start in range(0, len(column), PIECE)]
    different = np.unique(column[:0])
    for piece in pieces:
        different = np.unique(np.concatenate([different, np.unique(piece)]))
    places = np.empty(len(column), np.int32)
    for number, piece in enumerate(pieces):
        places[number * PIECE : number * PIECE + len(piece)] = np.searchsorted(different, piece)
    return different, places


def coded_column(column: np.ndarray) -> Coded:
    """A flat column of any type, each different value looked at once; what has one text is one value."""
    flat = np.asarray(column)
    if flat.dtype.kind in "OM":
        rows = flat.tolist() if flat.dtype.kind == "O" else np.datetime_as_string(flat).tolist()
        numbers: dict[object, int] = {}
        places = np.array([numbers.setdefault(_hashable(row), len(numbers)) for row in rows], dtype=np.int64)
        different = list(numbers)
    else:
        found, places = different_values(flat.ravel())
        different = found.tolist()
    texts = np.array([canonical(value) for value in different], dtype=str)
    values, merged = np.unique(texts, return_inverse=True)
    return Coded(values, merged.ravel().astype(np.int32)[places] if len(different) else places)


def canonical_column(column: np.ndarray) -> np.ndarray:
    """A column of any type as text."""
    flat = np.asarray(column)
    values, places = coded_column(flat.ravel())
    return values[places].reshape(flat.shape) if len(values) else np.empty(flat.shape, dtype=str)


def _hashable(value: object) -> object:
    return None if value != value else value


def look_alikes(names: Iterable[str], what: str) -> list[Note]:
    """A warning where names differ only in letter case, blanks or leading zeros: perhaps they are meant as one."""
    found: dict[str, list[str]] = {}
    for name in names:
        key = re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\s_\-]+", " ", name.casefold()))
        found.setdefault(key, []).append(name)
    alike = tuple(" / ".join(sorted(same)) for _, same in sorted(found.items()) if len(same) > 1)
    if not alike:
        return []
    why = "they differ only in letter case, blanks or leading zeros"
    return [
        Note(
            f"pair(s) of names in {what} look alike, and are taken as different",
            len(alike),
            which=alike,
            why=why,
            cure="If they are the same, give them one name in the files.",
            warning=True,
        )
    ]


def is_whole(text: str) -> bool:
    """Whether an identifier is a whole number."""
    return bool(re.fullmatch(r"[+-]?\d+", text))


def unknown_texts(unknown: Sequence[object] | None) -> frozenset[str]:
    """What counts as unknown: the user's list in canonical form; by default ``NO_VALUE`` and -1. Empty always does."""
    return frozenset({*NO_VALUE, "-1"} if unknown is None else {"", *map(canonical, unknown)})
