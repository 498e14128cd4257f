"""Writes a SoundFont of one looped sine at 440 Hz, by the specification and not by the reader."""

import struct
from pathlib import Path

import numpy as np

RATE = 44100
PERIODS, LENGTH = 44, 4410  # 44 periods of 440 Hz


def write_soundfont(path: Path, programs: list[int], loop: bool = True, release: int = -12000) -> Path:
    """All programs play key 69 at 440 Hz, full scale; keys above 100 have no zone."""
    sine = np.sin(2 * np.pi * PERIODS / LENGTH * np.arange(LENGTH))
    smpl = np.round(sine * 32767).astype("<i2").tobytes() + bytes(92)
    key_range = struct.pack("<HBB", 43, 0, 100)
    common = [
        struct.pack("<HH", 54, int(loop)),
        struct.pack("<Hh", 38, release),
    ]
    igen = [*common, key_range, struct.pack("<HH", 53, 0), bytes(4)]
    ibag = [struct.pack("<HH", 0, 0), struct.pack("<HH", 2, 0), struct.pack("<HH", 4, 0)]
    inst = [b"sine".ljust(20, b"\0") + struct.pack("<H", 0), b"EOI".ljust(20, b"\0") + struct.pack("<H", 2)]
    pgen = [struct.pack("<HH", 41, 0) for _ in programs] + [bytes(4)]
    pbag = [struct.pack("<HH", i, 0) for i in range(len(programs) + 1)]
    phdr = [
        b"p".ljust(20, b"\0") + struct.pack("<3H3I", program, 0, i, 0, 0, 0)
        for i, program in enumerate([*programs, 255])
    ]
    shdr = [
        b"s".ljust(20, b"\0") + struct.pack("<5IBbHH", 0, LENGTH, 0, LENGTH, RATE, 69, 0, 0, 1),
        b"EOS".ljust(46, b"\0"),
    ]
    tables = {b"phdr": phdr, b"pbag": pbag, b"pgen": pgen, b"inst": inst, b"ibag": ibag, b"igen": igen}
    pdta = b"".join(_chunk(name, b"".join(rows)) for name, rows in (tables | {b"shdr": shdr}).items())
    body = (
        _chunk(b"LIST", b"INFO" + _chunk(b"INAM", b"tiny"))
        + _chunk(b"LIST", b"sdta" + _chunk(b"smpl", smpl))
        + _chunk(b"LIST", b"pdta" + pdta)
    )
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + 4) + b"sfbk" + body)
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
