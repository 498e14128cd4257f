"""Image files → arrays: uint8 as most are, or float32 in 0…1 where a set holds more than 8 bits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from einops import rearrange

from sslkit.data.reading.pictures.deep_files import DeepPicture, read_deep, reader_of, reason
from sslkit.data.reading.pictures.opening import opened_picture, upright
from sslkit.errors import SSLKitError

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE_SUFFIXES = frozenset(
    [
        ".png",
        ".apng",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".bmp",
        ".dib",
        ".tif",
        ".tiff",
        ".webp",
        ".gif",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        ".jp2",
        ".j2k",
        ".avif",
        ".heic",
        ".heif",
        ".tga",
        ".pcx",
    ]
)
LUMA = (0.299, 0.587, 0.114)  # ITU-R 601, as Pillow's

Mode = Literal["grey", "rgb", "bands"]


def read_picture(
    path: Path,
    mode: Mode,
    size: int | None,
    levels: tuple[float, float] | None = None,
    background: str = "white",
) -> np.ndarray:
    """One image file → ``(C, H, W)``: uint8, or with ``levels`` float32 in 0…1.

    Args:
        path: the file; of several pages the first.
        mode: one channel, three, or the bands that the file has.
        size: the shorter side is resized to it (antialiased) and the centre cropped square; None keeps all.
        levels: values of files with more than 8 bits (whole or float) that become 0 and 1; what lies beyond is
            clipped. Files of 8 bits are divided by 255. None: all have 8 bits; others keep their upper 8.
        background: colour that is laid under transparent parts.

    Raises:
        SSLKitError: the file cannot be read.
    """
    try:
        picture = _read(path, mode, size, background)
        if isinstance(picture, np.ndarray):
            values = picture
        else:
            values = _eight_bits(picture.values) if levels is None else _unit(picture.values, levels)
            values = _fit(_in_mode(_laid_on(values, picture.alpha, background), mode), size)
    except Exception as error:  # decoders of broken files raise anything
        raise SSLKitError(
            f"{path}: the image cannot be read, it is truncated or corrupt ({reason(error)})."
        ) from error
    if levels is not None and values.dtype == np.uint8:
        values = values.astype(np.float32) / np.float32(255)
    return rearrange(values, "h w c -> c h w")


def _read(path: Path, mode: Mode, size: int | None, background: str) -> np.ndarray | DeepPicture:
    """8 bits as they will be, ``(H, W, C)``; others as they are stored."""
    reader = reader_of(path)
    if reader != "pillow":
        return read_deep(path, reader)
    from PIL import Image, ImageOps

    wanted = "L" if mode == "grey" else "RGB"
    with opened_picture(path) as opened:
        opened.draft(wanted, (size, size) if size else None)
        opened.load()
        image = upright(opened)
        if is_deep_mode(image.mode):
            return DeepPicture(np.asarray(image)[..., None])
        image = flattened(image, background).convert(wanted)
    if size is not None:
        image = ImageOps.fit(image, (size, size), Image.Resampling.BILINEAR)
    pixels = np.asarray(image)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def is_deep_mode(mode: str) -> bool:
    """Whether a mode of Pillow's has more than 8 bits."""
    return mode.startswith(("I", "F"))


def is_transparent(image: Image) -> bool:
    """Whether some part of an opened and loaded picture is."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return image.convert("RGBA").getchannel("A").getextrema()[0] != 255
    return False


def flattened(image: Image, background: str) -> Image:
    """Without transparency: laid on a colour where some part is transparent, else as it is."""
    from PIL import Image as Images

    if not is_transparent(image):
        return image
    colours = image.convert("RGBA")
    return Images.alpha_composite(Images.new("RGBA", image.size, background), colours).convert("RGB")


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """The upper 8 of 16 bits."""
    if values.dtype == np.uint8:
        return values
    return (values.astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)


def _unit(values: np.ndarray, levels: tuple[float, float]) -> np.ndarray:
    """→ float32 in 0…1; 8 bits always by 255."""
    if values.dtype == np.uint8:
        return values.astype(np.float32) / np.float32(255)
    narrow = values.dtype.itemsize <= 2 or values.dtype == np.float32
    exact: np.ndarray = values.astype(np.float32 if narrow else np.float64)
    black, white = np.array(levels, exact.dtype)
    unit: np.ndarray = (exact - black) / (white - black)
    return unit.clip(0, 1).astype(np.float32)


def _laid_on(values: np.ndarray, alpha: np.ndarray | None, background: str) -> np.ndarray:
    """``(H, W, C)`` with what is transparent replaced by the background, as far as it is."""
    from PIL import ImageColor

    if alpha is None or alpha.min() >= 1:
        return values
    colour = np.array(ImageColor.getrgb(background)[:3], np.float32)
    ground = colour if values.shape[-1] == 3 else np.array([colour @ np.array(LUMA, np.float32)])
    ground = ground if values.dtype == np.uint8 else ground / 255
    mixed = values * alpha[..., None] + ground * (1 - alpha[..., None])
    laid: np.ndarray = (
        np.rint(mixed).astype(np.uint8) if values.dtype == np.uint8 else mixed.astype(np.float32)
    )
    return laid


def _in_mode(values: np.ndarray, mode: Mode) -> np.ndarray:
    """``(H, W, C)`` with the channels that the mode has."""
    channels = values.shape[-1]
    if mode == "bands":
        return values
    if channels not in (1, 3):
        raise SSLKitError(f"it has {channels} bands, which are neither grey nor rgb; leave mode out")
    if mode == "rgb":
        return values if channels == 3 else np.repeat(values, 3, axis=-1)
    if channels == 1:
        return values
    grey: np.ndarray = values @ np.array(LUMA, np.float32)
    return (np.rint(grey).astype(np.uint8) if values.dtype == np.uint8 else grey.astype(np.float32))[
        ..., None
    ]


def _fit(values: np.ndarray, size: int | None) -> np.ndarray:
    """Channels one by one, by Pillow, as 8 bits or floats."""
    from PIL import Image, ImageOps

    if size is None:
        return values
    channels = [
        ImageOps.fit(Image.fromarray(np.ascontiguousarray(channel)), (size, size), Image.Resampling.BILINEAR)
        for channel in rearrange(values, "h w c -> c h w")
    ]
    return np.stack([np.asarray(channel) for channel in channels], axis=-1)
