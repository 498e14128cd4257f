import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image

from sslkit.data.sources.image_folder import ImageFolder
from sslkit.errors import SSLKitError
from sslkit.types import Dataset

RANDOM = np.random.default_rng(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("bad/1.png", "bad/2.png", "good/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(RANDOM.integers(0, 256, (12, 15, 3), dtype=np.uint8)).save(tmp_path / name)
    return tmp_path


def test_the_files_are_the_samples(folder: Path) -> None:
    dataset = ImageFolder(str(folder)).load()
    assert dataset.spec.shape == (3, 12, 15) and dataset.spec.scale == 1 / 255
    assert dataset.class_names == ("bad", "good") and dataset.train.y.tolist() == [0, 0, 1]
    pixels = np.asarray(Image.open(folder / "bad" / "2.png")).transpose(2, 0, 1)
    np.testing.assert_array_equal(dataset.train.x[np.array([2, 1])][1].numpy(), pixels)


def test_size_and_mode(folder: Path) -> None:
    dataset = ImageFolder(str(folder), size=8, mode="grey").load()
    assert dataset.spec.shape == (1, 8, 8) and dataset.train.x[np.arange(3)].shape == (3, 1, 8, 8)


def test_several_sizes_need_one(folder: Path) -> None:
    Image.fromarray(np.zeros((5, 5, 3), np.uint8)).save(folder / "good" / "2.png")
    with pytest.raises(SSLKitError, match="2 sizes"):
        ImageFolder(str(folder)).load()
    assert ImageFolder(str(folder), size=5).load().spec.shape == (3, 5, 5)


def test_a_file_list_with_groups(folder: Path) -> None:
    (folder / "list.csv").write_text("path,label,group\nbad/1.png,x,m1\ngood/1.png,y,m2\n")
    dataset = ImageFolder(str(folder / "list.csv")).load()
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == [0, 1]


def _write(folder: Path, make: Callable[[Path], None], per_class: int = 3) -> str:
    """Files of two classes; ``make`` gets each file's path without a suffix."""
    for label in "ab":
        (folder / label).mkdir(exist_ok=True)
        for number in range(per_class):
            make(folder / label / str(number))
    return str(folder)


def _notes(dataset: Dataset) -> str:
    return " ".join(map(str, dataset.notes))


def _values(dataset: Dataset) -> np.ndarray:
    return dataset.spec.decode(dataset.train.x[np.arange(len(dataset.train))]).numpy()


def _floats(low: float, high: float) -> tuple[list[np.ndarray], Callable[[Path], None]]:
    kept = list[np.ndarray]()

    def make(path: Path) -> None:
        kept.append(RANDOM.uniform(low, high, (9, 11)).astype(np.float32))
        tifffile.imwrite(f"{path}.tif", kept[-1])

    return kept, make


@pytest.mark.parametrize("top", [1, 255, 65535])
def test_p1_floats_of_a_known_range(tmp_path: Path, top: int) -> None:
    pictures, make = _floats(0, top)
    dataset = ImageFolder(_write(tmp_path, make)).load()
    np.testing.assert_allclose(_values(dataset)[:, 0], np.stack(pictures) / top, atol=1e-6)
    assert f"taken as 0…{top:,}" in _notes(dataset)


def test_p1_degrees_ask_for_the_range(tmp_path: Path) -> None:
    pictures, make = _floats(-20, 40)
    path = _write(tmp_path, make)
    with pytest.raises(SSLKitError, match=r"none of 0…1, 0…255 and 0…65,535. Set range: \[low, high\]"):
        ImageFolder(path).load()
    dataset = ImageFolder(path, range=(-20, 40)).load()
    np.testing.assert_allclose(_values(dataset)[:, 0], (np.stack(pictures) + 20) / 60, atol=1e-6)
    with pytest.raises(SSLKitError, match="low below high"):
        ImageFolder(path, range=(40, -20))


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_p2_each_level_of_a_camera_is_kept(tmp_path: Path, bits: int, suffix: str) -> None:
    pictures = list[np.ndarray]()

    def make(path: Path) -> None:
        pictures.append(RANDOM.integers(0, 2**bits, (9, 11)).astype(np.uint16))
        pictures[-1][0, 0] = 2**bits - 1
        Image.fromarray(pictures[-1]).save(f"{path}.{suffix}")

    dataset = ImageFolder(_write(tmp_path, make)).load()
    np.testing.assert_allclose(_values(dataset)[:, 0] * (2**bits - 1), np.stack(pictures), atol=0.01)
    assert f"taken as {bits} bits" in _notes(dataset) and dataset.facts["values"].endswith(f"{2**bits - 1:,}")


def test_p2_a_narrow_band_keeps_its_levels(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        Image.fromarray(RANDOM.integers(540, 661, (9, 11), dtype=np.uint16)).save(f"{path}.png")

    path = _write(tmp_path, make)
    assert len(np.unique(_values(ImageFolder(path).load()))) > 100
    assert "Is the depth right?" in _notes(ImageFolder(path, bits=16).load())


def test_p3_parts_by_peoples_names(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        Image.fromarray(RANDOM.integers(0, 256, (9, 11), dtype=np.uint8)).save(f"{path}.png")

    for part in ("Training", "Testing"):
        (tmp_path / part).mkdir()
        _write(tmp_path / part, make)
    dataset = ImageFolder(str(tmp_path)).load()
    assert dataset.class_names == ("a", "b") and dataset.test is not None and len(dataset.test) == 6


def test_p5_a_photo_with_broken_exif(tmp_path: Path) -> None:
    rational_by_zero = (
        struct.pack("<HHII", 0x011A, 5, 1, 26) + struct.pack("<I", 0) + struct.pack("<II", 72, 0)
    )
    text = struct.pack("<HHI4s", 0x0112, 2, 4, b"abc\0") + struct.pack("<I", 0)
    nine = struct.pack("<HHIHH", 0x0112, 3, 1, 9, 0) + struct.pack("<I", 0)
    entries = iter([rational_by_zero, text, nine] * 2)

    def make(path: Path) -> None:
        exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + next(entries)
        Image.fromarray(RANDOM.integers(0, 256, (9, 11, 3), dtype=np.uint8)).save(f"{path}.jpg", exif=exif)

    dataset = ImageFolder(_write(tmp_path, make)).load()
    assert _values(dataset).shape == (6, 3, 9, 11)


@pytest.mark.parametrize("bands", [4, 5, 13])
def test_p8_all_bands_of_a_multispectral_tiff(tmp_path: Path, bands: int) -> None:
    pictures = list[np.ndarray]()

    def make(path: Path) -> None:
        pictures.append(RANDOM.integers(0, 10000, (bands, 9, 11), dtype=np.uint16))
        tifffile.imwrite(f"{path}.tif", pictures[-1], photometric="minisblack", planarconfig="separate")

    dataset = ImageFolder(_write(tmp_path, make)).load()
    assert dataset.spec.shape == (bands, 9, 11) and f"{bands} bands" in dataset.facts["read as"]
    np.testing.assert_allclose(_values(dataset), np.stack(pictures) / 16383, atol=1e-6)


@pytest.mark.parametrize("suffix", ["jfif", "webp", "jp2", "heic", "avif"])
def test_p8_other_formats(tmp_path: Path, suffix: str) -> None:
    pillow_heif.register_heif_opener()

    def make(path: Path) -> None:
        pixels = np.full((16, 24, 3), (200, 100, 50), np.uint8)
        Image.fromarray(pixels).save(f"{path}.{suffix}", **({"format": "JPEG"} if suffix == "jfif" else {}))

    values = _values(ImageFolder(_write(tmp_path, make)).load())
    assert np.abs(values.mean(axis=(0, 2, 3)) * 255 - (200, 100, 50)).max() < 4


def test_p8_the_background(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        Image.fromarray(np.full((9, 11, 4), (255, 0, 0, 0), np.uint8)).save(f"{path}.png")

    path = _write(tmp_path, make)
    for settings, level in (({}, 255), ({"background": "#404040"}, 64)):
        dataset = ImageFolder(path, **settings).load()
        assert (dataset.train.x[np.arange(6)] == level).all()
        assert "6 of 6 pictures are transparent in part" in _notes(dataset)
    with pytest.raises(SSLKitError, match="background 'whitish' is no colour"):
        ImageFolder(path, background="whitish")


def test_p9_all_cut_off_files_are_named_at_once_or_left_out(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        whole = path.with_suffix(".jpg" if path.name < "4" else ".png")
        Image.fromarray(RANDOM.integers(0, 256, (40, 40, 3), dtype=np.uint8)).save(whole)
        if path.name in "05":
            whole.write_bytes(whole.read_bytes()[:1500])

    path = _write(tmp_path, make, per_class=8)
    with pytest.raises(SSLKitError) as raised:
        ImageFolder(path).load()
    for name in ("a/0.jpg", "b/0.jpg", "a/5.png", "b/5.png"):
        assert name in str(raised.value)
    assert "4 of 16 files cannot be read as images" in str(raised.value)
    dataset = ImageFolder(path, unreadable="drop").load()
    assert len(dataset.train) == 12 and "4 of 16 files are dropped" in _notes(dataset)


def test_p10_a_list_in_a_dialect(folder: Path) -> None:
    rows = "Datei;class;patient_id;Kamera\nbad\\1.png;schön;p1;x\n\ngood\\1.png;übel;p2;y\n"
    (folder / "list.csv").write_bytes(rows.encode("cp1252"))
    dataset = ImageFolder(str(folder / "list.csv"), path_column="Datei").load()
    assert dataset.class_names == ("schön", "übel") and dataset.group_names == ("p1", "p2")
    assert "Kamera" in _notes(dataset)
