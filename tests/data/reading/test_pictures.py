from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sslkit.data.reading.pictures import read_picture, survey_pictures
from sslkit.errors import SSLKitError

RANDOM = np.random.default_rng(0)


def _save(path: Path, pixels: np.ndarray, **options: object) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


def test_pixels_come_back(tmp_path: Path) -> None:
    colour = RANDOM.integers(0, 256, (7, 9, 3), dtype=np.uint8)
    path = _save(tmp_path / "c.png", colour)
    np.testing.assert_array_equal(read_picture(path, "rgb", None), colour.transpose(2, 0, 1))
    assert read_picture(path, "grey", None).shape == (1, 7, 9)
    grey = colour[..., 0]
    np.testing.assert_array_equal(read_picture(_save(tmp_path / "g.png", grey), "rgb", None)[1], grey)


def test_sixteen_bits_are_not_clipped(tmp_path: Path) -> None:
    deep = np.arange(0, 65536, 1024, dtype=np.uint16).reshape(8, 8)
    np.testing.assert_array_equal(read_picture(_save(tmp_path / "d.png", deep), "grey", None)[0], deep >> 8)


def test_resized_by_the_shorter_side_and_cropped_in_the_centre(tmp_path: Path) -> None:
    wide = np.zeros((20, 60), dtype=np.uint8)
    wide[:, 20:40] = 200
    got = read_picture(_save(tmp_path / "w.png", wide), "grey", 10)
    assert got.shape == (1, 10, 10) and (got[0, :, 1:-1] == 200).all()


def test_orientation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90°
    path = _save(tmp_path / "r.png", np.zeros((4, 9), np.uint8), exif=exif)
    assert survey_pictures([path], "auto", None, 1) == ("grey", (9, 4))
    assert read_picture(path, "grey", None).shape == (1, 9, 4)


def test_survey(tmp_path: Path) -> None:
    grey = _save(tmp_path / "g.png", np.zeros((4, 5), np.uint8))
    colour = _save(tmp_path / "c.jpg", np.zeros((4, 5, 3), np.uint8))
    large = _save(tmp_path / "l.png", np.zeros((8, 8), np.uint8))
    assert survey_pictures([grey, grey], "auto", None, 2) == ("grey", (4, 5))
    assert survey_pictures([grey, colour], "auto", None, 2) == ("rgb", (4, 5))
    assert survey_pictures([grey, colour, large], "grey", 6, 2) == ("grey", (6, 6))
    with pytest.raises(SSLKitError, match=r"2 sizes \(2 of 3 are 5×4\). Set size"):
        survey_pictures([grey, grey, large], "auto", None, 2)


def test_damaged_files_are_named(tmp_path: Path) -> None:
    good = _save(tmp_path / "g.png", RANDOM.integers(0, 256, (64, 64), dtype=np.uint8))
    cut = tmp_path / "cut.png"
    cut.write_bytes(good.read_bytes()[:2000])
    with pytest.raises(SSLKitError, match=r"cut.png: the image cannot be read"):
        read_picture(cut, "grey", None)
    (tmp_path / "no.png").write_text("hello")
    with pytest.raises(SSLKitError, match=r"1 of 2 files cannot be read as images, the first is .*no.png"):
        survey_pictures([good, tmp_path / "no.png"], "auto", None, 2)


def test_jpeg_without_a_size(tmp_path: Path) -> None:
    smooth = np.linspace(0, 255, 32 * 24, dtype=np.uint8).reshape(32, 24)
    path = tmp_path / "s.jpg"
    Image.fromarray(smooth).convert("RGB").save(path, quality=95)
    for mode, channels in (("grey", 1), ("rgb", 3)):
        got = read_picture(path, mode, None)
        assert got.shape == (channels, 32, 24)
        assert np.abs(got[0].astype(int) - smooth).max() < 8
