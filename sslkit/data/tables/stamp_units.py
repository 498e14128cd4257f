"""Stamps that are numbers: seconds, milliseconds … since 1970 or since the start, days as Excel counts them."""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

from sslkit.errors import SSLKitError

TimeUnit = Literal["s", "ms", "us", "ns", "min", "h", "days"]
PER_SECOND = {"s": 1.0, "ms": 1e3, "us": 1e6, "100 ns": 1e7, "ns": 1e9}
SECONDS = {"min": 60.0, "h": 3600.0, "days": 86400.0}
TOLERANCE = 1.1  # between rates that should be equal
FASTEST = 1e6  # Hz that stamps in seconds may mean
PERIODS = (
    1,
    2,
    5,
    10,
    15,
    20,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
)  # seconds between rows of slow recorders
SIZES = (  # of the numbers → unit and what they count from
    (9e8, 4.2e9, "s", "since 1970"),
    (9e11, 4.2e12, "ms", "since 1970"),
    (9e14, 4.2e15, "us", "since 1970"),
    (9e17, 4.2e18, "ns", "since 1970"),
    (1.2e17, 1.5e17, "100 ns", "since 1601 (Windows)"),
    (6.2e17, 6.6e17, "100 ns", "since year 1 (.NET)"),
)
DAYS = ((20_000, 80_000, "as Excel counts them"), (690_000, 770_000, "as MATLAB counts them"))
NAMES = {
    "s": "s|secs?|seconds?|sekunden?",
    "ms": "ms|msecs?|millis|milliseconds?|millisekunden?",
    "us": "us|µs|μs|usecs?|micros|microseconds?|mikrosekunden?",
    "ns": "ns|nanos|nanoseconds?|nanosekunden?",
    "min": "min|mins|minutes?|minuten",
    "h": "h|hours?|stunden?",
    "days": "days?|tage?",
}


class Unit(NamedTuple):
    """A unit of stamps, and how it was found."""

    name: str
    why: str
    guessed: bool = True

    def to_seconds(self, values: Any) -> Any:
        """Numbers in this unit → seconds."""
        if self.name in SECONDS:
            return values * SECONDS[self.name]
        return values / PER_SECOND[self.name] if self.name != "s" else values


def named_unit(text: str) -> str | None:
    """The unit that a name ends in: ``t_ms``, ``time [s]``, ``timestamp(us)``, ``timeNs``; or a unit itself."""
    low = text.strip()
    for unit, words in NAMES.items():
        pattern = rf"(?:^|.*[\s_\[(./\-]|.*\bin )({words})[\])]?"
        if re.fullmatch(pattern, low, re.I) or re.fullmatch(rf".*[a-z]{unit.capitalize()}", low):
            return unit
    return None


def find_unit(
    first: float,
    step: float,
    mean_step: float,
    column: str,
    unit_cell: str,
    given: str | None,
    rate_hz: float | None,
    where: str,
) -> Unit:
    """The unit of a column of stamps.

    Args:
        first: a typical value.
        step, mean_step: from row to row.
        column: its name.
        unit_cell: what a line of units says, ``""`` where there is none.
        given: setting ``time_unit``.
        rate_hz: as the user set it.
        where: for messages.

    Raises:
        SSLKitError: it could be several, or none agrees with ``rate_hz``.
    """
    if given is not None:
        return Unit(given, "time_unit", guessed=False)
    likely = _likely(first, step, column, unit_cell)
    if rate_hz is not None:
        return _agreeing(rate_hz, step, mean_step, likely, where, column)
    if likely is not None and likely.name != "?":
        return likely
    if likely is None and step <= 1 and 1 / step <= FASTEST:
        return Unit("s", "nothing says otherwise", guessed=False)
    rates = ", ".join(
        f"{unit} ({1 / Unit(unit, '').to_seconds(step):.4g} Hz)" for unit in ("s", "ms", "us", "ns", "days")
    )
    raise SSLKitError(
        f"{where}: column '{column}' goes on by {step:.6g} from row to row, near {first:.10g}: in which unit? Set "
        f"time_unit: {rates}; or set rate_hz."
    )


def _likely(first: float, step: float, column: str, unit_cell: str) -> Unit | None:
    """By names, then by size; ``?`` where two are as likely."""
    by_size = next(
        (
            Unit(unit, f"their size ({unit} {since})")
            for low, high, unit, since in SIZES
            if low <= first <= high
        ),
        None,
    )
    for text, what in ((unit_cell, "the line of units"), (column, "its name")):
        named = named_unit(text) if text else None
        if named is not None:
            if by_size is not None and by_size.name != named:
                return Unit("?", "")
            return Unit(named, what)
    if by_size is not None:
        return by_size
    for low, high, since in DAYS:
        if low <= first <= high and step < 1:
            if step < 1e-5 or (low > 100_000 and step < 0.1):
                return Unit("days", f"their size (days {since})")
            period = step * SECONDS["days"]
            if any(abs(period - whole) < 1e-3 * whole for whole in PERIODS):
                return Unit("?", "")
    return None


def _agreeing(
    rate_hz: float, step: float, mean_step: float, likely: Unit | None, where: str, column: str
) -> Unit:
    """The unit in which the stamps have the rate that was given."""
    for name in [*([likely.name] if likely and likely.name != "?" else []), *PER_SECOND, *SECONDS]:
        for one in (step, mean_step):
            if 1 / TOLERANCE <= rate_hz * Unit(name, "").to_seconds(one) <= TOLERANCE:
                return Unit(name, "rate_hz", guessed=False)
    unit = Unit("s", "") if likely is None or likely.name == "?" else likely
    raise SSLKitError(
        f"{where}: rate_hz is {rate_hz:g}, but column '{column}' has {1 / unit.to_seconds(step):.4g} rows per second "
        f"if it is in {unit.name}, and the rate fits no other unit. Correct one of them, or leave rate_hz out. To "
        "change the rate of recordings, set resample_hz."
    )
