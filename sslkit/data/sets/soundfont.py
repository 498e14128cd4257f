"""A reader of SoundFont 2 files that plays single notes: enough for sampled instruments, without a
synthesiser.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sslkit.errors import SSLKitError

RECORD_BYTES = {b"phdr": 38, b"inst": 22, b"pbag": 4, b"ibag": 4, b"pgen": 4, b"igen": 4, b"shdr": 46}
LOOP_START, LOOP_END, INSTRUMENT, KEY_RANGE, VELOCITY_RANGE, ATTENUATION = 2, 3, 41, 43, 44, 48
COARSE_TUNE, FINE_TUNE, SAMPLE, SAMPLE_MODE, SCALE_TUNING, ROOT_KEY = 51, 52, 53, 54, 56, 58
ATTACK, HOLD, DECAY, SUSTAIN, RELEASE = 34, 35, 36, 37, 38  # of the volume; numbers of SoundFont 2.04 §8.1.2
INSTANT = -12000  # timecents: 1 ms
SILENCE_DB = 100.0

Zone = dict[int, int]  # generator → amount as an unsigned 16-bit number


@dataclass(frozen=True)
class _Sample:
    start: int
    end: int
    loop_start: int
    loop_end: int
    rate_hz: int
    root_key: int
    correction_cents: int


class SoundFont:
    """The instruments of an ``.sf2`` file.

    Only what shapes a single note is read: samples, loops, tuning, key and velocity ranges, attenuation and
    the volume envelope; no filters, modulators or effects.

    Raises:
        SSLKitError: the file is not a SoundFont, or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            content = path.read_bytes()
            found = dict(_chunks(content))
            records = {name: _records(found[name], size) for name, size in RECORD_BYTES.items()}
            self._sound = np.frombuffer(found[b"smpl"], dtype="<i2").astype(np.float32) / 32768
            self._samples = [_Sample(*struct.unpack("<5IBb", record[20:42])) for record in records[b"shdr"]]
            instruments = [struct.unpack("<H", record[20:22])[0] for record in records[b"inst"]]
            self._instruments = _all_zones(instruments, records[b"ibag"], records[b"igen"], SAMPLE)
            heads = [struct.unpack("<3H", record[20:26]) for record in records[b"phdr"]]
            zones = _all_zones([head[2] for head in heads], records[b"pbag"], records[b"pgen"], INSTRUMENT)
        except (OSError, KeyError, IndexError, ValueError, struct.error) as error:
            raise SSLKitError(f"{path} cannot be read as a SoundFont ({error!r}).") from error
        self._presets = {(bank, program): zones[i] for i, (program, bank, _) in enumerate(heads[:-1])}

    def note(
        self, program: int, key: int, velocity: int, held_seconds: float, seconds: float, rate_hz: int
    ) -> np.ndarray:
        """One note of a General MIDI program, float32 ``(seconds · rate_hz,)``.

        Args:
            program: 0…127.
            key: MIDI note, 60 is middle C.
            velocity: 1…127.
            held_seconds: when the key is let go.
            seconds: length of what is returned.
            rate_hz: choose it well above what is needed, and resample: notes are read by linear
                interpolation.

        Raises:
            SSLKitError: the font has no such program.
        """
        if (0, program) not in self._presets:
            raise SSLKitError(f"{self.path} has no program {program}.")
        time = np.arange(round(seconds * rate_hz)) / rate_hz
        sound = np.zeros(len(time), dtype=np.float32)
        for preset in self._presets[0, program]:
            if not _covers(preset, key, velocity):
                continue
            for zone in self._instruments[preset[INSTRUMENT]]:
                if _covers(zone, key, velocity):
                    sound += self._play(zone, preset, key, time) * _envelope(zone, time, held_seconds)
        return sound * (velocity / 127) ** 2

    def _play(self, zone: Zone, preset: Zone, key: int, time: np.ndarray) -> np.ndarray:
        """A zone's sample at the key's pitch, looped where it says so."""
        sample = self._samples[zone[SAMPLE]]
        root = _signed(zone, ROOT_KEY, -1)
        root = sample.root_key if root < 0 else root
        cents = (key - root) * _signed(zone, SCALE_TUNING, 100) + sample.correction_cents
        for tuned in (zone, preset):
            cents += 100 * _signed(tuned, COARSE_TUNE) + _signed(tuned, FINE_TUNE)
        place = sample.start + time * sample.rate_hz * 2 ** (cents / 1200)
        first, last = sample.loop_start + _signed(zone, LOOP_START), sample.loop_end + _signed(zone, LOOP_END)
        loops = _signed(zone, SAMPLE_MODE) in (1, 3) and last > first
        if loops:
            beyond = int(np.searchsorted(place, last))
            place[beyond:] = first + (place[beyond:] - first) % (last - first)
        before = np.minimum(place.astype(np.int64), sample.end - 1)
        share = (place - before).astype(np.float32)
        after = before + 1
        if loops:
            after[after == last] = first
        played: np.ndarray = self._sound[before] * (1 - share)
        played += self._sound[np.minimum(after, sample.end - 1)] * share
        if not loops:
            played[int(np.searchsorted(place, sample.end - 1)) :] = 0
        attenuation = max(0, _signed(zone, ATTENUATION) + _signed(preset, ATTENUATION)) / 10
        return played * np.float32(10 ** (-attenuation / 20))


def _envelope(zone: Zone, time: np.ndarray, held_seconds: float) -> np.ndarray:
    """The volume: linear attack, hold, then decay and release linear in decibels."""
    attack, hold, decay, release = (
        2 ** (_signed(zone, stage, INSTANT) / 1200) for stage in (ATTACK, HOLD, DECAY, RELEASE)
    )
    sustain_db = min(SILENCE_DB, max(0, _signed(zone, SUSTAIN)) / 10)
    time = time.astype(np.float32)
    loss_db = np.minimum((time - (attack + hold)).clip(0) * (SILENCE_DB / decay), sustain_db)
    loss_db += (time - held_seconds).clip(0) * (SILENCE_DB / release)
    volume: np.ndarray = np.minimum(1, time / attack) * np.exp(loss_db * (-np.log(10) / 20))
    return volume


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, data) of the chunks inside a RIFF file's lists."""
    if content[:4] != b"RIFF" or content[8:12] != b"sfbk":
        raise ValueError("no SoundFont header")
    place = 12
    while place + 8 <= len(content):
        name, size = struct.unpack("<4sI", content[place : place + 8])
        if name == b"LIST":
            place += 12  # into the list
            continue
        if place + 8 + size > len(content):
            raise ValueError("it is truncated")
        yield name, content[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _records(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


def _all_zones(
    first_bags: list[int], bags: list[bytes], generators: list[bytes], link: int
) -> list[list[Zone]]:
    """For each preset or instrument its zones, a global zone's generators put into the others."""
    starts = [struct.unpack("<H", bag[:2])[0] for bag in bags]
    zones = [
        dict(struct.unpack("<HH", generator) for generator in generators[start:stop])
        for start, stop in pairwise(starts)
    ]
    owned = [zones[start:stop] for start, stop in pairwise(first_bags)]
    merged = []
    for group in owned:
        common = group[0] if group and link not in group[0] else {}
        merged.append([common | zone for zone in group if link in zone])
    return merged


def _covers(zone: Zone, key: int, velocity: int) -> bool:
    """Whether a zone is for this key and velocity; a range is two bytes, the lowest and the highest."""
    return all(
        zone.get(bounds, 0x7F00) & 0xFF <= value <= zone.get(bounds, 0x7F00) >> 8
        for bounds, value in ((KEY_RANGE, key), (VELOCITY_RANGE, velocity))
    )


def _signed(zone: Zone, generator: int, default: int = 0) -> int:
    amount = zone.get(generator, default)
    return amount - 0x10000 if amount >= 0x8000 else amount
