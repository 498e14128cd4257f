"""Which values are black and white, over a set whose files hold more than 8 bits."""

from __future__ import annotations

from collections.abc import Sequence

from sslkit.data.reading.pictures.picture_headers import PictureHeader
from sslkit.errors import SSLKitError
from sslkit.types import Note

DEPTHS = (8, 10, 12, 14, 16)  # bits of cameras
FLOAT_TOPS = (255, 65535)  # white in files of floats, beside 1
FULL = 0.75  # of a range: floats must reach so far up to be taken for it, and down to the rest
NARROW = 1 / 64  # of the range: a warning says so where all values lie within less

Levels = tuple[float, float]


def find_levels(
    headers: Sequence[PictureHeader], bits: int | None, chosen: Levels | None, where: str
) -> tuple[Levels | None, tuple[Note, ...]]:
    """The values that become 0 and 1, and what was guessed; None where all files have 8 bits.

    Whole numbers get the smallest of 8, 10, 12, 14 and 16 bits that holds the largest value of the set. Floats are
    taken for 0…1, 0…255 or 0…65,535 where they fill that range, else the range is asked for.

    Args:
        headers: of all files of the set.
        bits: what the user says of whole numbers.
        chosen: the range that the user says.
        where: of the set, for messages.

    Raises:
        SSLKitError: the range cannot be told, contradicts the values, or all values are the same.
    """
    deep = [header for header in headers if header.is_deep]
    if not deep:
        if bits is None and chosen is None:
            return None, ()
        what = "bits and range are not used"
        return None, (Note(what, why="all pictures have 8 bits, whose 0…255 become 0…1"),)
    low, high = min(header.low for header in deep), max(header.high for header in deep)
    if low == high:
        raise SSLKitError(
            f"{where}: all {len(deep):,} pictures of more than 8 bits are equal: each value is {low:g}. Is the depth "
            "right, and are these the pictures?"
        )
    if chosen is not None:
        return chosen, _beyond(deep, chosen)
    floats = [header for header in deep if header.dtype.startswith("float")]
    if floats and len(floats) < len(deep):
        raise SSLKitError(
            f"{where}: {len(floats):,} pictures hold floats and {len(deep) - len(floats):,} whole numbers of more than "
            f"8 bits ({_words(low)}…{_words(high)}). Set range: [low, high], the values that are black and white."
        )
    return _levels_of_floats(low, high, where) if floats else _levels_of_depth(deep, low, high, bits, where)


def _levels_of_floats(low: float, high: float, where: str) -> tuple[Levels, tuple[Note, ...]]:
    found = f"the values are {_words(low)}…{_words(high)}"
    if low >= 0 and high <= 1:
        note = Note("Pictures of floats are taken as 0…1", why=found)
        return (0.0, 1.0), (note, *_narrow(low, high, 0, 1))
    for top in FLOAT_TOPS:
        if FULL * top <= high <= top and 0 <= low <= (1 - FULL) * top:
            cure = "Set range: [low, high] where others are black and white."
            return (0.0, float(top)), (
                Note(f"Pictures of floats are taken as 0…{top:,}", why=found, cure=cure),
            )
    raise SSLKitError(
        f"{where}: the pictures hold floats, {_words(low)}…{_words(high)}, which are none of 0…1, 0…255 and 0…65,535. "
        f"Set range: [low, high], the values that are black and white, e.g. range: [{low:.4g}, {high:.4g}]."
    )


def _levels_of_depth(
    deep: Sequence[PictureHeader], low: float, high: float, bits: int | None, where: str
) -> tuple[Levels, tuple[Note, ...]]:
    found = f"{_words(low)}…{_words(high)}"
    if low < 0 or high > 65535:
        raise SSLKitError(
            f"{where}: the pictures hold whole numbers {found}, which are no 8 to 16 bits. Set range: [low, high], the "
            "values that are black and white."
        )
    if bits is None:
        bits = next(depth for depth in DEPTHS if high < 2**depth)
        why = f"the largest value of all is {_words(high)}"
        cure = f"Set bits: where the camera has others than {bits}."
        notes = [
            Note(
                f"pictures stored with more than 8 bits are taken as {bits} bits",
                len(deep),
                None,
                (),
                why,
                cure,
            )
        ]
    elif high >= 2**bits:
        raise SSLKitError(
            f"{where}: bits is {bits}, up to {2**bits - 1:,}; the pictures have values {found}."
        )
    else:
        notes = []
    return (0.0, 2.0**bits - 1), (*notes, *_narrow(low, high, 0, 2**bits - 1))


def _narrow(low: float, high: float, black: float, white: float) -> tuple[Note, ...]:
    if high - low >= NARROW * (white - black):
        return ()
    why = f"all values are {_words(low)}…{_words(high)} of {black:,}…{white:,}"
    cure = f"Is the depth right? range: [{low:g}, {high:g}] makes more of them."
    return (Note("The pictures are nearly of one grey", None, None, (), why, cure, True),)


def _beyond(deep: Sequence[PictureHeader], levels: Levels) -> tuple[Note, ...]:
    count = sum(header.low < levels[0] or header.high > levels[1] for header in deep)
    low, high = min(header.low for header in deep), max(header.high for header in deep)
    beyond: tuple[Note, ...] = ()
    if count:
        why = f"the values are {_words(low)}…{_words(high)}"
        what = f"pictures have values beyond the range {levels[0]:g}…{levels[1]:g}, which are clipped"
        beyond = (Note(what, count, len(deep), (), why, warning=True),)
    return (*beyond, *_narrow(low, high, levels[0], levels[1]))


def _words(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:.6g}"
