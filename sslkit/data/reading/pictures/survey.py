"""All pictures of a set → the one rule by which they are read, and what there is to say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sslkit.data.reading.pictures.levels import Levels, find_levels
from sslkit.data.reading.pictures.picture_files import Mode, read_picture
from sslkit.data.reading.pictures.picture_headers import PictureHeader, picture_header
from sslkit.errors import SSLKitError
from sslkit.types import Note

ColourMode = Literal["auto", "grey", "rgb"]
SHOWN = 6  # sizes or kinds that a line has room for
FEW = 8  # kinds in all: of more, that classes share none may be chance


@dataclass(frozen=True)
class PictureRule:
    """How every picture of a set is read, and how others must be read for an encoder that was trained on it.

    Attributes:
        mode: grey, rgb, or the bands that the files have.
        shape: ``(C, H, W)`` of what comes out.
        size: the shorter side is resized to it; None: files have the size that they should.
        levels: stored values that become 0 and 1, and samples are float32; None: they are uint8.
        background: laid under transparent parts.
    """

    mode: Mode
    shape: tuple[int, int, int]
    size: int | None = None
    levels: Levels | None = None
    background: str = "white"

    def read(self, path: Path) -> np.ndarray:
        """One file → ``(C, H, W)``. Raises ``SSLKitError`` where it cannot be read."""
        return read_picture(path, self.mode, self.size, self.levels, self.background)

    def settings(self) -> dict[str, Any]:
        """Of ``image_folder``, by which new pictures are read alike."""
        mode = {} if self.mode == "bands" else {"mode": self.mode}
        size = {} if self.size is None else {"size": self.size}
        levels = {} if self.levels is None else {"range": list(self.levels)}
        return {**mode, **size, **levels, "background": self.background}


def survey_pictures(paths: Iterable[Path], workers: int) -> dict[Path, PictureHeader]:
    """The header of each file; ``problem`` is set where it cannot be read."""
    different = list(dict.fromkeys(paths))
    with ThreadPoolExecutor(workers) as pool:
        return dict(zip(different, pool.map(picture_header, different), strict=True))


def picture_rule(
    headers: Sequence[PictureHeader],
    where: str,
    mode: ColourMode = "auto",
    size: int | None = None,
    bits: int | None = None,
    levels: Levels | None = None,
    background: str = "white",
) -> tuple[PictureRule, tuple[Note, ...]]:
    """The rule that all files can be read by, and what was guessed for it.

    Args:
        headers: of all files.
        where: of the set, for messages.
        mode: ``auto`` is grey where all files are, bands where all have the same number of others, else rgb.
        size: see ``PictureRule``; needed where sizes differ.
        bits, levels: what the user says of files with more than 8 bits (``find_levels``).
        background: see ``PictureRule``.

    Raises:
        SSLKitError: several sizes and no ``size``, several numbers of bands, unknown levels.
    """
    found = _mode(headers, mode, where)
    channels = {"grey": 1, "rgb": 3}.get(found, headers[0].channels)
    known, notes = find_levels(headers, bits, levels, where)
    height, width = (size, size) if size is not None else _one_size(headers)
    return PictureRule(found, (channels, height, width), size, known, background), notes


def _mode(headers: Sequence[PictureHeader], mode: ColourMode, where: str) -> Mode:
    counts = Counter(header.channels for header in headers)
    bands = {channels: count for channels, count in counts.items() if channels not in (1, 3)}
    if not bands:
        return ("grey" if set(counts) == {1} else "rgb") if mode == "auto" else mode
    if len(counts) > 1:
        each = ", ".join(f"{channels}: {count:,} files" for channels, count in sorted(counts.items()))
        raise SSLKitError(
            f"{where}: the pictures have different numbers of bands ({each}). Leave those of one number."
        )
    if mode != "auto":
        raise SSLKitError(
            f"{where}: mode is {mode}; the pictures have {headers[0].channels} bands, which are neither. Leave mode "
            "out to use them all."
        )
    return "bands"


def _one_size(headers: Sequence[PictureHeader]) -> tuple[int, int]:
    sizes = Counter(header.size for header in headers)
    if len(sizes) > 1:
        (height, width), count = sizes.most_common(1)[0]
        raise SSLKitError(
            f"the images have {len(sizes)} sizes ({count} of {len(headers)} are {width}×{height}). Set size, "
            "e.g. size: 96: the shorter side is resized to it and the centre cropped."
        )
    return next(iter(sizes))


def picture_facts(
    headers: Sequence[PictureHeader], labels: Sequence[str], rule: PictureRule
) -> tuple[dict[str, str], list[Note]]:
    """Sizes, kinds and depths that are there and what becomes of them; what was converted.

    Args:
        headers: of each sample's file.
        labels: of each, empty where unknown.
        rule: by which they are read.
    """
    _, height, width = rule.shape
    low, high = rule.levels or (0, 255)
    cropped = ", the shorter side resized and the centre cropped" if rule.size is not None else ""
    bands = f"{rule.shape[0]} bands" if rule.mode == "bands" else rule.mode
    kept = "8 bits" if rule.levels is None else f"floats, {low:,g}…{high:,g} become 0…1"
    facts = {
        "sizes": _counted(f"{header.size[1]}×{header.size[0]}" for header in headers),
        "kinds": _counted(header.kind for header in headers),
        "read as": f"{bands}, {width}×{height}{cropped}; {kept}",
    }
    deep = [header for header in headers if header.is_deep]
    if deep:
        facts["values"] = f"{min(h.low for h in deep):,g}…{max(h.high for h in deep):,g}"
    return facts, [*_converted(headers, rule), *_kinds_by_class(headers, labels)]


def _converted(headers: Sequence[PictureHeader], rule: PictureRule) -> list[Note]:
    """Pages that are not read, transparency, colours and depths that are mixed, and sizes that grow."""
    deep = sum(header.is_deep for header in headers)
    side, most = rule.size or 0, max(header.pages for header in headers)
    checks: list[tuple[str, Callable[[PictureHeader], bool], str, bool]] = [
        (
            "files have several pages or frames, of which the first is read",
            lambda header: header.pages > 1,
            f"Up to {most:,} are there; write pictures to files of their own, bands as samples of one page.",
            True,
        ),
        (
            f"pictures are transparent in part, and are laid on {rule.background}",
            lambda header: header.transparent,
            "Set background: to another colour.",
            False,
        ),
        (
            "pictures are grey, and are read as rgb",
            lambda header: rule.mode == "rgb" and header.channels == 1,
            "mode: grey makes all alike.",
            False,
        ),
        (
            "pictures have colours, and are read as grey",
            lambda header: rule.mode == "grey" and header.channels == 3,
            "",
            False,
        ),
        (
            "pictures have 8 bits and the others more",
            lambda header: 0 < deep < len(headers) and not header.is_deep,
            "Their 0…255 become 0…1 too; are all on one scale?",
            True,
        ),
        (
            f"pictures are smaller than {side}×{side} and are enlarged",
            lambda header: min(header.size) < side,
            "A smaller size adds no pixels that were not there.",
            False,
        ),
        (
            "pictures are CMYK, and are converted to rgb",
            lambda header: header.kind.endswith("CMYK"),
            "",
            False,
        ),
    ]
    notes = []
    for what, is_so, cure, warning in checks:
        count = sum(map(is_so, headers))
        if count:
            notes.append(Note(what, count, len(headers), cure=cure, warning=warning))
    return notes


def _kinds_by_class(headers: Sequence[PictureHeader], labels: Sequence[str]) -> list[Note]:
    """Classes that share no size, or no kind of file, can be told apart without looking."""
    notes = []
    for what, words in (("sizes", lambda h: f"{h.size[1]}×{h.size[0]}"), ("kinds", lambda h: h.kind)):
        found: dict[str, set[str]] = {}
        for header, label in zip(headers, labels, strict=True):
            if label:
                found.setdefault(label, set()).add(words(header))
        apart = sum(map(len, found.values())) == len(set().union(*found.values()))
        if len(found) > 1 and apart and len(set().union(*found.values())) <= FEW:
            which = tuple(f"{label}: {', '.join(sorted(kinds))}" for label, kinds in found.items())
            why = "how a file was made tells the classes apart, whatever is on the pictures"
            notes.append(
                Note(f"classes have pictures of different {what}", len(found), None, which, why, "", True)
            )
    return notes


def _counted(words: Iterable[str]) -> str:
    found = Counter(words).most_common()
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(f"{word}: {count:,} files" for word, count in found[:SHOWN]) + more
