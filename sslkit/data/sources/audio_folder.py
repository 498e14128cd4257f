"""The ``audio_folder`` source: sound files in class folders, or named by a CSV file list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.clips import read_clip, survey_clips
from sslkit.data.reading.sound_files import SOUND_SUFFIXES
from sslkit.data.sources.file_source import FileSource
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class AudioFolder(FileSource):
    """Sound files (wav, flac, ogg) in class folders or named by a CSV file list (path, label, group, split), any
    length.

    Channels are averaged, other rates resampled; longer sounds give their middle, shorter ones are padded
    with zeros on both sides. Files are decoded by threads when needed, and kept if all of them fit in a
    quarter of the memory. If the folder has ``train`` and ``test`` (or ``val``) folders, they are the split.

    Args:
        path: the folder, or the file list; its paths are relative to it.
        rate_hz: samples per second that all sounds get.
        seconds: length that all sounds get.
        label_column: of the list (default: ``label`` if it is there).
        group_column: of the list, e.g. the speaker (default: ``group`` if it is there).
        workers: threads that decode.

    Raises:
        SSLKitError: nothing to read, or files that cannot be.
    """

    suffixes = SOUND_SUFFIXES

    def __init__(
        self,
        path: str,
        rate_hz: Count = 16000,
        seconds: Positive = 1.0,
        label_column: str | None = None,
        group_column: str | None = None,
        workers: Count = 4,
    ) -> None:
        super().__init__(path, label_column, group_column, workers)
        self.rate_hz, self.seconds = rate_hz, seconds

    def load(self) -> Dataset:
        files = self.files()
        survey_clips(files.paths, self.workers)
        length = max(1, round(self.seconds * self.rate_hz))
        decode = partial(read_clip, rate_hz=self.rate_hz, length=length)
        return self.dataset(files, SampleSpec("audio", (length,), float(self.rate_hz)), decode, np.float32)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("audio_folder", AudioFolder)
