"""Pictures, sounds and tables that cannot be read, and lists of them that are wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from sslkit.cli import run
from tests.bad_input.inputs import config_of


@pytest.fixture
def pictures(tmp_path):
    """Two class folders of 16 noise pictures each."""
    random = np.random.default_rng(0)
    for number in range(32):
        path = tmp_path / "pictures" / "ab"[number % 2] / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 255, (48, 48, 3), dtype=np.uint8)).save(path)
    return tmp_path / "pictures"


def folder_config(tmp_path: Path, name: str, path: Path, **settings) -> Path:
    data = {"name": name, "path": str(path), **settings}
    return config_of(tmp_path, data, views=None, backbone=None, baselines=[])


@pytest.mark.parametrize("number", range(0, 32, 4))
def test_a_truncated_picture_is_found_before_training_whatever_its_part(refused, tmp_path, pictures, number):
    for path in sorted(pictures.rglob("*.png")):
        Image.open(path).save(path.with_suffix(".jpg"), quality=95)
        path.unlink()
    path = sorted(pictures.rglob("*.jpg"))[number]
    path.write_bytes(path.read_bytes()[:3000])
    config = folder_config(tmp_path, "image_folder", pictures)
    message = refused("compare", config, "--out", tmp_path / "out")
    assert f"1 of 32 files cannot be read as images ({path}: OSError: image file is truncated" in message
    assert not (tmp_path / "out").exists()


def test_picture_folders(refused, tmp_path, pictures):
    config = folder_config(tmp_path, "image_folder", pictures)
    path = pictures / "a" / "06.png"
    whole = path.read_bytes()
    path.write_bytes(b"junk")
    assert f"1 of 32 files cannot be read as images ({path}: " in refused("check", config)
    Image.new("RGB", (9, 12)).save(path)
    assert "Set size" in refused("check", config)
    path.write_bytes(whole)
    (pictures / "c").mkdir()
    assert "class folder(s) c hold no file" in refused("check", config)
    assert "out of memory" in refused("check", config, "data.size=1000000", f"data.path={pictures / 'b'}")
    lines = "".join(f"pictures/{p.parent.name}/{p.name},{p.parent.name}\n" for p in pictures.rglob("*.png"))
    manifest = tmp_path / "list.csv"
    for content, words in {
        "path,labl\n" + lines: "Did you mean 'labl'?",
        "thing,label\n" + lines: "path",
        "path,label\n" + lines + "pictures/a/99.png,a\n": "1 of 33 files are not there",
        "path,label\n" + lines + "pictures/a/06.png\n": "1 row(s) have not 2 fields",
        "": "is empty",
    }.items():
        manifest.write_text(content)
        assert words in refused("check", folder_config(tmp_path, "image_folder", manifest))
    manifest.write_text("path,label\n" + lines)
    config = folder_config(tmp_path, "image_folder", manifest, label_column="kind")
    assert "has no column 'kind'" in refused("check", config)


def test_names_of_folders_that_are_no_text(tmp_path, pictures):
    (pictures / "b").rename(pictures / os.fsdecode(b"caf\xe9"))
    config = folder_config(tmp_path, "image_folder", pictures)
    out = tmp_path / os.fsdecode(b"r\xe9sultat")
    out.mkdir()
    assert run(["compare", str(config), "--out", str(out / "out")]) == 0
    assert (
        "caf\\xe9"
        in json.loads((out / "out" / "manifest.json").read_text())["members"]["image_folder"]["classes"]
    )
    assert run(["evaluate", str(out / "out" / "image_folder" / "byol-seed0")]) == 0


def test_sound_folders(refused, tmp_path):
    random = np.random.default_rng(0)
    folder = tmp_path / "sounds"
    for number in range(32):
        path = folder / "ab"[number % 2] / f"{number:02}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.1 * random.normal(size=4000), 4000)
    config = folder_config(tmp_path, "audio_folder", folder, rate_hz=4000)
    path = folder / "a" / "06.wav"
    whole = path.read_bytes()
    for content in (b"", b"junk", whole[:30], whole[:44], whole[:1000]):
        path.write_bytes(content)
        assert f"1 of 32 files cannot be read as sound ({path}: " in refused("check", config)
    soundfile.write(path, np.zeros(0), 4000)
    assert "cannot be read as sound" in refused("check", config)
    soundfile.write(path, np.full(4000, np.nan), 4000, subtype="FLOAT")
    assert f"{path}: the sound has NaN" in refused("check", config)
    path.write_bytes(whole)
    assert "Use longer clips" in refused("check", config, "data.seconds=1e-9")


def test_sensor_tables(refused, tmp_path):
    table = tmp_path / "table.csv"
    rows = "".join(f"{i},{i % 7},{(i // 50) % 2},{i // 100}\n" for i in range(800))
    settings = {"path": table, "channels": ["x", "z"], "length": 20, "label": "y", "group": "g"}

    def check(content: str, **changes) -> str:
        table.write_text(content)
        return refused("check", folder_config(tmp_path, "sensor_table", **{**settings, **changes}))

    good = "x,z,y,g\n" + rows
    assert "has no column 'zz'. Did you mean 'z'?" in check(good, channels=["x", "zz"])
    assert "has no column 'label'" in check(good, label="label")
    assert "no window of 5000 rows fits" in check(good, length=5000)
    assert "column 'x' holds what is not a number" in check(good.replace("7,0,0,0", "a,0,0,0", 1))
    assert "constant channel(s): z" in check("x,z,y,g\n" + "1,5,0,0\n2,5,0,1\n" * 99, length=1)
    assert "several columns 'x'" in check("x,x,z,y,g\n1,2,3,0,0\n")
    assert "has no rows" in check("x,z,y,g\n")
    assert "truncated or corrupt" in check("x,z,y,g\n1,2,0,0\n1,2\n")
    assert "there is no such file" in check(good, path=tmp_path / "none.csv")
