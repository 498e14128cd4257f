from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sslkit.data.sources.image_folder import ImageFolder
from sslkit.errors import SSLKitError

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
