"""Damaged and odd files are made from good ones, byte by byte."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sslkit.data.reading.sounds.sound_headers import sound_header

SOUND = np.random.default_rng(0).uniform(-0.5, 0.5, 16_000)


def _file(tmp_path: Path, suffix: str, **settings: str) -> Path:
    path = tmp_path / f"x.{suffix}"
    soundfile.write(path, SOUND, 16_000, **settings)
    return path


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "aiff", "mp3", "au", "w64", "caf"])
def test_good_files_say_what_they_are(tmp_path: Path, suffix: str) -> None:
    header = sound_header(_file(tmp_path, suffix))
    assert (header.rate_hz, header.channels, header.problem) == (16_000, 1, "")
    assert abs(header.seconds - 1) < 0.1


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "aiff", "mp3", "w64"])
def test_a6_files_cut_in_half_are_found(tmp_path: Path, suffix: str) -> None:
    path = _file(tmp_path, suffix)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert sound_header(path).problem


def test_a6_a_wav_cut_short_whose_whole_size_fits(tmp_path: Path) -> None:
    path = _file(tmp_path, "wav")
    content = path.read_bytes()[:10_000]
    path.write_bytes(content[:4] + struct.pack("<I", len(content) - 8) + content[8:])
    assert "9,956 of 32,000 bytes" in sound_header(path).problem


@pytest.mark.parametrize("size", [0x7FFFFFFF, 0xFFFFFFFF, 0, 8])
def test_a6_good_wavs_with_sizes_of_streams_are_read(tmp_path: Path, size: int) -> None:
    path = _file(tmp_path, "wav")
    content = bytearray(path.read_bytes())
    if size == 8:  # the whole file's size instead of what follows it
        content[4:8] = struct.pack("<I", len(content))
    else:
        content[4:8], content[40:44] = struct.pack("<I", size), struct.pack("<I", size)
    path.write_bytes(content)
    header = sound_header(path)
    assert header.problem == "" or (size == 0 and header.frames == 0)
    assert size == 0 or header.frames == 16_000


def test_a6_an_odd_byte_at_the_end_is_no_harm(tmp_path: Path) -> None:
    path = _file(tmp_path, "wav")
    path.write_bytes(path.read_bytes() + b"\0")
    assert sound_header(path).problem == "" and sound_header(path).frames == 16_000


def test_what_is_no_sound(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("hello")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 8000)
    assert sound_header(tmp_path / "text.wav").problem
    assert "no samples" in sound_header(tmp_path / "empty.wav").problem
    assert "no regular file" in sound_header(tmp_path / "none.wav").problem


def test_a6_long_wav_cut_in_half_is_found(tmp_path: Path) -> None:
    path = _file(tmp_path, "wav", format="RF64")
    assert sound_header(path).problem == "" and path.read_bytes()[:4] == b"RF64"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "of 32,000 bytes of sound are there" in sound_header(path).problem


def test_a6_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"")
    assert sound_header(tmp_path / "x.wav").problem == "it is empty (0 bytes)"
