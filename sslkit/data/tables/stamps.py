"""A column of stamps, however written → seconds, to the nanosecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.text.numbers import to_numbers
from sslkit.data.tables import stamp_texts
from sslkit.data.tables.stamp_units import Unit, find_unit
from sslkit.data.tables.table import Table
from sslkit.errors import SSLKitError
from sslkit.types import Note

if TYPE_CHECKING:
    import pyarrow

FIRST = 100  # stamps among which there is one to count from, mostly
EPOCH = 9e8  # numbers from here on are times since 1970, or since earlier
LARGE = 1e8  # numbers from here on are made small before they become float64
COMPACT = (1.9e13, 2.1e13)  # 20200131235959 is a date


@dataclass(frozen=True)
class Clock:
    """How a column of stamps is read.

    Args:
        form: ``numbers``, ``dates``, ``times of day``, ``durations`` or ``typed``.
        unit: of numbers.
        day_first: 3/4 is the third of April.
        wraps: seconds after which it begins again (midnight).
        absolute: stamps say when it was, not only how long after the start.
        words: for people.
        notes: what was guessed.
    """

    form: str
    unit: Unit = Unit("s", "")  # noqa: RUF009  (a NamedTuple)
    day_first: bool = True
    wraps: float | None = None
    absolute: bool = False
    words: str = ""
    notes: tuple[Note, ...] = ()

    def exact(self, begin: int) -> bool:
        """Whether seconds come from whole numbers or long ones, so that steps are known to all their digits."""
        return self.form == "numbers" and (self.unit.name != "s" or begin != 0)

    def begin(self, array: pyarrow.Array) -> int:
        """A whole number near the stamps, in their own unit (ns for dates), to count seconds from."""
        if self.form == "numbers":
            values = to_numbers(array)[0]
            known = values[np.isfinite(values)]
            return int(known[0]) if len(known) and abs(known[0]) >= LARGE else 0
        for some in (array[:FIRST], array):
            ns, bad = self._ns(some)
            good = np.delete(ns, bad)
            if len(good):
                return int(good[0])
        return 0

    def seconds(self, array: pyarrow.Array, begin: int) -> tuple[np.ndarray, np.ndarray]:
        """Stamps as seconds from ``begin`` on (float64, NaN where empty), and the rows that are no stamps."""
        if self.form == "numbers":
            values, bad = to_numbers(array)
            return self.unit.to_seconds(_exact(array, begin) if begin else values), bad
        ns, bad = self._ns(array)
        seconds = (ns - begin) / 1e9
        empty = _empty(array)
        seconds[empty] = np.nan
        return seconds, np.setdiff1d(bad, np.flatnonzero(empty))

    def _ns(self, array: pyarrow.Array) -> tuple[np.ndarray, np.ndarray]:
        import pyarrow
        import pyarrow.compute as pc

        if self.form == "typed":
            return _typed_ns(array)
        text = array.cast(pyarrow.string())
        if self.form == "dates":
            return stamp_texts.stamps_to_ns(text, self.day_first)
        if self.form == "times of day":
            return stamp_texts.times_of_day_to_ns(pc.utf8_trim_whitespace(text).to_pylist())
        return stamp_texts.durations_to_ns(text)


def stamp_column(table: Table, columns: Sequence[str]) -> pyarrow.Array:
    """One column, or several (date and time) as one of text, with a decimal point."""
    import pyarrow
    import pyarrow.compute as pc

    arrays = [table.columns[name] for name in columns]
    if len(arrays) > 1:
        return pc.binary_join_element_wise(*(array.cast(pyarrow.string()) for array in arrays), " ")
    array = arrays[0]
    if pyarrow.types.is_string(array.type) and table.reading.get("decimal") == ",":
        numeric = pc.replace_substring(array, ",", ".")
        return numeric if 2 * len(to_numbers(numeric)[1]) < len(numeric) else array
    return array


def find_clock(
    arrays: Sequence[pyarrow.Array],
    column: str,
    where: str,
    unit_cell: str = "",
    time_unit: str | None = None,
    day_first: bool | None = None,
    rate_hz: float | None = None,
) -> Clock:
    """How the stamps of all files are written.

    Raises:
        SSLKitError: it could be several ways: the message says which setting decides.
    """
    import pyarrow

    kinds = [array.type for array in arrays]
    if all(map(_is_typed, kinds)):
        zones = {kind.tz for kind in kinds if pyarrow.types.is_timestamp(kind)} - {None}
        wraps = 86400.0 if all(map(pyarrow.types.is_time, kinds)) else None
        dates = all(pyarrow.types.is_timestamp(kind) or pyarrow.types.is_date(kind) for kind in kinds)
        words = "timestamps" + (", in UTC" if zones else "")
        return Clock("typed", wraps=wraps, words=words, absolute=dates)
    if any(map(_is_typed, kinds)):
        raise SSLKitError(
            f"{where}: column '{column}' has times in some files and text or numbers in others."
        )
    numbers = [to_numbers(array) for array in arrays]
    values = [value for value, _ in numbers]
    typical = next((float(v[np.isfinite(v)][0]) for v in values if np.isfinite(v).any()), np.nan)
    rows, bad_rows = sum(len(value) for value in values), sum(len(bad) for _, bad in numbers)
    if 2 * bad_rows < rows and not COMPACT[0] <= typical <= COMPACT[1]:  # single bad ones are named later
        return _number_clock(values, typical, column, where, unit_cell, time_unit, rate_hz)
    return _text_clock([array.cast(pyarrow.string()) for array in arrays], column, where, day_first)


def _number_clock(
    values: Sequence[np.ndarray],
    typical: float,
    column: str,
    where: str,
    unit_cell: str,
    time_unit: str | None,
    rate_hz: float | None,
) -> Clock:
    steps = np.concatenate([np.diff(value[np.isfinite(value)]) for value in values])
    forward = steps[steps > 0]
    if not len(forward):
        return Clock(
            "numbers", Unit(time_unit or "s", "time_unit" if time_unit else ""), words=time_unit or "s"
        )
    if len(forward) < 0.8 * len(steps):  # several recordings in turn, or rows out of order
        every = np.concatenate(values)
        forward = np.diff(np.unique(every[np.isfinite(every)]))
        forward = forward[forward > 0]
    usual = float(np.median(forward))
    inside = steps[(steps >= 0) & (steps <= 20 * usual)]
    unit = find_unit(
        typical,
        usual,
        float(inside.mean()) if len(inside) else usual,
        column,
        unit_cell,
        time_unit,
        rate_hz,
        where,
    )
    notes: tuple[Note, ...] = ()
    if unit.guessed:
        what = f"stamps of column '{column}' are taken as {unit.name}"
        notes = (Note(what, why=f"by {unit.why}", cure="If they are not, set time_unit."),)
    return Clock(
        "numbers", unit, words=unit.name, notes=notes, absolute=typical >= EPOCH or unit.name == "days"
    )


def _text_clock(arrays: Sequence[pyarrow.Array], column: str, where: str, day_first: bool | None) -> Clock:
    sample = next((t.strip() for array in arrays for t in array[:1000].to_pylist() if t and t.strip()), "")
    if stamp_texts.is_time_of_day(sample):
        wraps = 86400.0 if stamp_texts.OF_DAY.fullmatch(sample) else 3600.0
        return Clock("times of day", wraps=wraps, words="times of day")
    if "day" in sample or sample.upper().startswith(("P", "-P")):
        return Clock("durations", words="durations")
    found = [stamp_texts.days_and_months(array) for array in arrays]
    sign = next((sign for sign, *_ in found if sign), "")
    words = "dates, in UTC where they have zones"
    if not sign:
        return Clock("dates", words=words, absolute=True)
    first, second = max(one for _, one, _, _ in found), max(two for _, _, two, _ in found)
    differ = any(differ for *_, differ in found)
    if day_first is None:
        if first > 12 and second > 12:
            raise SSLKitError(
                f"{where}: column '{column}' has dates like '{sample}' in both orders of day and month."
            )
        if first <= 12 and second <= 12 and differ and sign != ".":
            raise SSLKitError(
                f"{where}: column '{column}' has dates like '{sample}': is the day first, or the month? Set day_first: "
                "true or day_first: false."
            )
        day_first = second <= 12 and (first > 12 or sign == ".")
    order = "day first" if day_first else "month first"
    return Clock("dates", day_first=day_first, words=f"{words}, {order}", absolute=True)


def _exact(array: pyarrow.Array, begin: int) -> np.ndarray:
    """Large numbers less ``begin``, without the rounding of float64."""
    import pyarrow
    import pyarrow.compute as pc

    if pyarrow.types.is_integer(array.type):
        values = pc.subtract(array.cast(pyarrow.int64()), begin).cast(pyarrow.float64(), safe=False)
        return np.asarray(values.to_numpy(zero_copy_only=False))
    if pyarrow.types.is_string(array.type):
        text = pc.utf8_trim_whitespace(array)
        text = pc.if_else(pc.equal(text, ""), pyarrow.scalar(None, pyarrow.string()), text)
        try:
            exact = pc.subtract(
                text.cast(pyarrow.decimal128(36, 10)), pyarrow.scalar(begin).cast(pyarrow.decimal128(20, 0))
            )
            return np.asarray(exact.cast(pyarrow.float64()).to_numpy(zero_copy_only=False))
        except pyarrow.ArrowInvalid:  # exponents, more digits
            pass
    return np.asarray(to_numbers(array)[0] - begin)


def _empty(array: pyarrow.Array) -> np.ndarray:
    import pyarrow
    import pyarrow.compute as pc

    absent = pc.is_null(array)
    if pyarrow.types.is_string(array.type):
        absent = pc.or_(
            absent,
            pc.fill_null(
                pc.is_in(
                    pc.utf8_trim_whitespace(array),
                    pyarrow.array(["", "NaT", "nan", "NaN", "NA", "NULL", "null", "None"]),
                ),
                True,
            ),
        )
    return np.asarray(absent.to_numpy(zero_copy_only=False))


def _is_typed(kind: pyarrow.DataType) -> bool:
    import pyarrow

    types = pyarrow.types
    return bool(types.is_temporal(kind) and not types.is_interval(kind))


def _typed_ns(array: pyarrow.Array) -> tuple[np.ndarray, np.ndarray]:
    import pyarrow
    import pyarrow.compute as pc

    kind, types = array.type, pyarrow.types
    if types.is_timestamp(kind) or types.is_date(kind):
        array = array.cast(pyarrow.timestamp("ns", kind.tz if types.is_timestamp(kind) else None))
    elif types.is_duration(kind):
        array = array.cast(pyarrow.duration("ns"))
    else:
        array = array.cast(pyarrow.time64("ns"))
    ns = array.cast(pyarrow.int64())
    return np.asarray(ns.fill_null(0).to_numpy(zero_copy_only=False)), np.flatnonzero(
        pc.is_null(array).to_numpy(zero_copy_only=False)
    )
