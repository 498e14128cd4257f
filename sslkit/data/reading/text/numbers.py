"""Text → numbers, as machines and office programs write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.text.dialect import MISSING

if TYPE_CHECKING:
    import pyarrow

WORDS = {
    "true": 1.0,
    "false": 0.0,
    "inf": np.inf,
    "+inf": np.inf,
    "-inf": -np.inf,
    "1.#inf": np.inf,
    "-1.#inf": -np.inf,
}


def to_numbers(
    array: pyarrow.Array, decimal: str = ".", thousands: str = "", missing: Sequence[object] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """A column of text or of any type as float64, NaN where there is no value; and the rows that are no numbers.

    Numbers of text become the float64 nearest to them. ``true`` and ``false`` are 1 and 0.

    Args:
        array: the column.
        decimal, thousands: signs in numbers of text.
        missing: what means that there is no value, besides ``dialect.MISSING``.
    """
    import pyarrow

    kind = array.type
    if pyarrow.types.is_dictionary(kind):
        array = array.cast(kind.value_type)
    nothing = np.empty(0, dtype=np.int64)
    if pyarrow.types.is_boolean(kind) or pyarrow.types.is_decimal(kind):
        array = array.cast(pyarrow.float64())
    if pyarrow.types.is_integer(array.type) or pyarrow.types.is_floating(array.type):
        values = array.to_numpy(zero_copy_only=False).astype(np.float64)
        bad = nothing
    elif pyarrow.types.is_null(array.type):
        values, bad = np.full(len(array), np.nan), nothing
    elif pyarrow.types.is_string(array.type) or pyarrow.types.is_large_string(array.type):
        values, bad = _of_text(array, decimal, thousands, {str(value) for value in missing})
    else:
        return np.full(len(array), np.nan), np.arange(min(1, len(array)))
    for value in missing:
        if isinstance(value, int | float):
            values[values == value] = np.nan
    return values, bad


def _of_text(
    array: pyarrow.Array, decimal: str, thousands: str, missing: set[str]
) -> tuple[np.ndarray, np.ndarray]:
    import pyarrow
    import pyarrow.compute as pc

    array = pc.utf8_trim_whitespace(array)
    absent = pc.is_in(array, pyarrow.array([*MISSING, *missing], array.type))
    array = pc.if_else(absent, pyarrow.scalar(None, array.type), array)
    if thousands:
        for sign in {thousands, *("\u00a0\u202f " if thousands.isspace() else "")}:
            array = pc.replace_substring(array, sign, "")
    if decimal != ".":
        array = pc.replace_substring(array, decimal, ".")
    try:
        return pc.cast(array, pyarrow.float64()).to_numpy(zero_copy_only=False).astype(np.float64), np.empty(
            0, int
        )
    except pyarrow.ArrowInvalid:
        pass
    coded = array.dictionary_encode()
    known = np.array([_number(text) for text in coded.dictionary.to_pylist()] + [np.nan], dtype=object)
    places = coded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    wrong = np.array([value is None for value in known])
    values = np.array([np.nan if value is None else value for value in known], dtype=np.float64)
    return values[places], np.flatnonzero(wrong[places])


def _number(text: str) -> float | None:
    """None where it is no number. Fortran's exponents (1.5D+03) are taken, underscores are not."""
    low = text.lower()
    if low in WORDS:
        return WORDS[low]
    try:
        return float(low.replace("d", "e")) if "_" not in low else None
    except ValueError:
        return None
