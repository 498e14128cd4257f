import time

import numpy as np
import pytest

from sslkit.data.sets import speech
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
