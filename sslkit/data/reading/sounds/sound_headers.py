"""What a sound file says of itself, and whether all that it says is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sslkit.errors import in_a_line

STREAM_SIZES = (0, 2**31 - 1, 2**31, 2**32 - 1)  # of data chunks whose writer did not know the length yet
OGG_END = 0x04  # flag of a stream's last page


@dataclass(frozen=True)
class SoundHeader:
    """Rate in Hz, time steps and channels of a file; ``problem`` says why it cannot be read, if so."""

    rate_hz: int = 0
    frames: int = 0
    channels: int = 0
    problem: str = ""

    @property
    def seconds(self) -> float:
        return self.frames / self.rate_hz if self.rate_hz else 0.0


def sound_header(path: Path) -> SoundHeader:
    """The header, with the reason why the file cannot be read where it cannot: no sound, empty, or cut off.

    A file cut off in the middle is often read without a word, with silence for the rest. Found are WAV and AIFF files
    whose sound is shorter than their header says (a wrong size of the whole file, as streams and some recorders write
    it, is no harm), Ogg files without their last page, and others whose last time step cannot be decoded.
    """
    import soundfile

    try:
        if not path.is_file():
            return SoundHeader(problem="it is no regular file")
        if not path.stat().st_size:
            return SoundHeader(problem="it is empty (0 bytes)")
        with soundfile.SoundFile(path) as file:
            rate, frames, channels = file.samplerate, file.frames, file.channels
            if frames <= 0:
                return SoundHeader(rate, 0, channels, "it has no samples")
            problem = _cut_off(path, file)
    except (soundfile.SoundFileError, OSError, RuntimeError) as error:
        return SoundHeader(problem=in_a_line(error))
    return SoundHeader(rate, frames, channels, problem)


def _cut_off(path: Path, file: object) -> str:
    with path.open("rb") as raw:
        head = raw.read(12)
        if head[:4] in (b"RIFF", b"RIFX", b"FORM"):
            order = "little" if head[:4] == b"RIFF" else "big"
            return _short_chunk(raw, order, b"SSND" if head[:4] == b"FORM" else b"data")
        if head[:4] in (b"RF64", b"BW64"):
            return _short_long_chunk(raw)
        if head[:4] == b"riff":
            return _short_wave64(raw)
        if head[:4] == b"OggS":
            return "" if _ends_ogg(raw) else "it is cut off: its last page is missing"
    return _short_end(file)


def _short_chunk(raw: BinaryIO, order: str, wanted: bytes) -> str:
    """The chunk of samples must be as long as it says."""
    size = raw.seek(0, 2)
    place = 12
    while place + 8 <= size:
        raw.seek(place)
        name, length = raw.read(4), int.from_bytes(raw.read(4), order)  # type: ignore[arg-type]
        if name == wanted:
            there = size - place - 8
            return "" if length in STREAM_SIZES else _too_short(there, length)
        place += 8 + length + length % 2
    return "it has no samples"


def _short_long_chunk(raw: BinaryIO) -> str:
    """RF64, WAV of more than 4 GB: the chunk ``ds64`` has the size of the samples where theirs is -1."""
    size, place, long_size = raw.seek(0, 2), 12, 0
    while place + 8 <= size:
        raw.seek(place)
        name, length = raw.read(4), int.from_bytes(raw.read(4), "little")
        if name == b"ds64":
            long_size = int.from_bytes(raw.read(16)[8:], "little")
        if name == b"data":
            length = long_size if length == 2**32 - 1 else length
            return _too_short(size - place - 8, length)
        place += 8 + length + length % 2
    return "it has no samples"


def _short_wave64(raw: BinaryIO) -> str:
    """Wave64: chunks named by 16 bytes, with sizes of 8 bytes that count the 24 of the head, on places of 8."""
    size, place = raw.seek(0, 2), 40
    while place + 24 <= size:
        raw.seek(place)
        name, length = raw.read(16), int.from_bytes(raw.read(8), "little")
        if name[:4] == b"data":
            return _too_short(size - place - 24, length - 24)
        place += max(24, length + -length % 8)
    return "it has no samples"


def _too_short(there: int, length: int) -> str:
    return "" if length <= there else f"it is cut off: {there:,} of {length:,} bytes of sound are there"


def _ends_ogg(raw: BinaryIO) -> bool:
    """Whether the last page that begins in the file is the last one of its stream."""
    size = raw.seek(0, 2)
    raw.seek(max(0, size - 2**17))
    tail = raw.read()
    last = tail.rfind(b"OggS")
    return last < 0 or (last + 5 < len(tail) and bool(tail[last + 5] & OGG_END))


def _short_end(file: object) -> str:
    """The last time step must be there."""
    frames: int = file.frames  # type: ignore[attr-defined]
    import soundfile

    try:
        file.seek(frames - 1)  # type: ignore[attr-defined]
        found = len(file.read(1))  # type: ignore[attr-defined]
    except soundfile.SoundFileError:
        found = 0
    return "" if found else f"it is cut off: its header says {frames:,} time steps, and the last is not there"
