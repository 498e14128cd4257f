"""The user's own sounds, for augmentations: found and checked before training, read once for all that use them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sslkit.data.reading.order import in_order
from sslkit.data.reading.sounds.sound_files import SOUND_SUFFIXES, is_sound, read_sound
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path


class Sounds(NamedTuple):
    """Sounds end to end in one tensor; a clip may begin at ``starts[i]`` … ``starts[i] + places[i] - 1``."""

    samples: Tensor
    starts: Tensor
    places: Tensor

    def to(self, device: torch.device) -> Sounds:
        return Sounds(*(tensor.to(device) for tensor in self))


def find_sounds(name: str, folder: str) -> tuple[Path, ...]:
    """All sound files below a folder, in order; ``name`` is whose folder it is.

    Raises:
        SSLKitError: no such folder, no sound in it, or files that cannot be read.
    """
    place = given_path(folder)
    if not place.is_dir():
        raise SSLKitError(f"{name}: there is no folder {folder}.")
    paths = tuple(in_order(path for path in place.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES))
    if not paths:
        raise SSLKitError(f"{name}: {folder} has no sound files ({', '.join(sorted(SOUND_SUFFIXES))}).")
    broken = [path for path in paths if not is_sound(path)]
    if broken:
        raise SSLKitError(
            f"{name}: {len(broken)} of {len(paths)} files cannot be read as sound, the first is {broken[0]}. "
            "Repair or remove them."
        )
    return paths


def evenly(paths: tuple[Path, ...], most: int) -> tuple[Path, ...]:
    """At most ``most`` of them, evenly spread."""
    if len(paths) <= most:
        return paths
    return tuple(paths[i * len(paths) // most] for i in range(most))


@lru_cache(maxsize=4)  # the views' pipelines share what was read
def read_sounds(paths: tuple[Path, ...], rate_hz: int, length: int, most_s: float) -> Sounds:
    """Sounds at a rate, for clips of ``length`` samples; shorter sounds are repeated.

    At most about ``most_s`` seconds are kept: every file gives an equal share, from its middle, but no less
    than a clip; where even that is too much, evenly spread files are read.
    """
    clip_s = length / rate_hz
    share_s = max(clip_s, most_s / len(paths))
    chosen = evenly(paths, max(1, int(most_s / share_s)))
    sounds, places = [], []
    for path in chosen:
        sound = read_sound(path, rate_hz, share_s)
        if len(sound) < length:
            places.append(len(sound))
            sound = np.resize(sound, len(sound) + length - 1)  # repeats it
        else:
            places.append(len(sound) - length + 1)
        sounds.append(sound)
    starts = np.cumsum([0, *map(len, sounds[:-1])])
    return Sounds(torch.from_numpy(np.concatenate(sounds)), torch.from_numpy(starts), torch.tensor(places))


@lru_cache(maxsize=4)
def read_responses(paths: tuple[Path, ...], rate_hz: int, length: int, before: int) -> Tensor:
    """Impulse responses ``(N, L)`` whose direct sound, the largest peak, is 1 and at ``before``; at most
    ``length`` samples follow it."""
    aligned = []
    for path in paths:
        response = np.pad(read_sound(path, rate_hz), (before, 0))
        peak = int(np.abs(response).argmax())
        if response[peak] == 0:
            raise SSLKitError(f"{path}: the impulse response is silent. Remove it.")
        aligned.append(torch.from_numpy(response[peak - before : peak + length] / response[peak]))
    return torch.nn.utils.rnn.pad_sequence(aligned, batch_first=True)
