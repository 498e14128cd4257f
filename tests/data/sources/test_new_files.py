"""What a source says of reading, on the card of an encoder, reads the same files alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from sslkit.plugins import load_registry
from sslkit.types import Dataset

RANDOM = np.random.default_rng(0)


def trained_and_new(name: str, settings: dict[str, Any]) -> tuple[Dataset, Dataset]:
    """The data by these settings, and again by what they leave on a card."""
    registry, _ = load_registry()
    trained = registry.build(registry.check("data", {"name": name, **settings}, "data", [])).load()
    card = json.loads(json.dumps(dict(trained.reading)))
    source = registry.entry("data", name).component
    found = source.settings_for(Path(settings["path"]), trained.spec, card)
    problems: list[Any] = []
    spec = registry.check("data", {"name": name, **found}, "data", problems)
    assert not problems
    return trained, registry.build(spec).load_new()


def assert_alike(trained: Dataset, new: Dataset) -> None:
    """All samples of all parts, in some order, with their labels."""
    assert new.spec == trained.spec and new.test is None and new.validation is None

    def told(dataset: Dataset) -> list[tuple[bytes, str]]:
        parts = [part for part in (dataset.train, dataset.validation, dataset.test) if part is not None]
        names = [*dataset.class_names, ""]
        return sorted(
            (part.x[np.array([row])].numpy().tobytes(), names[part.y[row]])
            for part in parts
            for row in range(len(part))
        )

    assert told(new) == told(trained)


def write_pictures(folder: Path, pictures: dict[str, np.ndarray]) -> str:
    for name, pixels in pictures.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / name)
    return str(folder)


def test_pictures(tmp_path: Path) -> None:
    grey, colour = (RANDOM.integers(0, 256, size, dtype=np.uint8) for size in ((9, 12), (20, 10, 3)))
    names = ("train/a/1.png", "train/b/2.png", "test/a/3.png")
    path = write_pictures(tmp_path, dict(zip(names, (grey, colour, grey // 2), strict=True)))
    trained, new = trained_and_new("image_folder", {"path": path, "size": 8, "background": "black"})
    assert_alike(trained, new)
    assert sorted(new.train.origins["path"]) == sorted(str(tmp_path / name) for name in names)


@pytest.mark.parametrize("settings", [{}, {"bits": 14}, {"range": [-20.0, 3000.0]}])
def test_p7_deep_pictures(settings: dict[str, Any], tmp_path: Path) -> None:
    pictures = {f"{number}/1.png": RANDOM.integers(0, 4000, (8, 8), dtype=np.uint16) for number in range(3)}
    assert_alike(*trained_and_new("image_folder", {"path": write_pictures(tmp_path, pictures), **settings}))


@pytest.mark.parametrize("clips", ["middle", "all"])
def test_sounds(clips: str, tmp_path: Path) -> None:
    for number, rate in enumerate((8000, 16000, 8000)):
        (tmp_path / f"c{number % 2}").mkdir(exist_ok=True)
        soundfile.write(
            tmp_path / f"c{number % 2}" / f"{number}.wav",
            RANDOM.uniform(-0.5, 0.5, 1000 * number + 900),
            rate,
        )
    settings = {"path": str(tmp_path), "rate_hz": 8000, "seconds": 0.05, "clips": clips}
    trained, new = trained_and_new("audio_folder", settings)
    assert_alike(trained, new)
    begins = new.train.origins["second"][[path.endswith("2.wav") for path in new.train.origins["path"]]]
    expected = np.arange(7) * 0.05 if clips == "all" else [(2900 - 400) // 2 / 8000]
    np.testing.assert_allclose(begins, expected)


def test_a_list_keeps_its_columns(tmp_path: Path) -> None:
    write_pictures(tmp_path, {f"{n}.png": RANDOM.integers(0, 256, (8, 8), dtype=np.uint8) for n in range(3)})
    (tmp_path / "l.csv").write_text(
        "f|grade|split\n0.png|A|train\n1.png|?|train\n2.png|B|test\n", encoding="utf-8"
    )
    columns = {"path_column": "f", "label_column": "grade", "unknown": ["?"]}
    trained, new = trained_and_new("image_folder", {"path": str(tmp_path / "l.csv"), **columns})
    assert_alike(trained, new)
    assert new.class_names == ("A", "B") and new.train.y.tolist() == [0, -1, 1]


@pytest.mark.parametrize(
    "settings",
    [
        {"time": "t"},
        {"time": "t", "resample_hz": 40},
        {"rate_hz": 50, "short": "pad", "unknown": ["rest"]},
        {"time": "t", "subtract": {"x": 1e7}, "missing": "keep", "split": "part", "group": "who"},
        {"time": "t", "short": "majority", "stride": 5, "recording": "who"},
    ],
)
def test_recordings(settings: dict[str, Any], tmp_path: Path) -> None:
    """Stamps in ms whose unit only the whole shows, a value taken off, labels that change within a window."""
    for number in range(3):
        part = "test" if number == 2 else "train"
        rows = [
            f"{1e7 + x:.4f},{y:.4f},{20 * row},{'walk' if row // 25 % 2 else 'rest'},p{number},{part}"
            for row, (x, y) in enumerate(RANDOM.normal(size=(100, 2)))
        ]
        (tmp_path / f"{number}.csv").write_text("\n".join(["x,y,t,what,who,part", *rows]), encoding="utf-8")
    wanted = {"path": str(tmp_path), "channels": ["x", "y"], "length": 10, "label": "what", "time_unit": "ms"}
    settings = {"subtract": {"x": 1e7}, **settings}
    trained, new = trained_and_new("sensor_table", {**wanted, **settings})
    assert_alike(trained, new)
    first = new.train.origins
    assert first["row"][0] == 2 and first["second"][0] == 0 and first["path"][0].endswith("0.csv")
