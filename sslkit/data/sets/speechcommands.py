"""The ``speechcommands`` source: Speech Commands, found or, if asked to, downloaded."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.labels import encode_groups, encode_labels
from sslkit.data.reading.sounds.clips import read_clip
from sslkit.data.samples import FileSamples
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

RATE_HZ = 16000
ARCHIVE = "speech_commands_v0.02.tar.gz"
ADDRESS = f"http://download.tensorflow.org/data/{ARCHIVE}"  # what comes from there must have this sum
SHA256 = "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58"


class SpeechCommands(DataSource):
    """Speech Commands v2: 35 English words of one second at 16 kHz, 94,824/11,005 clips, official test
    speakers.

    Warden 2018 (arXiv:1804.03209), CC BY 4.0. The official training and validation files together
    are the training part; groups are speakers.

    Args:
        root: folder that holds ``SpeechCommands/speech_commands_v0.02``.
        download: fetch 2.3 GB if they are not there; off, nothing goes to the network.
        workers: threads that decode.

    Raises:
        SSLKitError: the files are missing or damaged, or cannot be downloaded.
    """

    def __init__(self, root: str = "data", download: bool = False, workers: Count = 4) -> None:
        self.root, self.download, self.workers = given_path(root), download, workers

    def load(self) -> Dataset:
        folder = self.root / "SpeechCommands" / ARCHIVE.removesuffix(".tar.gz")
        try:
            if self.download and not folder.is_dir():
                _fetch(self.root, folder)
            train, test = _official_split(folder)
        except (RuntimeError, OSError, ValueError, EOFError, tarfile.TarError) as error:
            advice = "Is there a network?" if self.download else "Set root to them, or download: true."
            raise SSLKitError(f"Speech Commands is not in {self.root} ({error}). {advice}") from error
        if not train or not test:
            raise SSLKitError(
                f"{self.root}: Speech Commands has {len(train)} training and {len(test)} test files there: "
                "it is incomplete. Remove it and set download: true."
            )
        words = [np.array([file.parent.name for file in part], dtype=str) for part in (train, test)]
        labels, class_names, _ = encode_labels(words, str(self.root))
        speakers = [np.array([_speaker(file) for file in part], dtype=str) for part in (train, test)]
        groups, speaker_names, _ = encode_groups(speakers)
        parts = [
            Part(self._samples(files), y, who)
            for files, y, who in zip((train, test), labels, groups, strict=True)
        ]
        return Dataset(
            SampleSpec("audio", (RATE_HZ,), float(RATE_HZ)),
            parts[0],
            parts[1],
            class_names,
            (),
            speaker_names,
        )

    def _samples(self, paths: Sequence[Path]) -> FileSamples:
        decode = partial(read_clip, rate_hz=RATE_HZ, length=RATE_HZ)
        return FileSamples(paths, decode, (RATE_HZ,), self.workers, np.float32)


def _fetch(root: Path, folder: Path) -> None:
    """Download the archive, unless it is there, and unpack it."""
    from torch.hub import download_url_to_file
    from torchvision.datasets.utils import extract_archive

    archive = root / ARCHIVE
    root.mkdir(parents=True, exist_ok=True)
    if not archive.is_file():
        download_url_to_file(ADDRESS, str(archive), hash_prefix=SHA256)
    extract_archive(str(archive), str(folder))


def _official_split(folder: Path) -> tuple[list[Path], list[Path]]:
    """Training and test files; of the former the official validation files come last."""
    test, validation = (_listed(folder, f"{part}_list.txt") for part in ("testing", "validation"))
    elsewhere = {*test, *validation}
    spoken = sorted(folder.glob("*/*_nohash_*.wav"), key=str)
    return [file for file in spoken if file not in elsewhere] + validation, test


def _listed(folder: Path, name: str) -> list[Path]:
    return [folder / line for line in (folder / name).read_text(encoding="utf-8").split()]


def _speaker(file: Path) -> str:
    return file.name.partition("_nohash_")[0]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("speechcommands", SpeechCommands)
