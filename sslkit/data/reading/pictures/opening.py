"""Opening a picture with Pillow: any size, HEIC where it is installed, upright whatever its metadata hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sslkit.errors import SSLKitError
from sslkit.foreign import require_regular

if TYPE_CHECKING:
    from PIL.Image import Image

ORIENTATION = 0x0112  # EXIF tag; 5…8 swap width and height
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")  # brands of the format, at byte 8


@contextmanager
def opened_picture(path: Path) -> Iterator[Image]:
    """The file, opened by Pillow: nothing but its header is read yet.

    Pillow's limit of 179 million pixels guards servers against strangers' files; here they are the user's own.

    Raises:
        SSLKitError: a HEIC file, where pillow-heif is not installed.
        Exception: whatever Pillow's reader of the format raises.
    """

    with _LIMIT.lifted():
        if is_heic(path):
            _read_heic()
        with _opened(path) as image:
            yield image


def _opened(path: Path) -> Image:
    from PIL import Image

    require_regular(path)
    try:
        return Image.open(path)
    except Exception:
        content = path.read_bytes()
        if not content.startswith(PNG):
            raise
        return Image.open(BytesIO(_without_metadata(content)))


def _without_metadata(content: bytes) -> bytes:
    """A PNG file's chunks that make its picture: a broken text, profile or resolution never fails it."""
    kept, place = [content[:8]], 8
    while place + 8 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] in PICTURE_CHUNKS:
            kept.append(content[place:end])
        place = end
    return b"".join(kept)


def is_heic(path: Path) -> bool:
    """Whether the file is HEIC or HEIF by its first bytes."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:] in HEIC


def orientation(image: Image) -> int:
    """1…8 as EXIF counts, 1 where the metadata say nothing or cannot be read."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
        return int(value) if value in range(1, 9) else 1
    except Exception:  # metadata of any kind of brokenness never fail a picture
        return 1


def upright(image: Image) -> Image:
    """Turned and mirrored as the camera's EXIF says, without writing any metadata again."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    turn = turns.get(orientation(image))
    return image if turn is None else image.transpose(turn)


def _read_heic() -> None:
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise SSLKitError(
            "HEIC pictures need pillow-heif: pip install 'sslkit[heic]', or convert them to jpg"
        ) from error
    register_heif_opener()


class _PixelLimit:
    """Pillow's limit is one value of the whole process: lifted while any thread reads, then as it was."""

    def __init__(self) -> None:
        self._lock, self._readers, self._own = Lock(), 0, None

    @contextmanager
    def lifted(self) -> Iterator[None]:
        from PIL import Image

        with self._lock:
            if self._readers == 0:
                self._own, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # type: ignore[assignment]
            self._readers += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1
                if self._readers == 0:
                    Image.MAX_IMAGE_PIXELS = self._own


_LIMIT = _PixelLimit()
