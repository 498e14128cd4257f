"""Files that Pillow would cut to 8 bits in silence, or cannot read: colour of 16 bits, and TIFF of many bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sslkit.data.reading.pictures.opening import PNG, opened_picture, orientation
from sslkit.errors import SSLKitError, in_a_line

COLOURS = {
    0: 1,
    1: 1,
    2: 3,
    3: 1,
    5: 4,
    6: 3,
    8: 3,
}  # TIFF's photometric interpretation → its samples a pixel
SUBFILE, BITS, PHOTOMETRIC, TURN, SAMPLES, EXTRA, FORMAT = 254, 258, 262, 274, 277, 338, 339  # TIFF's tags
SIGNED, FLOAT = 2, 3  # of TIFF's sample formats
REDUCED, MASK = 1, 4  # bits of TIFF's kinds of subfiles
ALPHA = (1, 2)  # TIFF's kinds of extra samples that are transparency, associated or not

Reader = Literal["pillow", "png", "tiff", "ppm"]


@dataclass(frozen=True)
class DeepPicture:
    """Values ``(H, W, C)`` as they are stored, and ``alpha`` ``(H, W)`` in 0…1 where there is transparency."""

    values: np.ndarray
    alpha: np.ndarray | None = None


def reader_of(path: Path) -> Reader:
    """Which reader keeps all that the file holds: Pillow, or one of the others for what Pillow would lose."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[:8] == PNG and len(head) > 25 and head[24] == 16 and head[25] in (2, 4, 6):
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff" if _is_deep(path) else "pillow"
    if head[:2] == b"P6" and _ppm_header(head)[2] > 255:
        return "ppm"
    return "pillow"


def read_deep(path: Path, reader: Reader) -> DeepPicture:
    """The first page, upright, whatever its bits and bands.

    Raises:
        SSLKitError: tifffile is needed and not installed.
        Exception: whatever the reader raises.
    """
    if reader == "png":
        return _read_png(path)
    return _read_ppm(path) if reader == "ppm" else _read_tiff(path)


def _is_deep(path: Path) -> bool:
    """Whether a TIFF has bands beyond grey, colour and transparency, more than 8 bits a colour, or unusual numbers."""
    try:
        tags = next(_directories(path))
        samples, bits, kind = tags.get(SAMPLES, 1), tags.get(BITS, (1,)), tags.get(FORMAT, (1,))
        colours = COLOURS.get(tags.get(PHOTOMETRIC, 1), 1)
        extra = samples - colours
        alpha = extra == 1 and tags.get(EXTRA, (0,))[0] in ALPHA
        if extra > 0 and not alpha:
            return True
        if samples > 1:
            return bool(max(bits) > 8)
        if kind[0] == FLOAT:
            return bool(bits[0] != 32)
        return bool(bits[0] > 16 or (kind[0] == SIGNED and bits[0] <= 8))
    except Exception:  # broken tags: Pillow says what is wrong
        return False


def tiff_pages(path: Path) -> int:
    """Pictures of a TIFF file: its directories without previews, smaller copies and masks; 1 where they are broken."""
    try:
        return max(1, sum(not tags.get(SUBFILE, 0) & (REDUCED | MASK) for tags in _directories(path)))
    except Exception:  # what comes after the first page never fails it
        return 1


def _directories(path: Path) -> Iterator[Any]:
    """The tags of each page."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    with path.open("rb") as file:
        head = file.read(8)
        if 43 in head[2:4]:  # BigTIFF
            head += file.read(8)
        place, seen = ImageFileDirectory_v2(head).next, set[int]()
        while place and place not in seen:
            seen.add(place)
            tags = ImageFileDirectory_v2(head)
            file.seek(place)
            tags.load(file)
            yield tags
            place = tags.next


def _read_tiff(path: Path) -> DeepPicture:
    try:
        import tifffile
    except ImportError as error:
        raise SSLKitError(
            "TIFF files of many bands, 16-bit colour or unusual numbers need tifffile: pip install 'sslkit[tiff]'"
        ) from error
    with tifffile.TiffFile(path) as file:
        page: Any = file.pages[0]
        values, axes = page.asarray(), page.axes
        turn = int(page.tags[TURN].value) if TURN in page.tags else 1
        alpha = tuple(int(kind) for kind in page.extrasamples)[:1] in ((1,), (2,))
        colours = COLOURS.get(int(page.photometric), 1)
    if axes[:1] == "S":
        values = np.moveaxis(values, 0, -1)
    values = _turned(values if values.ndim == 3 else values[..., None], turn)
    if alpha and values.shape[-1] == colours + 1:
        return _split(values)
    return DeepPicture(values)


def _read_png(path: Path) -> DeepPicture:
    from torchvision.io import ImageReadMode, decode_image, read_file

    values = decode_image(read_file(str(path)), ImageReadMode.UNCHANGED).numpy().transpose(1, 2, 0)
    if values.dtype != np.uint16:
        raise SSLKitError("PNG files of 16-bit colour need torchvision 0.21 or newer")
    with opened_picture(path) as image:
        values = _turned(values, orientation(image))
    return _split(values) if values.shape[-1] in (2, 4) else DeepPicture(values)


def _read_ppm(path: Path) -> DeepPicture:
    content = path.read_bytes()
    width, height, most, begin = _ppm_header(content)
    wanted = width * height * 3
    values = np.frombuffer(content, ">u2", offset=begin)
    if len(values) < wanted:
        raise SSLKitError(f"it is cut off: {len(values):,} of {wanted:,} values are there")
    scaled = np.rint(values[:wanted].astype(np.float64) * (65535 / most))  # as Pillow does with grey ones
    return DeepPicture(scaled.astype(np.uint16).reshape(height, width, 3))


def _ppm_header(content: bytes) -> tuple[int, int, int, int]:
    """Width, height, largest value, and where the values begin."""
    found, place = list[int](), 2
    while len(found) < 3 and place < len(content):
        if content[place : place + 1] == b"#":
            place = content.find(b"\n", place) + 1 or len(content)
        elif content[place : place + 1].isspace():
            place += 1
        else:
            end = place
            while content[end : end + 1].isdigit():
                end += 1
            if end == place:
                break
            found.append(int(content[place:end]))
            place = end
    width, height, most = (*found, 0, 0, 0)[:3]
    return width, height, most, place + 1


def _split(values: np.ndarray) -> DeepPicture:
    top = np.iinfo(values.dtype).max if values.dtype.kind in "ui" else 1
    return DeepPicture(values[..., :-1], values[..., -1].astype(np.float32) / top)


def _turned(values: np.ndarray, turn: int) -> np.ndarray:
    """As EXIF's orientation 1…8 says."""
    if turn in (5, 6, 7, 8):
        values = values.swapaxes(0, 1)
    if turn in (2, 3, 6, 7):
        values = values[:, ::-1]
    if turn in (3, 4, 7, 8):
        values = values[::-1]
    return values


def reason(error: Exception) -> str:
    """Why a picture cannot be read, in the reader's own words."""
    return str(error).rstrip(".") if isinstance(error, SSLKitError) else in_a_line(error)
