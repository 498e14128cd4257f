"""The ``audio_folder`` source: sound files in class folders, or listed in a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.clips import read_clip, survey_clips
from sslkit.data.reading.manifest import read_listing
from sslkit.data.reading.sound_files import SUFFIXES
from sslkit.data.samples import FileSamples
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class AudioFolder(DataSource):
    """Sound files (wav, flac, ogg) in class folders or in a CSV manifest (path, label, group, split), any
    length.

    Channels are averaged, other rates resampled; longer sounds give their middle, shorter ones are padded
    with zeros on both sides. Files are decoded by threads when needed, and kept if all of them fit in a
    quarter of the memory. If the folder has ``train`` and ``test`` (or ``val``) folders, they are the split.

    Args:
        path: the folder, or the manifest; its paths are relative to it.
        rate_hz: samples per second that all sounds get.
        seconds: length that all sounds get.
        label_column: of the manifest (default: ``label`` if it is there).
        group_column: of the manifest, e.g. the speaker (default: ``group`` if it is there).
        workers: threads that decode.

    Raises:
        SSLKitError: nothing to read, or files that cannot be.
    """

    def __init__(
        self,
        path: str,
        rate_hz: Count = 16000,
        seconds: Positive = 1.0,
        label_column: str | None = None,
        group_column: str | None = None,
        workers: Count = 4,
    ) -> None:
        self.path, self.rate_hz, self.seconds, self.workers = path, rate_hz, seconds, workers
        self.label_column, self.group_column = label_column, group_column

    def load(self) -> Dataset:
        listing = read_listing(self.path, SUFFIXES, self.label_column, self.group_column)
        survey_clips(listing.paths, self.workers)
        length = max(1, round(self.seconds * self.rate_hz))
        decode = partial(read_clip, rate_hz=self.rate_hz, length=length)

        def samples(paths: Sequence[Path]) -> FileSamples:
            return FileSamples(paths, decode, (length,), self.workers, np.float32)

        return listing.dataset(SampleSpec("audio", (length,), float(self.rate_hz)), samples)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("audio_folder", AudioFolder)
