"""Random lists of random pictures: pixels, labels, groups and parts against what was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from sslkit.data.sources.image_folder import ImageFolder
from sslkit.types import Part

CASES, MANY = 40, 500
SEPARATORS, ENCODINGS = (",", ";", "\t", "|"), ("utf-8", "utf-8-sig", "utf-16", "cp1252")
LABEL_NAMES, GROUP_NAMES = ("label", "class", "category", "Label"), ("group", "patient_id", "speaker")
KINDS = ("grey8", "rgb8", "rgba8", "grey10", "grey12", "grey16", "rgb12", "unit", "bands")
LABELS, PEOPLE = ("glatt", "rauh", "größer"), ("01", "1", "anna")


def _picture(kind: str, random: np.random.Generator, path: Path) -> tuple[Path, np.ndarray]:
    """Writes one, and says what it is in 0…1, ``(C, H, W)``: numpy's own arithmetic, lossless files."""
    size = (7, 9)
    if kind == "unit":
        values = random.uniform(0, 1, size).astype(np.float32)
        tifffile.imwrite(path.with_suffix(".tif"), values)
        return path.with_suffix(".tif"), values[None]
    if kind == "bands":
        values = random.integers(0, 256, (*size, 5), dtype=np.uint8)
        tifffile.imwrite(path.with_suffix(".tif"), values, photometric="minisblack", planarconfig="contig")
        return path.with_suffix(".tif"), values.transpose(2, 0, 1) / 255
    name, bits = kind.rstrip("0123456789"), int(kind.lstrip("abcdefghijklmnopqrstuvwxyz"))
    channels = {"grey": 1, "rgb": 3, "rgba": 4}[name]
    top = 2**bits - 1
    values = random.integers(0, top + 1, (*size, channels)).astype(np.uint8 if bits == 8 else np.uint16)
    values[0, 0] = top
    unit = values.transpose(2, 0, 1) / top
    if name == "rgba":
        values[..., 3] = np.where(values[..., 3] > 100, 255, 0)
        unit = np.where(values[..., 3] > 0, unit[:3], 1.0)  # on white
    plain = values[..., 0] if channels == 1 else values
    if bits > 8 and channels > 1:
        tifffile.imwrite(path.with_suffix(".tif"), plain, photometric="rgb")
        return path.with_suffix(".tif"), unit
    suffix = (
        ".png" if name == "rgba" else str(random.choice([".png", ".tif", ".bmp" if bits == 8 else ".png"]))
    )
    Image.fromarray(plain).save(path.with_suffix(suffix))
    return path.with_suffix(suffix), unit


def _check_case(folder: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    kind, separator = random.choice(KINDS), str(random.choice(SEPARATORS))
    label_name, group_name = str(random.choice(LABEL_NAMES)), str(random.choice(GROUP_NAMES))
    encoding, windows = str(random.choice(ENCODINGS)), bool(random.random() < 0.3)
    has_parts, has_groups = random.random() < 0.5, random.random() < 0.5
    (folder / "bilder").mkdir()
    header = [
        "path",
        label_name,
        *([group_name] if has_groups else []),
        *(["split"] if has_parts else []),
        "Bemerkung",
    ]
    lines, rows = [separator.join(header)], []
    for number in range(int(random.integers(6, 14))):
        path, unit = _picture(str(kind), random, folder / "bilder" / f"{number}")
        label = (
            LABELS[number % 3]
            if number < 3 or random.random() < 0.8
            else str(random.choice(["", "NA", "nan"]))
        )
        person, part = (
            str(random.choice(PEOPLE)),
            "Test" if has_parts and number >= 3 and number % 3 == 0 else "train",
        )
        shown = f"bilder{chr(92) if windows else '/'}{path.name}"
        cells = [
            shown,
            label,
            *([person] if has_groups else []),
            *([part] if has_parts else []),
            f"n{number}",
        ]
        lines.append(separator.join(cells))
        if random.random() < 0.1:
            lines.append("")
        rows.append((unit, label if label in LABELS else "", person, part))
    (folder / "liste.csv").write_text("\n".join(lines) + "\n", encoding=encoding)
    dataset = ImageFolder(str(folder / "liste.csv")).load()

    def compare(part: Part | None, name: str) -> None:
        wanted = [row for row in rows if row[3] == name]
        assert (part is None and not wanted) or (part is not None and len(part) == len(wanted))
        if part is None:
            return
        got = dataset.spec.decode(part.x[np.arange(len(part))]).numpy()
        np.testing.assert_allclose(got, np.stack([unit for unit, *_ in wanted]), atol=1e-6)
        assert [dataset.class_names[y] if y >= 0 else "" for y in part.y] == [
            label for _, label, *_ in wanted
        ]
        if has_groups:
            assert part.groups is not None
            assert [dataset.group_names[g] for g in part.groups] == [person for _, _, person, _ in wanted]
        else:
            assert part.groups is None

    compare(dataset.train, "train")
    compare(dataset.test, "Test")
    assert any("Bemerkung" in str(note) for note in dataset.notes)


@pytest.mark.parametrize("seed", range(CASES))
def test_random_lists_of_pictures(tmp_path: Path, seed: int) -> None:
    _check_case(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CASES, MANY))
def test_many_random_lists_of_pictures(tmp_path: Path, seed: int) -> None:
    _check_case(tmp_path, seed)
