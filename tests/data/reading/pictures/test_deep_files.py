import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from sslkit.data.reading.pictures.deep_files import read_deep, reader_of, reason, tiff_pages
from sslkit.errors import SSLKitError

RANDOM = np.random.default_rng(0)
COLOUR = RANDOM.integers(0, 65536, (6, 7, 3), dtype=np.uint16)


def _tiff(path: Path, values: np.ndarray, **options: object) -> Path:
    tifffile.imwrite(path, values, **{"photometric": "minisblack", **options})
    return path


@pytest.mark.parametrize("bands", [2, 4, 5, 13])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("compression", [None, "lzw"])
def test_p8_bands_of_a_tiff(tmp_path: Path, bands: int, dtype: type, compression: str | None) -> None:
    values = RANDOM.uniform(0, 200, (6, 7, bands)).astype(dtype)
    path = _tiff(tmp_path / "x.tif", values, planarconfig="contig", compression=compression)
    assert reader_of(path) == "tiff"
    np.testing.assert_array_equal(read_deep(path, "tiff").values, values)
    planes = np.moveaxis(values, -1, 0)
    path = _tiff(tmp_path / "p.tif", planes, planarconfig="separate", compression=compression)
    assert reader_of(path) == "tiff"
    np.testing.assert_array_equal(read_deep(path, "tiff").values, values)


@pytest.mark.parametrize("dtype", [np.int8, np.uint32, np.int32, np.float16, np.float64])
def test_p1_numbers_that_pillow_has_not(tmp_path: Path, dtype: type) -> None:
    values = RANDOM.uniform(0, 100, (6, 7)).astype(dtype)
    path = _tiff(tmp_path / "x.tif", values)
    assert reader_of(path) == "tiff"
    np.testing.assert_array_equal(read_deep(path, "tiff").values[..., 0], values)


def test_p2_colour_of_16_bits(tmp_path: Path) -> None:
    path = _tiff(tmp_path / "x.tif", COLOUR, photometric="rgb")
    assert reader_of(path) == "tiff"
    np.testing.assert_array_equal(read_deep(path, "tiff").values, COLOUR)
    path = tmp_path / "x.png"
    imagecodecs.imwrite(path, COLOUR)
    assert reader_of(path) == "png"
    np.testing.assert_array_equal(read_deep(path, "png").values, COLOUR)
    path = tmp_path / "x.ppm"
    path.write_bytes(b"P6\n# made by hand\n7 6\n65535\n" + COLOUR.astype(">u2").tobytes())
    assert reader_of(path) == "ppm"
    np.testing.assert_array_equal(read_deep(path, "ppm").values, COLOUR)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(SSLKitError, match="121 of 126 values are there"):
        read_deep(path, "ppm")


def test_p8_transparency_of_16_bits(tmp_path: Path) -> None:
    alpha = RANDOM.integers(0, 65536, (6, 7, 1), dtype=np.uint16)
    both = np.concatenate([COLOUR, alpha], axis=-1)
    imagecodecs.imwrite(tmp_path / "x.png", both)
    _tiff(tmp_path / "x.tif", both, photometric="rgb", extrasamples=["unassalpha"])
    for name, reader in (("x.png", "png"), ("x.tif", "tiff")):
        assert reader_of(tmp_path / name) == reader
        picture = read_deep(tmp_path / name, reader)
        np.testing.assert_array_equal(picture.values, COLOUR)
        np.testing.assert_allclose(picture.alpha, alpha[..., 0] / 65535, atol=1e-6)


@pytest.mark.parametrize("turn", range(1, 9))
def test_bands_are_upright(tmp_path: Path, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    grey = RANDOM.integers(0, 256, (4, 7), dtype=np.uint8)
    Image.fromarray(grey).save(tmp_path / "x.png", exif=exif)
    from PIL import ImageOps

    with Image.open(tmp_path / "x.png") as image:
        wanted = np.asarray(ImageOps.exif_transpose(image))
    path = _tiff(
        tmp_path / "x.tif",
        np.stack([grey] * 5, -1),
        planarconfig="contig",
        extratags=[(274, "H", 1, turn, True)],
    )
    np.testing.assert_array_equal(read_deep(path, "tiff").values[..., 3], wanted)


def test_what_pillow_reads_whole_is_left_to_it(tmp_path: Path) -> None:
    grey = COLOUR[..., 0]
    for name, values in (
        ("8.png", grey.astype(np.uint8)),
        ("16.png", grey),
        ("c.png", COLOUR.astype(np.uint8)),
    ):
        Image.fromarray(values).save(tmp_path / name)
        assert reader_of(tmp_path / name) == "pillow"
    for values in (grey.astype(np.uint8), grey, grey.astype(np.int16), grey.astype(np.float32)):
        assert reader_of(_tiff(tmp_path / "x.tif", values)) == "pillow"
    colour = COLOUR.astype(np.uint8)
    assert reader_of(_tiff(tmp_path / "x.tif", colour, photometric="rgb")) == "pillow"
    (tmp_path / "x.tif").write_bytes(b"II*\0junk")
    assert reader_of(tmp_path / "x.tif") == "pillow"


def test_p8_pages_without_previews(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    with tifffile.TiffWriter(path) as file:
        for _ in range(3):
            file.write(COLOUR[..., 0])
        file.write(COLOUR[::2, ::2, 0], subfiletype=1)
    assert tiff_pages(path) == 3
    _tiff(path, COLOUR[..., 0], bigtiff=True)
    assert tiff_pages(path) == 1


def test_p8_without_tifffile_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _tiff(tmp_path / "x.tif", COLOUR, photometric="rgb")
    monkeypatch.setitem(sys.modules, "tifffile", None)
    with pytest.raises(SSLKitError, match=r"pip install 'sslkit\[tiff\]'"):
        read_deep(path, "tiff")


def test_the_readers_reason() -> None:
    assert reason(SSLKitError("it is cut off.")) == "it is cut off"
    assert reason(ValueError("no such thing")) == "ValueError: no such thing"
