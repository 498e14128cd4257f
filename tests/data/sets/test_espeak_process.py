"""The process that speaks, with a library of our own in espeak-ng's place, and with the real one."""

from __future__ import annotations

import ctypes
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sslkit.data.sets import espeak_process
from sslkit.data.sets.packages import package_file
from sslkit.data.sets.speech import LIBRARIES, PROCESS


class Library:
    """As much of espeak-ng as is called: an utterance is as many samples as its text has letters, of its pitch."""

    def __init__(self, rate_hz: int = 22050, spoken: int = 0) -> None:
        self.rate_hz, self.spoken = rate_hz, spoken
        self.parameters: dict[int, int] = {}
        self.seeds: list[int] = []

    def initialise(self, output: int, length: int, path: bytes, options: int) -> int:
        assert (output, path) == (2, b"/data")
        return self.rate_hz

    def set_seed(self, seed: ctypes.c_long) -> None:
        self.seeds.append(seed.value)

    def set_callback(self, callback) -> None:
        self.callback = callback

    def set_voice(self, name: bytes) -> int:
        return 0 if name == b"en+m1" else 1

    def set_parameter(self, parameter: int, value: int, relative: int) -> None:
        assert relative == 0
        self.parameters[parameter] = value

    def synthesise(self, text: bytes, size: int, *rest: object) -> int:
        assert size == len(text) + 1, "with the zero at its end"
        for letters in (text[:2], text[2:]):  # espeak-ng gives sound in pieces
            piece = np.full(len(letters), self.parameters[espeak_process.PITCH], np.int16)
            self.callback(piece.ctypes.data_as(ctypes.POINTER(ctypes.c_short)), len(piece), None)
        self.callback(None, 0, None)
        return self.spoken

    def functions(self) -> SimpleNamespace:
        """By the names that they have in espeak-ng's headers."""
        return SimpleNamespace(
            espeak_Initialize=self.initialise,
            espeak_ng_SetRandSeed=self.set_seed,
            espeak_SetSynthCallback=self.set_callback,
            espeak_SetVoiceByName=self.set_voice,
            espeak_SetParameter=self.set_parameter,
            espeak_Synth=self.synthesise,
        )


def speak(monkeypatch: pytest.MonkeyPatch, library: Library, requests: list, out: Path) -> None:
    monkeypatch.setattr(
        espeak_process, "ctypes", SimpleNamespace(**{**vars(ctypes), "CDLL": lambda _: library.functions()})
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(requests)))
    espeak_process.main("library", "/data", str(out))


def test_pieces_are_put_together_for_each_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library = Library()
    speak(monkeypatch, library, [["hello", "en+m1", 40, 160], ["yes", "en+m1", 60, 200]], tmp_path / "x.npz")
    with np.load(tmp_path / "x.npz") as made:
        assert made["sound"].tolist() == [40] * 5 + [60] * 3 and made["sound"].dtype == np.int16
        assert made["lengths"].tolist() == [5, 3] and made["rate_hz"] == 22050
    assert library.parameters == {espeak_process.RATE: 200, espeak_process.PITCH: 60}
    assert library.seeds == [0], "else breath is drawn from the clock"


def test_nothing_to_say_is_no_sound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    speak(monkeypatch, Library(), [], tmp_path / "x.npz")
    with np.load(tmp_path / "x.npz") as made:
        assert made["sound"].shape == made["lengths"].shape == (0,)


@pytest.mark.parametrize(
    ("library", "voice", "message"),
    [
        (Library(rate_hz=-1), "en+m1", "espeak-ng cannot start with the data in /data"),
        (Library(), "en+m9", "espeak-ng has no voice 'en+m9'"),
        (Library(spoken=4), "en+m1", "espeak-ng could not speak 'yes' with voice 'en+m1'"),
    ],
)
def test_failures_are_the_exit_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Library, voice: str, message: str
) -> None:
    with pytest.raises(SystemExit, match=message.replace("+", r"\+")):
        speak(monkeypatch, library, [["yes", voice, 50, 160]], tmp_path / "x.npz")
    assert not (tmp_path / "x.npz").exists()


def test_the_real_library(tmp_path: Path) -> None:
    library = package_file("espeakng_loader", LIBRARIES.get(sys.platform, "libespeak-ng.so"), "sslkit[demo]")
    data = package_file("espeakng_loader", "espeak-ng-data", "sslkit[demo]").parent
    command = [sys.executable, str(PROCESS), str(library), str(data), str(tmp_path / "x.npz")]
    requests = json.dumps([["yes", "en+m1", 50, 160], ["seventeen", "en+m1", 50, 160]])
    done = subprocess.run(command, input=requests, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "x.npz") as made:
        short, long = made["lengths"].tolist()
        assert 0.1 * 22050 < short < long and len(made["sound"]) == short + long
        assert np.abs(made["sound"]).max() > 1000
