import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from torchvision import datasets

from sslkit.data.sets.torchvision_sets import CIFAR10, CIFAR100, STL10, FashionMNIST, TorchvisionSet
from sslkit.errors import SSLKitError

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("source", [CIFAR10, CIFAR100, FashionMNIST, STL10])
def test_missing_files_say_what_to_do(tmp_path: Path, source: type[TorchvisionSet]) -> None:
    with pytest.raises(SSLKitError, match=r"missing or damaged .* Set root to them, or download: true"):
        source(str(tmp_path)).load()
    assert list(tmp_path.rglob("*.*")) == []


def test_cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.CIFAR10, "_check_integrity", lambda self: True)  # ours are no real batches
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    pixels = RANDOM.integers(0, 256, (6, 4, 3072), dtype=np.uint8)
    for i, name in enumerate([*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]):
        (folder / name).write_bytes(pickle.dumps({"data": pixels[i], "labels": [i, 1, 2, 9]}))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": list("abcdefghij")}))
    monkeypatch.setattr(datasets.CIFAR10, "meta", datasets.CIFAR10.meta | {"md5": None})
    dataset = CIFAR10(str(tmp_path)).load()
    assert dataset.test is not None and dataset.class_names == tuple("abcdefghij")
    assert dataset.spec.shape == (3, 32, 32) and (len(dataset.train), len(dataset.test)) == (20, 4)
    got = dataset.train.x[np.array([5])][0].numpy()  # a row of a batch is red, green, blue planes
    np.testing.assert_array_equal(got, pixels[1, 1].reshape(3, 32, 32))
    assert dataset.test.y.tolist() == [5, 1, 2, 9]


def test_fashion_mnist(tmp_path: Path) -> None:
    folder = tmp_path / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    pixels = RANDOM.integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.array([9, 0, 3, 3, 1], dtype=np.uint8)
    for part in ("train", "t10k"):
        header = struct.pack(">IIII", 0x803, 5, 28, 28)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(header + pixels.tobytes())
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, 5) + labels.tobytes())
    dataset = FashionMNIST(str(tmp_path)).load()
    np.testing.assert_array_equal(dataset.train.x[np.arange(5)][:, 0].numpy(), pixels)
    assert dataset.train.y.tolist() == labels.tolist() and dataset.class_names[9] == "Ankle boot"
    (folder / "train-images-idx3-ubyte").write_bytes(header + b"abc")
    with pytest.raises(SSLKitError, match="missing or damaged"):
        FashionMNIST(str(tmp_path)).load()


@pytest.mark.parametrize("unlabelled", [False, True])
def test_stl10(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unlabelled: bool) -> None:
    monkeypatch.setattr(datasets.STL10, "_check_integrity", lambda self: True)
    folder = tmp_path / "stl10_binary"
    folder.mkdir()
    pixels = RANDOM.integers(0, 256, (2, 3, 96, 96), dtype=np.uint8)
    for name in ("train", "test", "unlabeled"):
        (folder / f"{name}_X.bin").write_bytes(pixels.tobytes())
        (folder / f"{name}_y.bin").write_bytes(bytes([1, 10]))
    (folder / "class_names.txt").write_text("\n".join("abcdefghij"))
    dataset = STL10(str(tmp_path), unlabelled=unlabelled).load()
    assert dataset.train.y.tolist() == [0, 9] + [-1, -1] * unlabelled and dataset.class_names[9] == "j"
    got = dataset.train.x[np.array([1])][0].numpy()
    np.testing.assert_array_equal(got, pixels[1].transpose(0, 2, 1))  # stored column by column
