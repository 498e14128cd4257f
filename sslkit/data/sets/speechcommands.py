"""The ``speechcommands`` source: Speech Commands, found and if asked to downloaded by torchaudio."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.labels import encode_groups, encode_labels
from sslkit.data.reading.sounds.clips import read_clip
from sslkit.data.samples import FileSamples
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

RATE_HZ = 16000


class SpeechCommands(DataSource):
    """Speech Commands v2: 35 English words of one second at 16 kHz, 94,824/11,005 clips, official test
    speakers.

    Warden 2018 (arXiv:1804.03209), CC BY 4.0; torchaudio finds the files. The official training and
    validation lists together are the training part; groups are speakers.

    Args:
        root: folder that holds ``SpeechCommands/speech_commands_v0.02``.
        download: fetch 2.3 GB if they are not there; off, nothing goes to the network.
        workers: threads that decode.

    Raises:
        SSLKitError: the files are missing or damaged, or cannot be downloaded.
    """

    def __init__(self, root: str = "data", download: bool = False, workers: Count = 4) -> None:
        self.root, self.download, self.workers = Path(root).expanduser(), download, workers

    def load(self) -> Dataset:
        train = self._files("training") + self._files("validation")
        test = self._files("testing")
        if not train or not test:
            raise SSLKitError(
                f"{self.root}: Speech Commands has {len(train)} training and {len(test)} test files there: "
                "it is incomplete. Remove it and set download: true."
            )
        labels, class_names, _ = encode_labels([_column(part, 1) for part in (train, test)], str(self.root))
        groups, speaker_names, _ = encode_groups([_column(part, 2) for part in (train, test)])
        parts = [
            Part(self._samples([Path(path) for path, _, _ in files]), y, speakers)
            for files, y, speakers in zip((train, test), labels, groups, strict=True)
        ]
        return Dataset(
            SampleSpec("audio", (RATE_HZ,), float(RATE_HZ)),
            parts[0],
            parts[1],
            class_names,
            (),
            speaker_names,
        )

    def _files(self, subset: str) -> list[tuple[str, str, str]]:
        """(path, word, speaker) of the official subset."""
        from torchaudio.datasets import SPEECHCOMMANDS

        try:
            if self.download:
                self.root.mkdir(parents=True, exist_ok=True)
            found = SPEECHCOMMANDS(self.root, download=self.download, subset=subset)
        except (RuntimeError, OSError, ValueError, EOFError) as error:
            advice = "Is there a network?" if self.download else "Set root to them, or download: true."
            raise SSLKitError(f"Speech Commands is not in {self.root} ({error}). {advice}") from error
        listed = [found.get_metadata(i) for i in range(len(found))]
        base = self.root / "SpeechCommands"
        return [(str(base / path), word, speaker) for path, _, word, speaker, _ in listed]

    def _samples(self, paths: Sequence[Path]) -> FileSamples:
        decode = partial(read_clip, rate_hz=RATE_HZ, length=RATE_HZ)
        return FileSamples(paths, decode, (RATE_HZ,), self.workers, np.float32)


def _column(files: Sequence[tuple[str, str, str]], index: int) -> np.ndarray:
    return np.array([file[index] for file in files], dtype=str)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("speechcommands", SpeechCommands)
