"""Speech by espeak-ng, in a process of its own."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from sslkit.data.sets import speech
from sslkit.data.sets.packages import package_file
from sslkit.data.sets.speech import speak
from sslkit.errors import SSLKitError

REQUESTS = [
    ("yes", "en-us+m1", 50, 160),
    ("house", "en-gb-scotland+f2", 50, 160),
    ("house", "en-gb-scotland+f2", 50, 80),
    ("seven", "en+f5", 50, 160),
]


def test_words_are_spoken_and_the_same_each_time() -> None:
    first, rate = speak(REQUESTS)
    time.sleep(1.1)  # breathy voices (f2, f5) draw noise that the library seeds from the clock's seconds
    second, _ = speak(REQUESTS)
    assert rate == 22050 and len(first) == 4
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == np.int16 and 0.2 * rate < len(one) < 2 * rate and np.abs(one).max() > 1000
    assert len(first[2]) > 1.3 * len(first[1]), "at half the rate it lasts longer"


def test_an_unknown_voice() -> None:
    with pytest.raises(SSLKitError, match="no voice 'atlantis"):
        speak([("yes", "atlantis+m1", 50, 160)])


def test_a_crash_of_the_library_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    crash = speech.PROCESS.with_name("speech.py")  # takes no arguments and writes nothing
    monkeypatch.setattr(speech, "PROCESS", crash)
    with pytest.raises(SSLKitError, match="espeak-ng failed"):
        speak(REQUESTS)


def test_a_long_path_without_symbolic_links(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The library holds 160 characters of its data's path; Windows lets few users make links."""
    expected, _ = speak(REQUESTS[:1])
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    shutil.copytree(package_file("espeakng_loader", "espeak-ng-data", "x"), deep / "espeak-ng-data")
    real = speech.package_file

    def found(package: str, relative: str, install: str) -> Path:
        return deep / relative if relative == "espeak-ng-data" else real(package, relative, install)

    def refused(*_: object, **__: object) -> None:
        raise OSError("a privilege that this user lacks")

    monkeypatch.setattr(speech, "package_file", found)
    monkeypatch.setattr(os, "symlink", refused)
    spoken, _ = speak(REQUESTS[:1])
    np.testing.assert_array_equal(spoken[0], expected[0])
