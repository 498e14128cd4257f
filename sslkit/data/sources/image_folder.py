"""The ``image_folder`` source: image files in class folders, or named by a CSV file list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sslkit.data.reading.pictures import PICTURE_SUFFIXES, ColourMode, read_picture, survey_pictures
from sslkit.data.sources.file_source import FileSource
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ImageFolder(FileSource):
    """Image files in class folders (``root/class/*.png``) or named by a CSV file list (path, label, group, split),
    any size.

    Files are decoded by threads when needed, and kept if all of them fit in a quarter of the memory. If the
    folder has ``train`` and ``test`` (or ``val``) folders, they are the split. Files without class folders
    are unlabelled.

    Args:
        path: the folder, or the file list; its paths are relative to it.
        size: the shorter side is resized to it and the centre cropped; needed where the images' sizes differ.
        mode: ``grey``, ``rgb``, or what the files are: grey only if all are.
        label_column: of the list (default: ``label`` if it is there).
        group_column: of the list (default: ``group`` if it is there).
        workers: threads that decode.

    Raises:
        SSLKitError: nothing to read, or files that cannot be.
    """

    suffixes = PICTURE_SUFFIXES

    def __init__(
        self,
        path: str,
        size: Count | None = None,
        mode: ColourMode = "auto",
        label_column: str | None = None,
        group_column: str | None = None,
        workers: Count = 4,
    ) -> None:
        super().__init__(path, label_column, group_column, workers)
        self.size, self.mode = size, mode

    def load(self) -> Dataset:
        files = self.files()
        mode, (height, width) = survey_pictures(files.paths, self.mode, self.size, self.workers)
        shape = (1 if mode == "grey" else 3, height, width)
        decode = partial(read_picture, mode=mode, size=self.size)
        return self.dataset(files, SampleSpec("image", shape, scale=1 / 255), decode)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("image_folder", ImageFolder)
