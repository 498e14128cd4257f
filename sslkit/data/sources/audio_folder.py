"""The ``audio_folder`` source: sound files in class folders, or named by a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sslkit.data.reading.lists.file_lists import FileList
from sslkit.data.reading.sounds.clips import (
    ClipsOf,
    begin_second,
    cut_clips,
    read_clip,
    sound_facts,
    survey_clips,
)
from sslkit.data.reading.sounds.sound_files import SOUND_SUFFIXES
from sslkit.data.reading.text.dialect import Reading
from sslkit.data.sources.file_source import FileSource, Unreadable
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class AudioFolder(FileSource):
    """Sound files (wav, flac, ogg, mp3, aiff …) in class folders or named by a list, any length.

    Channels are averaged, other rates resampled; longer sounds give their middle (or all, in clips), shorter ones are
    padded with zeros on both sides. Only what is needed is decoded, by threads, and kept if all clips fit in a quarter
    of the memory. Folders for parts (``train``, ``val``, ``test`` …) are the parts, ``fold1`` … are groups. A list may
    have segments: columns for start and end (or duration) in seconds. See docs/data/audio_folder.md.

    Args:
        path: the folder, or the list; its paths are relative to it.
        rate_hz: samples per second that all sounds get.
        seconds: length that all clips get.
        label_column: of the list (default: ``label``, or a column that is called like one: ``category``, ``class`` …).
        group_column: of the list, e.g. the speaker (default: ``group``, ``speaker``, ``patient_id`` …, else ``fold``).
        workers: threads that decode.
        clips: ``middle`` takes one clip of each file or segment, ``all`` cuts them into clips.
        path_column: of the list (default: ``path``, ``filename``, ``file`` …).
        root: the folder that the list's paths are relative to, where it is not the list's own.
        test_folds: folds that are the test part: values of the column ``fold``, or numbers of the folders ``fold1`` …
        unknown: labels that mean "not labelled" (default: empty, NA, NaN, null … and -1).
        unreadable: files that cannot be decoded: refuse (``error``), or leave them out (``drop``) and say so.
        reading: the dialect of the list, where it is not recognised.

    Raises:
        SSLKitError: nothing to read, or files that cannot be.
    """

    suffixes = SOUND_SUFFIXES
    others = "Convert them (m4a, wma, aac and others) to wav or flac, e.g. with ffmpeg."

    def __init__(
        self,
        path: str,
        rate_hz: Count = 16000,
        seconds: Positive = 1.0,
        label_column: str | None = None,
        group_column: str | None = None,
        workers: Count = 4,
        clips: ClipsOf = "middle",
        path_column: str | None = None,
        root: str | None = None,
        test_folds: list[str | int | float] | None = None,
        unknown: list[str | int | float] | None = None,
        unreadable: Unreadable = "error",
        reading: Reading | None = None,
    ) -> None:
        list_settings = (path_column, root, test_folds, unknown, unreadable, reading)
        super().__init__(path, label_column, group_column, workers, *list_settings)
        self.rate_hz, self.seconds, self.clips = rate_hz, seconds, clips

    @classmethod
    def settings_for(cls, path: Path, spec: SampleSpec, reading: Mapping[str, Any]) -> dict[str, Any] | None:
        """Sound files, folders of them and lists, for encoders of sound."""
        if spec.modality != "audio" or spec.rate_hz is None:
            return None
        rate = int(spec.rate_hz) if spec.rate_hz.is_integer() else spec.rate_hz
        return {"path": str(path), **reading, "rate_hz": rate, "seconds": spec.shape[0] / spec.rate_hz}

    def load_files(self, files: FileList) -> Dataset:
        headers = survey_clips(files.paths, self.workers)
        broken = {path: header.problem for path, header in headers.items() if header.problem}
        files = self.readable(files, broken, "sound")
        length = max(1, round(self.seconds * self.rate_hz))
        files, places = cut_clips(files, headers, self.rate_hz, length, self.clips)
        facts, notes = sound_facts(files, headers, places, self.rate_hz, length)
        files = replace(files, facts={**files.facts, **facts}, notes=(*files.notes, *notes))
        decode = partial(read_clip, rate_hz=self.rate_hz, length=length)
        spec = SampleSpec("audio", (length,), float(self.rate_hz))
        seconds = [
            begin_second(headers[path], place, self.rate_hz)
            for path, place in zip(files.paths, places, strict=True)
        ]
        return self.dataset(files, spec, decode, np.float32, places, seconds, {"clips": self.clips})


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("audio_folder", AudioFolder)
