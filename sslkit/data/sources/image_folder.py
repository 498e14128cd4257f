"""The ``image_folder`` source: image files in class folders, or listed in a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sslkit.data.reading.manifest import read_listing
from sslkit.data.reading.pictures import SUFFIXES, ColourMode, read_picture, survey_pictures
from sslkit.data.samples import FileSamples
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ImageFolder(DataSource):
    """Image files in class folders (``root/class/*.png``) or in a CSV manifest (path, label, group, split),
    any size.

    Files are decoded by threads when needed, and kept if all of them fit in a quarter of the memory. If the
    folder has ``train`` and ``test`` (or ``val``) folders, they are the split. Files without class folders
    are unlabelled.

    Args:
        path: the folder, or the manifest; its paths are relative to it.
        size: the shorter side is resized to it and the centre cropped; needed where the images' sizes differ.
        mode: ``grey``, ``rgb``, or what the files are: grey only if all are.
        label_column: of the manifest (default: ``label`` if it is there).
        group_column: of the manifest (default: ``group`` if it is there).
        workers: threads that decode.

    Raises:
        SSLKitError: nothing to read, or files that cannot be.
    """

    def __init__(
        self,
        path: str,
        size: Count | None = None,
        mode: ColourMode = "auto",
        label_column: str | None = None,
        group_column: str | None = None,
        workers: Count = 4,
    ) -> None:
        self.path, self.size, self.mode, self.workers = path, size, mode, workers
        self.label_column, self.group_column = label_column, group_column

    def load(self) -> Dataset:
        listing = read_listing(self.path, SUFFIXES, self.label_column, self.group_column)
        mode, (height, width) = survey_pictures(listing.paths, self.mode, self.size, self.workers)
        shape = (1 if mode == "grey" else 3, height, width)
        decode = partial(read_picture, mode=mode, size=self.size)

        def samples(paths: Sequence[Path]) -> FileSamples:
            return FileSamples(paths, decode, shape, self.workers)

        return listing.dataset(SampleSpec("image", shape, scale=1 / 255), samples)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("image_folder", ImageFolder)
