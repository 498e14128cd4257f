"""Image files → uint8 arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from einops import rearrange

from sslkit.errors import SSLKitError

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm"}
)
ORIENTATION = 0x0112  # EXIF tag; 5…8 swap width and height

ColourMode = Literal["auto", "grey", "rgb"]


def read_picture(path: Path, mode: Literal["grey", "rgb"], size: int | None) -> np.ndarray:
    """One image file → uint8 ``(1 or 3, H, W)``; 16-bit grey keeps its upper 8 bits.

    Args:
        path: the file.
        mode: one channel or three.
        size: the shorter side is resized to it (antialiased) and the centre cropped square; None keeps all.

    Raises:
        SSLKitError: the file cannot be read.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            opened.draft("RGB" if mode == "rgb" else "L", (size, size) if size else None)
            image = ImageOps.exif_transpose(opened)
            image = _eight_bit(image).convert("RGB" if mode == "rgb" else "L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise SSLKitError(
            f"{path}: the image cannot be read, it is truncated or corrupt ({error})."
        ) from error
    if size is not None:
        image = ImageOps.fit(image, (size, size), Image.Resampling.BILINEAR)
    pixels = np.asarray(image)
    return pixels[None] if pixels.ndim == 2 else rearrange(pixels, "h w c -> c h w")


def survey_pictures(
    paths: Sequence[Path], mode: ColourMode, size: int | None, workers: int
) -> tuple[Literal["grey", "rgb"], tuple[int, int]]:
    """The mode and the height and width that all files can be read in, from their headers.

    Raises:
        SSLKitError: files that are no images, or images of several sizes where no ``size`` is set.
    """
    with ThreadPoolExecutor(workers) as pool:
        headers = list(pool.map(_header, paths))
    broken = [path for path, header in zip(paths, headers, strict=True) if header is None]
    if broken:
        raise SSLKitError(
            f"{len(broken)} of {len(paths)} files cannot be read as images, the first is {broken[0]}. Repair "
            "or remove them."
        )
    found = [header for header in headers if header is not None]
    if mode == "auto":
        mode = "grey" if all(is_grey for is_grey, _ in found) else "rgb"
    if size is not None:
        return mode, (size, size)
    sizes = Counter(shape for _, shape in found)
    if len(sizes) > 1:
        (height, width), count = sizes.most_common(1)[0]
        raise SSLKitError(
            f"the images have {len(sizes)} sizes ({count} of {len(paths)} are {width}×{height}). Set size, "
            "e.g. size: 96: the shorter side is resized to it and the centre cropped."
        )
    return mode, next(iter(sizes))


def _header(path: Path) -> tuple[bool, tuple[int, int]] | None:
    """(is grey, (height, width)) as it will be read, or None where it is no image."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            width, height = image.size
            if image.getexif().get(ORIENTATION, 1) >= 5:
                width, height = height, width
            return image.mode in ("1", "L", "LA", "I", "I;16", "I;16B", "F"), (height, width)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _eight_bit(image: Image) -> Image:
    """16-bit grey → 8 bits; PIL's own conversion clips."""
    from PIL import Image as Images

    if not image.mode.startswith("I"):
        return image
    return Images.fromarray((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
