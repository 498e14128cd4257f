"""Run as a process of its own by ``speech``: the C library keeps global state, and may crash without harm
here.

``python espeak_process.py LIBRARY FOLDER OUT`` reads a JSON list of [text, voice, pitch, rate] from standard
input and writes ``sound`` (int16, all utterances in a row), ``lengths`` and ``rate_hz`` to the .npz file OUT.
FOLDER holds ``espeak-ng-data``.
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any

import numpy as np

SYNCHRONOUS, CHARACTERS, UTF8 = 2, 1, 1  # names of espeak-ng's speak_lib.h
RATE, PITCH = 1, 3


def main(library: str, folder: str, out: str) -> None:
    """Speak what standard input asks for."""
    espeak = ctypes.CDLL(library)
    rate_hz = espeak.espeak_Initialize(SYNCHRONOUS, 0, folder.encode(), 0)
    if rate_hz <= 0:
        sys.exit(f"espeak-ng cannot start with the data in {folder}")
    espeak.espeak_ng_SetRandSeed(ctypes.c_long(0))  # else breath is drawn from the clock
    pieces: list[np.ndarray] = []

    def take(samples: Any, count: int, events: int | None) -> int:
        if samples and count > 0:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    taking = callback(take)  # held for as long as the library calls it
    espeak.espeak_SetSynthCallback(taking)
    lengths = []
    for text, voice, pitch, rate in json.load(sys.stdin):
        before = len(pieces)
        if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
            sys.exit(f"espeak-ng has no voice '{voice}'")
        espeak.espeak_SetParameter(RATE, rate, 0)
        espeak.espeak_SetParameter(PITCH, pitch, 0)
        encoded = text.encode()
        if espeak.espeak_Synth(encoded, len(encoded) + 1, 0, CHARACTERS, 0, UTF8, None, None) != 0:
            sys.exit(f"espeak-ng could not speak '{text}' with voice '{voice}'")
        lengths.append(sum(len(piece) for piece in pieces[before:]))
    sound = np.concatenate(pieces) if pieces else np.empty(0, np.int16)
    np.savez(out, sound=sound, lengths=np.array(lengths, dtype=np.int64), rate_hz=rate_hz)


if __name__ == "__main__":
    main(*sys.argv[1:])
