"""Labels and groups of any type → numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from sslkit.data.identifiers import (
    LIKE_NO_VALUE,
    Coded,
    coded_column,
    is_whole,
    look_alikes,
    unknown_texts,
)
from sslkit.errors import SSLKitError
from sslkit.types import Note

UNKNOWN = -1


class Labels(NamedTuple):
    """Class numbers (int64, -1 where unknown) for each column, the classes' names, and what was done to get there."""

    codes: list[np.ndarray]
    class_names: tuple[str, ...]
    notes: tuple[Note, ...] = ()


class Groups(NamedTuple):
    """Numbers (int64) for each column, equal where the groups are equal, also across columns, and the groups' names."""

    codes: list[np.ndarray]
    names: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def encode_labels(
    columns: Sequence[np.ndarray],
    where: str,
    names: Sequence[str] | None = None,
    unknown: Sequence[object] | None = None,
) -> Labels:
    """Label columns (training, test …) of integers, integral floats, booleans or text → class numbers.

    Labels are compared as text in canonical form, so that ``1``, ``1.0`` and ``"1"`` are one class. They are numbered
    in ascending order where all are whole numbers, else in sorted order. With ``names``, labels are these, or index
    them.

    Args:
        columns: one for each part.
        where: whose labels they are, for messages.
        names: of the classes.
        unknown: what means "not labelled", besides empty and NaN; by default -1 and what programs write for a missing
            value (``NO_VALUE``).

    Raises:
        SSLKitError: other types, fractions, negative numbers besides -1 that nobody has named, or labels beyond
            ``names``.
    """
    unknowns = unknown_texts(unknown)
    coded = [coded_column(_flat(column, where)) for column in columns]
    counts = _counted(coded)
    present = [value for value in counts if value not in unknowns]
    _check_negative(present, where, unknown)
    indexed = all(np.asarray(column).dtype.kind in "biuf" for column in columns)
    order = _numbered(present, names, indexed, where)
    codes = []
    for values, places in coded:
        numbers = [UNKNOWN if value in unknowns else order[value] for value in values.tolist()]
        codes.append(np.array(numbers, dtype=np.int64)[places] if numbers else places)
    class_names = tuple(map(str, names)) if names is not None else tuple(order)
    notes = [
        *_like_unknown(present, counts, where, unknown),
        *_taken_as_unknown({value: n for value, n in counts.items() if value in unknowns}, counts, where),
        *look_alikes(present, f"the classes of {where}"),
    ]
    return Labels(codes, class_names if present or names is not None else (), tuple(notes))


def _counted(coded: Sequence[Coded]) -> dict[str, int]:
    """Value → how often it occurs in all columns, sorted."""
    found: Counter[str] = Counter()
    for column in coded:
        found.update(dict(zip(column.values.tolist(), column.counts.tolist(), strict=True)))
    return dict(sorted(found.items()))


def encode_groups(columns: Sequence[np.ndarray], where: str = "groups") -> Groups:
    """Group columns of any type → numbers; in canonical form, so that ``1`` and ``1.0`` are one person.

    Numbers keep their order, text is sorted. Names are text as it is, and a number as ``group 7``.
    """
    numeric = all(np.asarray(column).dtype.kind in "biuf" for column in columns)
    coded = [coded_column(np.ravel(column)) for column in columns]
    found = sorted(
        {*chain.from_iterable(values.tolist() for values, _ in coded)}, key=_number if numeric else None
    )
    order = {value: number for number, value in enumerate(found)}
    codes = [
        np.array([order[value] for value in values.tolist()], dtype=np.int64)[places]
        if len(values)
        else places
        for values, places in coded
    ]
    names = [f"group {value}" for value in found] if numeric else found
    return Groups(codes, tuple(names), tuple(look_alikes(names, where)))


def _number(text: str) -> float:
    """For sorting: no value first, then as numbers."""
    return {"": -np.inf, "False": 0.0, "True": 1.0}[text] if text in ("", "False", "True") else float(text)


def _flat(column: np.ndarray, where: str) -> np.ndarray:
    column = np.asarray(column)
    if column.ndim == 2 and column.shape[1] == 1:
        column = column[:, 0]
    if column.ndim != 1:
        raise SSLKitError(
            f"{where}: labels have shape {column.shape}; one number or name a sample is needed (for one-hot "
            "labels, save y.argmax(axis=1))."
        )
    if column.dtype.kind not in "biufUOS":
        raise SSLKitError(
            f"{where}: labels are of type {column.dtype}; use integers or text, -1 where unknown."
        )
    if column.dtype.kind == "b":
        return column.astype(np.int64)
    if column.dtype.kind == "f":
        whole = (column == np.round(column)) & (np.abs(column) < 2**63)
        broken = column[np.isfinite(column) & ~whole]
        if len(broken):
            raise SSLKitError(
                f"{where}: label {broken[0]} is not a whole number. Labels are classes; bin a measured quantity first."
            )
        return np.where(np.isfinite(column), column, np.nan)
    return column


def _check_negative(present: Sequence[str], where: str, unknown: Sequence[object] | None) -> None:
    """Negative numbers other than -1 are classes or marks of "unknown"; only the user knows."""
    negative = [text for text in present if is_whole(text) and int(text) < 0]
    if negative and unknown is None:
        listed = ", ".join(negative[:8])
        raise SSLKitError(
            f"{where}: the labels {listed} are negative. Classes or marks for 'not labelled'? Say which values are "
            f"unknown: unknown: [-1], or unknown: [{listed}]; all others are classes."
        )


def _taken_as_unknown(lost: Mapping[str, int], counts: Mapping[str, int], where: str) -> list[Note]:
    """Which values meant "unknown", and how often; plainly missing ones (empty, NaN) are no surprise without others."""
    number, total = sum(lost.values()), sum(counts.values())
    if not lost or number == total:
        return []
    which = tuple(f"{value or 'empty'}: {count:,}" for value, count in lost.items())
    cure = ""
    if any(lost):
        cure = "Set unknown: [...] to the values that mean 'not labelled'; all others are classes."
        if "-1" in lost and "1" in counts:
            cure = "If -1 is a class (as in left, none, right), set unknown: []. " + cure
    return [Note("labels are taken as unknown", number, total, which, f"{where} has these values", cure)]


def _like_unknown(
    present: Sequence[str], counts: Mapping[str, int], where: str, unknown: Sequence[object] | None
) -> list[Note]:
    """Classes whose names mean "not labelled" to many people; who has set ``unknown`` has been asked."""
    likely = [name for name in present if name.lower().replace(" ", "_") in LIKE_NO_VALUE]
    if not likely or unknown is not None:
        return []
    which = tuple(f"{name}: {counts[name]:,}" for name in likely)
    listed = ", ".join(f"'{name}'" for name in likely)
    return [
        Note(
            "labels are taken as classes, though they may mean 'not labelled'",
            sum(counts[name] for name in likely),
            sum(counts.values()),
            which,
            f"{where} has these values",
            f"If they mean it, set unknown: ['', NA, {listed}]; if they are classes, set unknown: ['', NA].",
            warning=True,
        )
    ]


def _numbered(present: list[str], names: Sequence[str] | None, indexed: bool, where: str) -> dict[str, int]:
    """Label → class number; ``indexed`` labels are places in ``names``, others the names themselves if they can be."""
    if names is None:
        in_order = sorted(present, key=int) if all(map(is_whole, present)) else present
        return {label: number for number, label in enumerate(in_order)}
    order = {str(name): number for number, name in enumerate(names)}
    strangers = [label for label in present if label not in order]
    if not strangers and not indexed:
        return order
    if not all(map(is_whole, present)):
        raise SSLKitError(f"{where}: label '{strangers[0]}' is not among the names {', '.join(order)}.")
    highest = max(map(int, present), default=0)
    if highest >= len(names):
        raise SSLKitError(f"{where}: label {highest} has no name: there are {len(names)} names, from 0.")
    return {str(number): number for number in range(len(names))}
