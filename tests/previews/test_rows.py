"""Rows of samples and views."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image

from sslkit.assembly import Prepared
from sslkit.pages.svg import SvgWriter
from sslkit.previews import drawing
from sslkit.previews.rows import RowDrawer
from sslkit.previews.samples import choose_samples

MakePrepared = Callable[..., Prepared]


@pytest.fixture
def pictures(prepared_with: MakePrepared) -> Prepared:
    x = np.random.default_rng(0).integers(0, 256, (40, 12, 12, 3), dtype=np.uint8)
    return prepared_with(
        {"X_train": x, "y_train": np.arange(40) % 2},
        views=[{"name": "horizontal-flip"}],
        backbone="small-conv",
        baselines=[],
    )


def rows_of(prepared: Prepared, drawings: int = 8) -> RowDrawer:
    return RowDrawer(prepared, choose_samples(prepared, 0), drawings, SvgWriter(), "p")


def pixels(element: str) -> np.ndarray:
    (data,) = re.findall(r'base64,([^"]+)"', element)
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        return np.asarray(picture)


def test_pictures_after_the_front_end_are_shown_in_their_own_colours(pictures: Prepared) -> None:
    rows = rows_of(pictures)
    view = rows.samples.features[0].flip(2)
    row = rows.row(0, [view], ["flipped"], "flip", [])
    original, flipped = (pixels(cell["drawing"]) for cell in row["cells"])
    decoded = rows.samples.decoded[0].permute(1, 2, 0).mul(255).round().numpy()
    assert np.abs(original.astype(int) - decoded).max() <= 1
    assert np.abs(flipped.astype(int) - decoded[:, ::-1]).max() <= 1
    assert [cell["caption"] for cell in row["cells"]] == ["original", "flipped"]
    assert row["caption"] == rows.samples.captions[0]
    assert [cell["sound"] for cell in row["cells"]] == ["", ""]
    assert 'alt="image: flip"' in row["cells"][0]["drawing"]


def test_signals_share_one_scale_and_a_legend(prepared_with: MakePrepared) -> None:
    rows = rows_of(prepared_with())
    row = rows.row(1, [2 * rows.samples.features[1]], ["twice"], "scaling", [])
    assert len(rows.channels) == 3
    assert "across, from" in row["scale"]
    assert all('class="plot"' in cell["drawing"] for cell in row["cells"])
    assert rows.notes == []


def test_one_sound_too_few_is_an_error(prepared_with: MakePrepared) -> None:
    rows = rows_of(prepared_with())
    with pytest.raises(ValueError, match="zip"):
        rows.row(0, [rows.samples.features[0]], ["same"], "x", ["<audio>"])


def test_what_was_made_smaller_is_said(pictures: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PICTURE_BYTES", 8 * 3 * 6 * 6)
    rows = rows_of(pictures)
    row = rows.row(0, [], [], "x", [])
    assert pixels(row["cells"][0]["drawing"]).shape == (6, 6, 3)
    assert rows.notes == ["Pictures are shown at 1/2 of their size."]


def test_long_sounds_are_cut_and_that_is_said(
    prepared_with: MakePrepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "SOUND_BYTES", 8 * 1000)
    x = np.random.default_rng(0).normal(size=(48, 4000)).astype(np.float32)
    prepared = prepared_with(
        {"X_train": x, "y_train": np.arange(48) % 2},
        data={"name": "arrays", "rate_hz": 8000},
        views=[{"name": "gain"}],
        backbone="audio-conv",
        baselines=[],
    )
    rows = rows_of(prepared)
    assert "<audio" in rows.sound(rows.samples.decoded[0], "x")
    assert rows.notes == ["Sounds are cut to their beginning, to keep the page small."]
    assert rows.sound(torch.zeros(1, 4, 6), "x") == ""
