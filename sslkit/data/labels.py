"""Labels and groups of any type → numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sslkit.errors import SSLKitError

UNKNOWN = -1


def encode_labels(
    columns: Sequence[np.ndarray], where: str, names: Sequence[str] | None = None
) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Label columns (training, test) → int64 class numbers, -1 where unknown, and the classes' names.

    Integers, integral floats, booleans or strings are taken; empty strings, NaN and negative numbers mean
    unknown. Strings are numbered in sorted order (numerically where they all are numbers), integers in
    ascending order. With ``names``, labels index them.

    Raises:
        SSLKitError: other types, fractions, or labels beyond ``names``; ``where`` says whose they are.
    """
    columns = [_flat(column, where) for column in columns]
    known = [_is_known(column) for column in columns]
    values = [
        column[mask].astype(str) if column.dtype.kind in "OUS" else _whole(column[mask], where)
        for column, mask in zip(columns, known, strict=True)
    ]
    if len({value.dtype.kind for value in values if len(value)}) > 1:
        raise SSLKitError(f"{where}: labels are text in one part and numbers in the other. Use one of them.")
    present = np.unique(np.concatenate([value for value in values if len(value)] or [np.empty(0, np.int64)]))
    order = _names_in_order(present, names, where)
    encoded = []
    for column, mask, value in zip(columns, known, values, strict=True):
        codes = np.full(len(column), UNKNOWN, dtype=np.int64)
        codes[mask] = np.array([order[item] for item in value.tolist()], dtype=np.int64)
        encoded.append(codes)
    class_names = (
        tuple(str(name) for name in names) if names is not None else tuple(str(key) for key in order)
    )
    return encoded, class_names if len(present) or names is not None else ()


def encode_groups(columns: Sequence[np.ndarray]) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Group columns of any type → int64 numbers, equal where the groups are equal, also across columns.

    Returns:
        A column of numbers each, and the groups' names: text as it is, a number as ``group 7``.
    """
    found, codes = np.unique(np.concatenate([np.ravel(column) for column in columns]), return_inverse=True)
    ends = np.cumsum([np.size(column) for column in columns])[:-1]
    names = [str(item) if found.dtype.kind in "OUS" else f"group {item}" for item in found.tolist()]
    return [part.astype(np.int64) for part in np.split(codes, ends)], tuple(names)


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
    if column.dtype.kind == "S":
        column = np.char.decode(column, "utf-8", "replace")
    return column


def _is_known(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind in "OU":
        return np.array([item is not None and str(item) != "" for item in column.tolist()], dtype=bool)
    known: np.ndarray = column >= 0
    if column.dtype.kind == "f":
        known &= np.isfinite(column)
    return known


def _whole(values: np.ndarray, where: str) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # numbers that no int64 holds differ, and are refused below
        whole = values.astype(np.int64)
    if values.dtype.kind == "f" and not np.array_equal(whole, values):
        first = values[whole != values][0]
        raise SSLKitError(
            f"{where}: label {first} is not a whole number. Labels are classes; bin a measured quantity "
            "first."
        )
    return whole


def _names_in_order(present: np.ndarray, names: Sequence[str] | None, where: str) -> dict[int | str, int]:
    """Label → class number."""
    if names is not None and present.dtype.kind != "U":
        if len(present) and present[-1] >= len(names):
            raise SSLKitError(
                f"{where}: label {present[-1]} has no name: there are {len(names)} names, from 0."
            )
        return {number: number for number in range(len(names))}
    if names is not None:
        order: dict[int | str, int] = {str(name): number for number, name in enumerate(names)}
        unknown = sorted(set(present.tolist()) - set(order))
        if unknown:
            raise SSLKitError(
                f"{where}: label '{unknown[0]}' is not among the names {', '.join(map(str, order))}."
            )
        return order
    labels = present.tolist()
    if present.dtype.kind == "U" and all(label.isdecimal() for label in labels):
        labels = sorted(labels, key=int)
    return {label: number for number, label in enumerate(labels)}
