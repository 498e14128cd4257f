"""What the folder sources share: one file a sample, in class folders or named by a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import DTypeLike

from sslkit.data.reading.lists.file_lists import FileList, ListSettings
from sslkit.data.reading.lists.files import read_file_list
from sslkit.data.reading.text.dialect import Reading
from sslkit.data.samples import FileSamples
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, DataSource, Note, SampleSpec

Unreadable = Literal["error", "drop"]
Names = list[str | int | float]
SHOWN = 10  # files that a message names


class FileSource(DataSource):
    """One file a sample; subclasses say how a file is read. The settings are described where they are used."""

    suffixes: ClassVar[frozenset[str]]  # of files that count in a folder
    others: ClassVar[str] = ""  # what may be done with files of other kinds

    def __init__(
        self,
        path: str,
        label_column: str | None,
        group_column: str | None,
        workers: int,
        path_column: str | None = None,
        root: str | None = None,
        test_folds: Names | None = None,
        unknown: Names | None = None,
        unreadable: Unreadable = "error",
        reading: Reading | None = None,
    ) -> None:
        self.path, self.workers, self.unreadable = path, workers, unreadable
        self.settings = ListSettings(
            label_column,
            group_column,
            path_column,
            root,
            tuple(str(fold) for fold in test_folds or ()),
            None if unknown is None else tuple(unknown),
            reading or Reading(),
        )

    def load(self) -> Dataset:
        return self.load_files(self._files(self.settings))

    def load_new(self) -> Dataset:
        return self.load_files(self._files(replace(self.settings, for_new=True)))

    def load_files(self, files: FileList) -> Dataset:
        """The data set of these files."""
        raise NotImplementedError

    def _files(self, settings: ListSettings) -> FileList:
        """The files, their labels, groups and parts.

        Raises:
            SSLKitError: nothing to read.
        """
        return read_file_list(self.path, self.suffixes, settings, self.others)

    def list_reading(self) -> dict[str, Any]:
        """Settings of lists by which new files are read alike: names of columns, unknown labels, the dialect."""
        own = self.settings
        found: dict[str, Any] = {
            "label_column": own.label,
            "group_column": own.group,
            "path_column": own.path,
            "unknown": None if own.unknown is None else list(own.unknown),
            "reading": dict(own.reading) or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    def readable(self, files: FileList, broken: dict[Path, str], what: str) -> FileList:
        """Without the files that cannot be read, as the setting ``unreadable`` says.

        Args:
            files: all of them.
            broken: file → the reason that its reader gave.
            what: what they were read as, in the plural.

        Raises:
            SSLKitError: some cannot be read, and ``unreadable`` is ``error``; or all of them.
        """
        if not broken:
            return files
        shown = "; ".join(f"{path}: {reason}" for path, reason in list(broken.items())[:SHOWN])
        more = f"; and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
        total = len(set(files.paths))
        if self.unreadable == "error" or len(broken) == total:
            drop = "" if len(broken) == total else ", or leave them out with unreadable: drop"
            raise SSLKitError(
                f"{len(broken)} of {total} files cannot be read as {what} ({shown}{more}). Repair or remove them{drop}."
            )
        kept = files.chosen([row for row, path in enumerate(files.paths) if path not in broken])
        why = f"they cannot be read as {what}"
        note = Note("files are dropped", len(broken), total, tuple(map(str, broken)), why, warning=True)
        facts = {**files.facts, "files": f"{total - len(broken):,} of {total:,} read"}
        return FileList(**{**vars(kept), "notes": (*kept.notes, note), "facts": facts})

    def dataset(
        self,
        files: FileList,
        spec: SampleSpec,
        decode: Callable[..., np.ndarray],
        dtype: DTypeLike = np.uint8,
        places: Sequence[object] | None = None,
        seconds: Sequence[float] | None = None,
        reading: Mapping[str, Any] | None = None,
    ) -> Dataset:
        """The data set whose samples are the files (or ``places`` in them, which begin at ``seconds``), decoded to
        ``spec.shape`` and ``dtype``; ``reading`` is what new files are read by beside the list's settings."""

        def samples(rows: np.ndarray) -> FileSamples:
            paths: Sequence[Path] = [files.paths[row] for row in rows]
            where = None if places is None else [places[row] for row in rows]
            return FileSamples(paths, decode, spec.shape, self.workers, dtype, places=where)

        return files.dataset(spec, samples, seconds, {**self.list_reading(), **(reading or {})})
