"""What an image file is, and whether all of it is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.pictures.deep_files import (
    DeepPicture,
    Reader,
    read_deep,
    reader_of,
    reason,
    tiff_pages,
)
from sslkit.data.reading.pictures.opening import opened_picture, orientation, upright
from sslkit.data.reading.pictures.picture_files import flattened, is_deep_mode, is_transparent

if TYPE_CHECKING:
    from PIL.Image import Image

GREY_MODES = ("1", "L", "LA", "La")
NEVER_TRANSPARENT = ("1", "L", "RGB", "CMYK", "YCbCr")
TAIL_BYTES = 4096  # of a JPEG file, in which its end is looked for
END_OF_JPEG = b"\xff\xd9"


@dataclass(frozen=True)
class PictureHeader:
    """One file.

    Attributes:
        size: height and width, upright.
        channels: 1 is grey, 3 is colour (transparency aside), others are bands.
        kind: format and colour mode in words: ``PNG RGB``, ``TIFF 13 bands uint16``.
        dtype: of the stored values.
        low, high: smallest and largest of the values, of other types than uint8.
        pages: of the file; the first is read.
        transparent: some part is.
        problem: why it cannot be read, if so.
    """

    size: tuple[int, int] = (0, 0)
    channels: int = 0
    kind: str = ""
    dtype: str = "uint8"
    low: float = 0.0
    high: float = 0.0
    pages: int = 1
    transparent: bool = False
    problem: str = ""

    @property
    def is_deep(self) -> bool:
        return self.dtype != "uint8"


def picture_header(path: Path) -> PictureHeader:
    """The header of a file that is there as a whole; ``problem`` says why where it cannot be read.

    What is not decoded for this: JPEG files that end as they should, and PNG files of 8 bits without transparency
    whose checksums agree. All others are, so that none fails later.
    """
    try:
        reader = reader_of(path)
        if reader != "pillow":
            return _deep_header(
                read_deep(path, reader), _format(reader), tiff_pages(path) if reader == "tiff" else 1
            )
        return _pillow_header(path)
    except Exception as error:  # decoders of broken files raise anything
        return PictureHeader(problem=reason(error))


def _pillow_header(path: Path) -> PictureHeader:
    with opened_picture(path) as image:
        kind, pages = f"{image.format} {image.mode}", _pages(image, path)
        if _is_whole(image, path):
            width, height = image.size if orientation(image) < 5 else image.size[::-1]
            return PictureHeader((height, width), 1 if image.mode in GREY_MODES else 3, kind, pages=pages)
    with opened_picture(path) as image:  # once more: checking a PNG file's sums uses it up
        image.load()
        turned = upright(image)
        if is_deep_mode(turned.mode):
            return _deep_header(DeepPicture(np.asarray(turned)[..., None]), str(image.format), pages)
        flattened(turned, "white").convert("RGB")
        channels = 1 if turned.mode in GREY_MODES else 3
        width, height = turned.size
        return PictureHeader((height, width), channels, kind, pages=pages, transparent=is_transparent(turned))


def _is_whole(image: Image, path: Path) -> bool:
    """Whether it can be seen without decoding that all is there."""
    if image.format in ("JPEG", "MPO"):
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            return file.read().rstrip(b"\0\r\n ").endswith(END_OF_JPEG)
    if image.format == "PNG" and image.mode in NEVER_TRANSPARENT and "transparency" not in image.info:
        image.verify()
        return True
    return False


def _pages(image: Image, path: Path) -> int:
    """Pages or frames that a viewer would show: a JPEG file's second picture is a preview."""
    if image.format == "TIFF":
        return tiff_pages(path)
    return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))


def _deep_header(picture: DeepPicture, name: str, pages: int) -> PictureHeader:
    values = picture.values
    if values.dtype.kind not in "uif":
        return PictureHeader(problem=f"its values are {values.dtype}; whole numbers or floats are needed")
    height, width, channels = values.shape
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        return PictureHeader(problem="it has NaN or infinite values")
    colours = {1: "grey", 3: "RGB"}.get(channels, f"{channels} bands")
    return PictureHeader(
        (height, width),
        channels,
        f"{name} {colours} {values.dtype}",
        values.dtype.name,
        low,
        high,
        pages,
        picture.alpha is not None and bool(picture.alpha.min() < 1),
    )


def _format(reader: Reader) -> str:
    return {"png": "PNG", "tiff": "TIFF", "ppm": "PPM"}[reader]
