"""Members of ``.npz`` files, heads of WAV and PNG files, damaged at random."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

LIMITS = {"deadline": 30_000, "derandomize": True, "suppress_health_check": list(HealthCheck)}
WORDS = [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"]
EVERY = [0, 1, 0x7F, 0x80, 0xFF]


def damaged(raw: bytes, data: st.DataObject, head: int) -> bytes:
    """Some bytes changed (most of them in the head), taken out, put in, or the end cut off."""
    content = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(
            st.one_of(st.integers(0, min(head, len(content) - 1)), st.integers(0, len(content) - 1))
        )
        kind = data.draw(st.sampled_from(("byte", "byte", "word", "cut", "out", "in")))
        if kind == "byte":
            content[place] = data.draw(st.sampled_from(EVERY))
        elif kind == "word":
            content[place : place + 4] = data.draw(
                st.sampled_from((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"))
            )
        elif kind == "cut":
            content = content[: max(1, place)]
        elif kind == "out":
            del content[place : place + data.draw(st.integers(1, 40))]
        else:
            content[place:place] = data.draw(st.binary(max_size=20))
        if not content:
            break
    return bytes(content)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=400, **LIMITS)
@given(data=st.data())
def test_arrays(data: st.DataObject, study: Path, called: Callable[..., str]) -> None:
    raw = (study / "signals.npz").read_bytes()
    from_end = data.draw(st.booleans())  # an archive's directory is at its end
    content = damaged(raw[::-1], data, 300)[::-1] if from_end else damaged(raw, data, 200)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signals.npz"
        path.write_bytes(content)
        called("embed", study / "run/tiny/simclr-seed0", path, "-o", Path(folder) / "x.npz")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of sounds and of pictures, with a config each."""
    folder = tmp_path_factory.mktemp("files")
    random = np.random.default_rng(0)
    for number in range(16):
        for kind, ending in (("audio_folder", "wav"), ("image_folder", "png")):
            path = folder / kind / "ab"[number % 2] / f"{number:02}.{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            if ending == "wav":
                soundfile.write(path, 0.1 * random.normal(size=1600), 1600)
            else:
                Image.fromarray(random.integers(0, 255, (16, 16, 3), dtype=np.uint8)).save(path)
    for kind in ("audio_folder", "image_folder"):
        config = {"data": {"name": kind, "path": "PATH"}, "objectives": ["simclr"], "budget": {"steps": 1}}
        config |= {"training": {"batch_size": 4, "device": "cpu"}, "seeds": [0]}
        (folder / f"{kind}.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("kind", "ending"), [("audio_folder", "wav"), ("image_folder", "png")])
@settings(max_examples=150, **LIMITS)
@given(data=st.data())
def test_sounds_and_pictures(
    kind: str, ending: str, data: st.DataObject, folders: Path, called: Callable[..., str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(folders / kind, Path(folder) / kind))
        path = copy / "a" / f"{data.draw(st.sampled_from(('00', '02', '14')))}.{ending}"
        path.write_bytes(damaged(path.read_bytes(), data, 60))
        called("check", folders / f"{kind}.yaml", f"data.path={copy}")
