"""What the folder sources share: one file a sample, in class folders or named by a file list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from sslkit.data.reading.file_lists import FileList, read_file_list
from sslkit.data.samples import FileSamples
from sslkit.types import Dataset, DataSource, SampleSpec


class FileSource(DataSource):
    """One file a sample; subclasses say how a file is read.

    Args:
        path: the folder, or the file list.
        label_column: of the list; None: ``label`` if it is there.
        group_column: of the list; None: ``group`` if it is there.
        workers: threads that decode.
    """

    suffixes: ClassVar[frozenset[str]]  # of files that count in a folder

    def __init__(self, path: str, label_column: str | None, group_column: str | None, workers: int) -> None:
        self.path, self.label_column, self.group_column = path, label_column, group_column
        self.workers = workers

    def files(self) -> FileList:
        """The files, their labels and groups.

        Raises:
            SSLKitError: nothing to read.
        """
        return read_file_list(self.path, self.suffixes, self.label_column, self.group_column)

    def dataset(
        self,
        files: FileList,
        spec: SampleSpec,
        decode: Callable[[Path], np.ndarray],
        dtype: DTypeLike = np.uint8,
    ) -> Dataset:
        """The data set whose samples are the files, decoded when needed to ``spec.shape`` and ``dtype``."""

        def samples(paths: Sequence[Path]) -> FileSamples:
            return FileSamples(paths, decode, spec.shape, self.workers, dtype)

        return files.dataset(spec, samples)
