from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from sslkit.data.reading.pictures.picture_headers import PictureHeader, picture_header

RANDOM = np.random.default_rng(0)
COLOUR = RANDOM.integers(0, 256, (40, 50, 3), dtype=np.uint8)


def _save(path: Path, pixels: np.ndarray, **options: object) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def test_what_a_file_is(tmp_path: Path) -> None:
    assert picture_header(_save(tmp_path / "c.png", COLOUR)) == PictureHeader((40, 50), 3, "PNG RGB")
    assert picture_header(_save(tmp_path / "g.jpg", COLOUR[..., 0])) == PictureHeader((40, 50), 1, "JPEG L")
    deep = COLOUR[..., 0].astype(np.uint16) + 500
    found = picture_header(_save(tmp_path / "d.png", deep))
    assert (found.dtype, found.low, found.high, found.channels) == ("uint16", deep.min(), deep.max(), 1)
    assert found.is_deep and found.kind == "PNG grey uint16"


def test_upright_size(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in ("x.png", "x.jpg", "x.tif", "x.webp"):
        assert picture_header(_save(tmp_path / name, COLOUR, exif=exif)).size == (50, 40)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "gif", "bmp", "webp", "jp2", "ppm", "jfif", "tga"])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.97])
def test_p9_cut_off_files_are_found(tmp_path: Path, suffix: str, kept: float) -> None:
    path = tmp_path / f"x.{suffix}"
    Image.fromarray(COLOUR).save(path, **({"format": "JPEG"} if suffix == "jfif" else {}))
    assert not picture_header(path).problem
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert picture_header(path).problem


def test_p9_a_picture_that_is_damaged_inside(tmp_path: Path) -> None:
    path = _save(tmp_path / "x.png", COLOUR)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    assert picture_header(path).problem
    path.write_text("hello")
    assert "cannot identify image file" in picture_header(path).problem
    assert picture_header(tmp_path / "gone.png").problem


def test_a_jpeg_with_something_behind_its_end_is_whole(tmp_path: Path) -> None:
    path = _save(tmp_path / "x.jpg", COLOUR)
    path.write_bytes(path.read_bytes() + b"trailer of a telephone" * 20)
    assert not picture_header(path).problem


def test_p8_pages_and_transparency(tmp_path: Path) -> None:
    frames = [Image.fromarray(COLOUR), Image.fromarray(255 - COLOUR)]
    for name in ("x.gif", "x.tif", "x.webp"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        assert picture_header(tmp_path / name).pages == 2
    alpha = np.dstack([COLOUR, np.full((40, 50), 255, np.uint8)])
    assert not picture_header(_save(tmp_path / "o.png", alpha)).transparent
    alpha[3, 3, 3] = 254
    assert picture_header(_save(tmp_path / "t.png", alpha)).transparent


def test_values_that_are_no_pictures(tmp_path: Path) -> None:
    values = RANDOM.uniform(0, 1, (6, 7)).astype(np.float32)
    values[2, 2] = np.nan
    tifffile.imwrite(tmp_path / "x.tif", values)
    assert picture_header(tmp_path / "x.tif").problem == "it has NaN or infinite values"
    tifffile.imwrite(tmp_path / "x.tif", values.astype(np.complex64))
    assert "complex64" in picture_header(tmp_path / "x.tif").problem
