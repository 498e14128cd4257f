"""Synthetic speech by the espeak-ng library that the package espeakng-loader carries."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sslkit.data.sets.packages import package_file
from sslkit.errors import SSLKitError

INSTALL = "sslkit[demo]"
LIBRARIES = {"darwin": "libespeak-ng.dylib", "win32": "espeak-ng.dll"}
PROCESS = Path(__file__).with_name("espeak_process.py")
TIMEOUT_SECONDS = 300


def speak(requests: Sequence[tuple[str, str, int, int]]) -> tuple[list[np.ndarray], int]:
    """Text → sound.

    Args:
        requests: (text, voice, pitch 0…100, words per minute). A voice is a language with a variant:
            ``en-us+f2``.

    Returns:
        One int16 array an utterance, in order, and their rate in Hz. The same list gives the same sound; the
        library carries some state from one utterance to the next.

    Raises:
        SSLKitError: the package is not installed, the library fails, or it has no such voice.
    """
    library = package_file("espeakng_loader", LIBRARIES.get(sys.platform, "libespeak-ng.so"), INSTALL)
    data = package_file("espeakng_loader", "espeak-ng-data", INSTALL)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "speech.npz"
        command = [sys.executable, "-P", str(PROCESS), str(library.absolute()), ".", str(out.absolute())]
        try:
            done = subprocess.run(
                command,
                input=json.dumps(list(requests)),
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT_SECONDS,
                cwd=data.parent,  # named ".", for the library takes no path of more than 160 characters
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SSLKitError(f"espeak-ng did not run: {error}.") from error
        if done.returncode != 0 or not out.exists():
            said = done.stderr.strip().splitlines()
            raise SSLKitError(
                f"espeak-ng failed (exit status {done.returncode}): "
                f"{said[-1] if said else 'it said nothing'}. "
                f'Install it again: pip install --force-reinstall "{INSTALL}"'
            )
        with np.load(out, allow_pickle=False) as made:
            sound, lengths, rate_hz = made["sound"], made["lengths"], int(made["rate_hz"])
    return np.split(sound, np.cumsum(lengths)[:-1]), rate_hz
