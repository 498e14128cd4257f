"""Image sets that torchvision reads and, if asked to, downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from einops import rearrange

from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path
from sslkit.hookspecs import hookimpl
from sslkit.types import Dataset, DataSource, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class TorchvisionSet(DataSource):
    """An image set of ``torchvision.datasets`` with its official split.

    Args:
        root: folder of the files, laid out as torchvision leaves them.
        download: fetch them if they are not there; off, nothing goes to the network.

    Raises:
        SSLKitError: the files are missing or damaged, or cannot be downloaded.
    """

    reader: ClassVar[str]
    train: ClassVar[dict[str, Any]] = {"train": True}  # what the reader calls the parts
    test: ClassVar[dict[str, Any]] = {"train": False}

    def __init__(self, root: str = "data", download: bool = False) -> None:
        self.root, self.download = given_path(root), download

    def load(self) -> Dataset:
        train, class_names = self._part(self.train)
        test, _ = self._part(self.test)
        shape = tuple(train.x[np.arange(1)].shape[1:])
        return Dataset(SampleSpec("image", shape, scale=1 / 255), train, test, class_names)

    def _part(self, part: dict[str, Any]) -> tuple[Part, tuple[str, ...]]:
        from torchvision import datasets

        try:
            read = getattr(datasets, self.reader)(str(self.root), download=self.download, **part)
        except (RuntimeError, OSError, ValueError, EOFError, AssertionError) as error:
            advice = "Is there a network?" if self.download else "Set root to them, or download: true."
            raise SSLKitError(
                f"{self.reader}: the files in {self.root} are missing or damaged ({error}). {advice}"
            ) from error
        pixels = np.asarray(read.data)
        if pixels.ndim == 3:
            pixels = pixels[:, None]
        elif pixels.shape[-1] == 3:
            pixels = rearrange(pixels, "n h w c -> n c h w")
        y = np.asarray(read.labels if hasattr(read, "labels") else read.targets)
        return Part(ArraySamples(pixels), y.astype(np.int64)), tuple(read.classes)


class CIFAR10(TorchvisionSet):
    """CIFAR-10: colour photographs 32×32, 10 classes, 50,000/10,000; read by torchvision.

    Args:
        root: folder that holds ``cifar-10-batches-py``.
        download: fetch 170 MB if they are not there; off, nothing goes to the network.
    """

    reader = "CIFAR10"


class CIFAR100(TorchvisionSet):
    """CIFAR-100: colour photographs 32×32, 100 classes, 50,000/10,000; read by torchvision.

    Args:
        root: folder that holds ``cifar-100-python``.
        download: fetch 170 MB if they are not there; off, nothing goes to the network.
    """

    reader = "CIFAR100"


class FashionMNIST(TorchvisionSet):
    """Fashion-MNIST: grey pictures of clothes 28×28, 10 classes, 60,000/10,000 (MIT); read by torchvision.

    Args:
        root: folder that holds ``FashionMNIST/raw``.
        download: fetch 30 MB if they are not there; off, nothing goes to the network.
    """

    reader = "FashionMNIST"


class STL10(TorchvisionSet):
    """STL-10: colour photographs 96×96, 10 classes, 5,000/8,000 and 100,000 unlabelled; read by torchvision.

    Args:
        root: folder that holds ``stl10_binary``.
        download: fetch 2.6 GB if they are not there; off, nothing goes to the network.
        unlabelled: train on the 100,000 unlabelled pictures too (2.8 GB of memory).
    """

    reader = "STL10"
    test: ClassVar[dict[str, Any]] = {"split": "test"}

    def __init__(self, root: str = "data", download: bool = False, unlabelled: bool = False) -> None:
        super().__init__(root, download)
        self.train = {"split": "train+unlabeled" if unlabelled else "train"}  # type: ignore[misc]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("cifar10", CIFAR10)
    registry.add("cifar100", CIFAR100)
    registry.add("fashion_mnist", FashionMNIST)
    registry.add("stl10", STL10)
