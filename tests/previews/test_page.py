"""The page, from config to file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import sslkit
from sslkit.cli import run
from tests.conftest import tiny, write_signals


def write_config(folder: Path, **changes: Any) -> Path:
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({**tiny(folder / "signals.npz"), **changes}))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_signals(tmp_path / "signals.npz")
    return tmp_path


def test_the_page_shows_every_augmentation_and_loads_nothing(folder):
    page, (section,) = sslkit.preview(write_config(folder), out=folder / "out")
    text = page.read_text()
    assert [card["name"] for card in section["cards"]] == ["jitter", "scaling"]
    assert [column["caption"] for column in section["cards"][0]["columns"]] == ["0.5×", "1×", "2×"]
    moved = [float(column["moved"]) for column in section["cards"][0]["columns"]]
    assert moved == sorted(moved) and 0 < moved[0] < moved[2]
    assert not re.search(r'(src|href)="(?!data:|#)', text) and "http" not in text.replace("http-equiv", "")
    assert len(re.findall(r'<svg class="plot"', text)) == 2 * 3 * 4 + 4 * 5
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["preview.html"]


def test_the_same_config_gives_the_same_bytes_again_and_another_seed_does_not(folder):
    config = write_config(folder)
    first = sslkit.preview(config, out=folder / "a")[0].read_bytes()
    assert sslkit.preview(config, out=folder / "b")[0].read_bytes() == first
    assert sslkit.preview(config, ["seeds=[7]"], out=folder / "c")[0].read_bytes() != first


def test_a_suite_has_a_section_each_and_views_of_their_own(folder, monkeypatch):
    monkeypatch.chdir(folder)
    views = {"view_1": [{"name": "jitter", "p": 0.25}], "view_2": [{"name": "negate"}]}
    suite = {"a&b": {"views": views}, "c": {}}
    config = write_config(folder, name="two", suite=suite)
    page, sections = sslkit.preview(config)
    assert page == Path("runs/two-preview/preview.html")
    assert [section["name"] for section in sections] == ["a&b", "c"]
    assert sections[0]["cards"][0]["used"] == "view 1, 25 % of samples"
    assert "a&amp;b" in page.read_text(encoding="utf-8")


def test_images_are_pixels_and_what_only_gets_more_frequent_is_shown_once(tmp_path):
    x = np.random.default_rng(0).integers(0, 256, (40, 12, 12, 3), dtype=np.uint8)
    np.savez(tmp_path / "pictures.npz", X_train=x, y_train=np.arange(40) % 2)
    views = [{"name": "gaussian-blur"}, {"name": "horizontal-flip"}]
    data = {"name": "arrays", "path": str(tmp_path / "pictures.npz")}
    config = write_config(tmp_path, data=data, views=views, backbone="small-conv", baselines=[])
    page, (section,) = sslkit.preview(config, out=tmp_path / "out")
    assert [column["caption"] for column in section["cards"][1]["columns"]] == ["applied"]
    assert page.read_text().count('class="pixels"') > 20


def test_raw_sounds_can_be_heard(tmp_path):
    random = np.random.default_rng(0)
    arrays = {"X_train": random.normal(size=(48, 4000)).astype(np.float32), "y_train": np.arange(48) % 2}
    np.savez(tmp_path / "sounds.npz", **arrays)
    data = {"name": "arrays", "path": str(tmp_path / "sounds.npz"), "rate_hz": 8000}
    views = [{"name": "gain"}, {"name": "spec-augment"}]
    config = write_config(tmp_path, data=data, views=views, backbone="audio-conv", baselines=[])
    page, (section,) = sslkit.preview(config, out=tmp_path / "out")
    heard = [[bool(cell["sound"]) for cell in card["rows"][0]["cells"]] for card in section["cards"]]
    assert all(heard[0]) and not any(heard[1])
    assert all(cell["sound"] for cell in section["whole"]["rows"][0]["cells"])
    assert 'class="stretched"' in page.read_text()


def test_the_command_says_what_each_augmentation_is(folder, capsys):
    assert run(["preview", str(write_config(folder)), "--out", str(folder / "out")]) == 0
    out = capsys.readouterr().out
    assert "sigma: 0.05" in out and "features" in out and str(folder / "out" / "preview.html") in out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"views": [{"name": "jitter", "sigma": -1}]}, "views[0].sigma"),
        ({"data": {"name": "arrays", "path": "nowhere.npz"}}, "nowhere.npz"),
        ({"views": "simclr"}, "for image, the data is sensor"),
    ],
)
def test_bad_configs_end_with_one_message(folder, capsys, change, words):
    assert run(["preview", str(write_config(folder, **change)), "--out", str(folder / "out")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and words in error and "Traceback" not in error
    assert not (folder / "out" / "preview.html").exists()


def test_a_file_in_the_place_of_the_folder(folder, capsys):
    (folder / "out").write_text("")
    assert run(["preview", str(write_config(folder)), "--out", str(folder / "out")]) == 2
    assert "out" in capsys.readouterr().err


def test_points_of_a_grid_are_shown_where_they_look_different(folder):
    grid = {"training.batch_size": [8, 16], "views": [[{"name": "jitter"}], [{"name": "negate"}]]}
    _, sections = sslkit.preview(write_config(folder, grid=grid), out=folder / "out")
    assert [section["cards"][0]["name"] for section in sections] == ["jitter", "negate"]
