"""Stamps of text → nanoseconds: dates in the orders people write them, times of day, and durations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow

ROUNDS = 12  # forms of stamps that one column may mix, and bad ones that are passed over
ZONES = {
    "UTC": "+0000",
    "GMT": "+0000",
    "Z": "+0000",
    "CET": "+0100",
    "MEZ": "+0100",
    "CEST": "+0200",
    "MESZ": "+0200",
}
GERMAN = {"Mai": "May", "Okt": "Oct", "Dez": "Dec", "Mrz": "Mar"}
SAMPLE = 200  # stamps that tell in which forms all are
WEEKDAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So"
TIDIED = (  # RE2: what is written in several ways is brought to one
    (r"^[A-Za-z]{3} ([A-Za-z]{3}) +(\d{1,2}) ([\d:.,]+) (\d{4})$", r"\2-\1-\4 \3"),  # ctime
    (r"\[[^\]]*\]$", ""),  # [Europe/Berlin]
    (rf"^(?:{WEEKDAYS})[a-zä]*\.?,? +", ""),
    (r"(\d)[T_](\d\d?:)", r"\1 \2"),
    (r"^(\d{8})[T_-](\d{6})", r"\1 \2"),
    (r"(\d),? +(\d)", r"\1 \2"),
    (r"(:\d\d:\d\d)[,:](\d+)", r"\1.\2"),
    (r"(\.\d{9})\d+", r"\1"),
    (r"(\d) ?([AaPp])\.?[Mm]\.?( |$)", r"\1 \2M\3"),
    (r"(:\d\d(?:\.\d+)?) ?([+-]\d\d):?(\d\d)$", r"\1 \2\3"),
    (r"(:\d\d(?:\.\d+)?) ?([+-]\d\d)$", r"\1 \200"),
    (r"^(\d{4})[/.](\d\d?)[/.](\d\d?)", r"\1-\2-\3"),
    (r"^(\d\d?)[ .\-]+([A-Za-z]{3})[A-Za-z]*\.?[ ,.\-]+(\d{4})", r"\1-\2-\3"),
    (r"^([A-Za-z]{3})[A-Za-z]*\.? +(\d\d?),? +(\d{4})", r"\2-\1-\3"),
    *((rf"(\d) ?{name}$", rf"\1 {offset}") for name, offset in ZONES.items()),
    *((f"-{german}-", f"-{english}-") for german, english in GERMAN.items()),
)
DATES = (
    (r"\d{4}-\d\d?-\d\d?", "%Y-%m-%d"),
    (r"\d\d?-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
    (r"\d{8}", "%Y%m%d"),
)
TIMES = (
    (r"\d{6}\.\d+", "%H%M%S.%f"),
    (r"\d{6}", "%H%M%S"),
    (r"\d\d?:\d\d:\d\d\.\d+", "%H:%M:%S.%f"),
    (r"\d\d?:\d\d:\d\d", "%H:%M:%S"),
    (r"\d\d?:\d\d", "%H:%M"),
)
RARE_ISO = re.compile(r"\d{4}-?(?:W\d\d|\d{3}(?:T|$))|\d{4}-\d\d-\d\d[T ]24:00")
OF_DAY = re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d)(?:[.,:](\d+))?)?( ?[AaPp]\.?[Mm]\.?)?")
OF_HOUR = re.compile(r"(\d{1,2}):(\d\d)[.,](\d+)")
BY_NUMBERS = (
    r"^\s*(?:[A-Za-z]{2,9}\.?,? +)?(?P<first>\d\d?)(?P<sign>[./\-])(?P<second>\d\d?)"
    r"[./\-](?:\d{4}|\d\d)(?:[ T,_].*|)$"
)


def tidied(array: pyarrow.Array, thoroughly: bool = True) -> pyarrow.Array:
    """Stamps in few forms: a blank between date and time, a point before fractions, zones as ``+0100``.

    Not thoroughly, only what a sample of the stamps needs is done.
    """
    import pyarrow.compute as pc

    array = pc.utf8_trim_whitespace(array)
    step = max(1, len(array) // SAMPLE)
    sample = [text for text in array.take(list(range(0, len(array), step))).to_pylist() if text]
    for pattern, replacement in TIDIED:
        if thoroughly or any(re.search(pattern, text) for text in sample):
            array = pc.replace_substring_regex(array, pattern, replacement)
            sample = [re.sub(pattern, replacement.replace("\\200", "\\g<2>00"), text) for text in sample]
    return array


def days_and_months(array: pyarrow.Array) -> tuple[str, int, int, bool]:
    """Of dates like 3.4.2020: their sign, the highest first and second number, and whether these differ."""
    import pyarrow
    import pyarrow.compute as pc

    found = pc.extract_regex(array, BY_NUMBERS).drop_null()
    if not len(found):
        return "", 0, 0, False
    first, second = (pc.struct_field(found, name).cast(pyarrow.int64()) for name in ("first", "second"))
    sign = pc.struct_field(found, "sign")[0].as_py()
    return sign, pc.max(first).as_py(), pc.max(second).as_py(), not pc.all(pc.equal(first, second)).as_py()


def stamps_to_ns(array: pyarrow.Array, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Stamps with dates, as they were written → ns since 1970, and which rows are none."""
    quick = _quickly(array, day_first)
    if quick is not None:
        return quick, np.empty(0, dtype=np.int64)
    ns, bad = dates_to_ns(tidied(array, thoroughly=False), day_first)
    if len(bad):  # forms that were not in the sample
        own, still_bad = dates_to_ns(tidied(array.take(bad)), day_first)
        ns[bad] = own
        bad = bad[still_bad]
    if len(bad):
        own, still_bad = _iso_to_ns(array.take(bad).to_pylist())
        ns[bad] = own
        bad = bad[still_bad]
    return ns, bad


def _iso_to_ns(texts: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray]:
    """What of ISO 8601 ``strptime`` has no form for: weeks, days of the year, and the end of a day as 24:00."""

    from dateutil.parser import isoparse

    result, bad = np.zeros(len(texts), dtype=np.int64), []
    for row, text in enumerate(texts):
        try:
            if text is None or not RARE_ISO.match(text.strip()):
                raise ValueError(text)
            moment = isoparse(text.strip())
        except ValueError:
            bad.append(row)
            continue
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        result[row] = np.datetime64(moment, "ns").astype(np.int64)
    return result, np.array(bad, dtype=np.int64)


def _quickly(array: pyarrow.Array, day_first: bool) -> np.ndarray | None:
    """Where all are ISO without zones, or DD.MM.YYYY with a time; pyarrow is ten times faster than ``strptime``."""
    import pyarrow
    import pyarrow.compute as pc

    order = r"\3-\2-\1 \4" if day_first else r"\3-\1-\2 \4"
    array = pc.replace_substring_regex(array, r"^(\d\d)[./\-](\d\d)[./\-](\d{4}) (\d\d:)", order)
    array = pc.replace_substring_regex(array, r"(:\d\d:\d\d),(\d+)$", r"\1.\2")
    try:
        ns = array.cast(pyarrow.timestamp("ns")).cast(pyarrow.int64())
    except pyarrow.ArrowInvalid:
        return None
    return None if ns.null_count else np.asarray(ns.to_numpy())


def dates_to_ns(array: pyarrow.Array, day_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Tidied stamps with dates → ns since 1970 (int64; zones are taken off, so that it is UTC), and which are none."""
    import pandas as pd

    texts = pd.Series(array.to_pandas(), dtype=object)
    result = np.zeros(len(texts), dtype=np.int64)
    open_rows = np.flatnonzero((texts.notna() & (texts != "")).to_numpy())
    bad = np.setdiff1d(np.arange(len(texts)), open_rows)
    for _ in range(ROUNDS):
        if not len(open_rows):
            break
        form = _form(texts.iloc[open_rows[0]], day_first)
        good = np.zeros(len(open_rows), dtype=bool)
        if form is not None:
            read = pd.to_datetime(texts.iloc[open_rows], format=form, utc=True, errors="coerce")
            good = read.notna().to_numpy()
            result[open_rows[good]] = read[good].dt.as_unit("ns").astype("int64").to_numpy()
        if not good[0]:
            bad, open_rows, good = np.append(bad, open_rows[0]), open_rows[1:], good[1:]
        open_rows = open_rows[~good]
    return result, np.sort(np.concatenate([open_rows, bad]))


def _form(text: object, day_first: bool) -> str | None:
    """The format of one tidied stamp, as ``strptime`` writes it."""
    parts = str(text).split(" ")
    date = next((form for pattern, form in DATES if re.fullmatch(pattern, parts[0])), None)
    numbers = re.fullmatch(r"\d\d?([./\-])\d\d?[./\-](\d{4}|\d\d)", parts[0])
    if numbers:
        order = ("%d", "%m") if day_first else ("%m", "%d")
        date = numbers[1].join((*order, "%Y" if len(numbers[2]) == 4 else "%y"))
    if date is None and (compact := re.fullmatch(r"(\d{8})(\d{6}(?:\.\d+)?)", parts[0])):
        return "%Y%m%d%H%M%S" + (".%f" if "." in compact[2] else "")
    if date is None:
        return None
    form = date
    for part in parts[1:]:
        time = next((form for pattern, form in TIMES if re.fullmatch(pattern, part)), None)
        if time is not None:
            half = any(other in ("AM", "PM", "am", "pm", "aM", "pM") for other in parts)
            form += " " + (time.replace("%H", "%I") if half else time)
        elif part.upper() in ("AM", "PM"):
            form += " %p"
        elif re.fullmatch(r"[+-]\d{4}", part):
            form += " %z"
        else:
            return None
    return form


def times_of_day_to_ns(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """``HH:MM:SS,fff``, with AM and PM or not, or ``MM:SS.f`` → ns since midnight (or the hour), and which are none."""
    result, bad = np.zeros(len(texts), dtype=np.int64), []
    for row, text in enumerate(texts):
        value = _time_of_day(text)
        if value is None:
            bad.append(row)
        else:
            result[row] = value
    return result, np.array(bad, dtype=np.int64)


def is_time_of_day(text: str) -> bool:
    return bool(OF_DAY.fullmatch(text) or OF_HOUR.fullmatch(text))


def _time_of_day(text: str) -> int | None:
    found = OF_DAY.fullmatch(text)
    if found is None:
        short = OF_HOUR.fullmatch(text)
        return None if short is None else _ns(0, int(short[1]), int(short[2]), short[3])
    hour, half = int(found[1]), (found[5] or "").strip().lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return _ns(hour, int(found[2]), int(found[3] or 0), found[4] or "")


def _ns(hours: int, minutes: int, seconds: int, fraction: str) -> int:
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000 + int(fraction[:9].ljust(9, "0") or 0)


def durations_to_ns(array: pyarrow.Array) -> tuple[np.ndarray, np.ndarray]:
    """``0 days 00:00:01.5``, ``1 day, 0:00:01`` or ISO's ``PT1.5S`` → ns, and which are none."""
    import pandas as pd

    texts = pd.Series(array.to_pandas(), dtype=object).str.replace(",", ".", regex=False)
    read = pd.to_timedelta(texts.str.replace(r"(days?)\.", r"\1", regex=True), errors="coerce")
    bad = np.flatnonzero(read.isna().to_numpy())
    return read.fillna(pd.Timedelta(0)).dt.as_unit("ns").astype("int64").to_numpy(), bad
