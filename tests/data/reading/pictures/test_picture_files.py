from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from sslkit.data.reading.pictures.picture_files import read_picture
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
    assert read_picture(path, "grey", None).shape == (1, 9, 4)


def test_damaged_files_are_named(tmp_path: Path) -> None:
    good = _save(tmp_path / "g.png", RANDOM.integers(0, 256, (64, 64), dtype=np.uint8))
    cut = tmp_path / "cut.png"
    cut.write_bytes(good.read_bytes()[:2000])
    with pytest.raises(SSLKitError, match=r"cut.png: the image cannot be read"):
        read_picture(cut, "grey", None)


def test_jpeg_without_a_size(tmp_path: Path) -> None:
    smooth = np.linspace(0, 255, 32 * 24, dtype=np.uint8).reshape(32, 24)
    path = tmp_path / "s.jpg"
    Image.fromarray(smooth).convert("RGB").save(path, quality=95)
    for mode, channels in (("grey", 1), ("rgb", 3)):
        got = read_picture(path, mode, None)
        assert got.shape == (channels, 32, 24)
        assert np.abs(got[0].astype(int) - smooth).max() < 8


def test_p1_p2_values_between_the_levels_become_0_to_1(tmp_path: Path) -> None:
    deep = RANDOM.integers(0, 4096, (8, 9), dtype=np.uint16)
    path = _save(tmp_path / "d.png", deep)
    got = read_picture(path, "grey", None, (0, 4095))
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got[0], deep.astype(np.float32) / np.float32(4095))
    clipped = read_picture(path, "grey", None, (1000, 2000))[0]
    np.testing.assert_allclose(clipped, ((deep.astype(float) - 1000) / 1000).clip(0, 1), atol=1e-6)
    shallow = RANDOM.integers(0, 256, (8, 9), dtype=np.uint8)
    beside = read_picture(_save(tmp_path / "s.png", shallow), "rgb", None, (0, 4095))
    np.testing.assert_array_equal(beside[2], shallow.astype(np.float32) / np.float32(255))


def test_p2_deep_pictures_are_resized_as_shallow_ones_are(tmp_path: Path) -> None:
    shallow = RANDOM.integers(0, 256, (30, 41), dtype=np.uint8)
    deep = shallow.astype(np.uint16) * 257
    wanted = read_picture(_save(tmp_path / "s.png", shallow), "grey", 12) / 255
    got = read_picture(_save(tmp_path / "d.png", deep), "grey", 12, (0, 65535))
    assert np.abs(got - wanted).max() <= 1 / 255  # 8 bits are rounded, once along each axis


def test_p8_transparent_colours_are_laid_on_a_colour(tmp_path: Path) -> None:
    pixels = RANDOM.integers(0, 256, (6, 7, 4), dtype=np.uint8)
    path = _save(tmp_path / "a.png", pixels)
    for name, level in (("white", 255), ("black", 0)):
        alpha = pixels[..., 3:].astype(float) / 255
        wanted = pixels[..., :3] * alpha + level * (1 - alpha)
        got = read_picture(path, "rgb", None, background=name).transpose(1, 2, 0)
        assert np.abs(got - wanted).max() <= 1
    opaque = pixels.copy()
    opaque[..., 3] = 255
    got = read_picture(_save(tmp_path / "o.png", opaque), "rgb", None)
    np.testing.assert_array_equal(got.transpose(1, 2, 0), pixels[..., :3])


def test_p8_a_mode_that_bands_have_not(tmp_path: Path) -> None:
    path = tmp_path / "b.tif"
    tifffile.imwrite(
        path,
        RANDOM.integers(0, 256, (6, 7, 5), dtype=np.uint8),
        photometric="minisblack",
        planarconfig="contig",
    )
    assert read_picture(path, "bands", 4).shape == (5, 4, 4)
    with pytest.raises(SSLKitError, match="5 bands, which are neither grey nor rgb"):
        read_picture(path, "rgb", None)
