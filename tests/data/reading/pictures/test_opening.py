import struct
import sys
import zlib
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from sslkit.data.reading.pictures.opening import is_heic, opened_picture, orientation, upright
from sslkit.errors import SSLKitError

RANDOM = np.random.default_rng(0)


def test_p5_an_orientation_that_is_none_is_1() -> None:
    for value, wanted in ((6, 6), (1, 1), (9, 1), (0, 1), ("abc", 1), ((6, 1), 1)):
        image = Image.new("L", (3, 2))
        image.getexif()[0x0112] = value
        assert orientation(image) == wanted


@pytest.mark.parametrize("turn", range(1, 9))
def test_upright_is_what_pillow_does(tmp_path: Path, turn: int) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = turn
    path = tmp_path / "x.png"
    Image.fromarray(RANDOM.integers(0, 256, (4, 7), dtype=np.uint8)).save(path, exif=exif)
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(upright(image)), np.asarray(ImageOps.exif_transpose(image)))


def _chunk(name: bytes, content: bytes, wrong: int = 0) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content) ^ wrong)
    )


@pytest.mark.parametrize(
    "chunk",
    [
        _chunk(b"tEXt", b"a\0b", wrong=1),
        _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 3_000_000)),
        _chunk(b"pHYs", b"12"),
    ],
)
def test_p5_metadata_of_a_png_file_never_fail_it(tmp_path: Path, chunk: bytes) -> None:
    pixels = RANDOM.integers(0, 256, (5, 6, 3), dtype=np.uint8)
    path = tmp_path / "x.png"
    Image.fromarray(pixels).save(path)
    content = path.read_bytes()
    path.write_bytes(content[:33] + chunk + content[33:])
    with opened_picture(path) as image:
        np.testing.assert_array_equal(np.asarray(image), pixels)


def test_p8_no_limit_of_pixels_and_pillows_own_is_back_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.png"
    Image.new("L", (40, 40)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Image.DecompressionBombError):
        Image.open(path)

    def read() -> None:
        with opened_picture(path) as image:
            image.load()

    threads = [Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened_picture(path) as image:
        assert image.size == (40, 40)
    assert Image.MAX_IMAGE_PIXELS == 100


def test_p8_heic_names_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    path = tmp_path / "x.heic"
    Image.fromarray(np.full((16, 16, 3), 90, np.uint8)).save(path)
    assert is_heic(path)
    with opened_picture(path) as image:
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - 90).max() < 4
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(SSLKitError, match=r"pip install 'sslkit\[heic\]'"), opened_picture(path):
        pass
