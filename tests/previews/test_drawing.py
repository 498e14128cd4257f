"""Pictures pixel by pixel, sound within bounds."""

from __future__ import annotations

import base64
import io
import re
import wave

import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from sslkit.modalities.audio import Audio
from sslkit.modalities.image import Image
from sslkit.modalities.sensor import Sensor
from sslkit.pages.svg import SvgWriter
from sslkit.previews import drawing
from sslkit.previews.drawing import Drawer
from sslkit.types import Modality, SampleSpec


def drawer(modality: Modality, spec: SampleSpec, drawings: int = 4, sounds: int = 4) -> Drawer:
    return Drawer(modality, spec, drawings, sounds, SvgWriter(), "d")


def content(element: str) -> bytes:
    found = re.search(r'base64,([^"]+)"', element)
    assert found
    return base64.b64decode(found[1])


def pixels(element: str) -> np.ndarray:
    with Pillow.open(io.BytesIO(content(element))) as picture:
        return np.asarray(picture)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_has_the_samples_own_pixels(channels):
    x = torch.randint(0, 256, (channels, 5, 7)) / 255
    row = drawer(Image(), SampleSpec("image", (channels, 5, 7))).row([x, 1 - x], "label")
    expected = (x * 255).round().byte().permute(1, 2, 0).squeeze(-1).numpy()
    np.testing.assert_array_equal(pixels(row.drawings[0]), expected)
    np.testing.assert_array_equal(pixels(row.drawings[1]), 255 - expected)


@pytest.mark.parametrize("channels", [2, 5])
def test_other_channel_counts_are_drawn(channels):
    x = torch.rand(channels, 6, 6)
    row = drawer(Image(), SampleSpec("image", (channels, 6, 6))).row([x], "label")
    assert pixels(row.drawings[0]).shape[:2] == (6, 6)


def test_many_large_pictures_are_reduced(monkeypatch):
    monkeypatch.setattr(drawing, "PICTURE_BYTES", 4 * 32 * 32)
    one = drawer(Image(), SampleSpec("image", (1, 64, 64)))
    assert pixels(one.row([torch.rand(1, 64, 64)], "label").drawings[0]).shape == (32, 32)
    assert one.reduced == 2


def test_spectrograms_of_a_row_share_one_scale_and_low_bands_are_below():
    quiet = torch.zeros(1, 4, 6)
    loud = quiet.clone()
    loud[0, 0] = 1.0
    row = drawer(Audio(), SampleSpec("audio", (600,), rate_hz=300.0)).row([quiet, loud], "label")
    first, second = (pixels(element) for element in row.drawings)  # places in the palette
    assert (first == 0).all()
    assert (second[-1] == 255).all() and (second[:-1] == 0).all()
    assert row.scale == "0 to 2 seconds, 4 bands, one colour scale"


def test_signals_share_the_legend_of_channels():
    spec = SampleSpec("sensor", (2, 16), rate_hz=8.0, channels=("a<b", "c"))
    one = drawer(Sensor(), spec)
    row = one.row([torch.randn(2, 16), torch.randn(2, 16)], "label")
    assert list(one.channels) == ["a<b", "c"]
    assert len(row.drawings) == 2 and all("<path" in element for element in row.drawings)


def test_long_sounds_are_cut(monkeypatch):
    monkeypatch.setattr(drawing, "SOUND_BYTES", 4 * 2000)
    spec = SampleSpec("audio", (8000,), rate_hz=8000.0)
    one = drawer(Audio(), spec)
    with wave.open(io.BytesIO(content(one.sound(torch.zeros(8000), spec, "label")))) as file:
        assert 900 < file.getnframes() <= 1000
    assert one.cut
    assert drawer(Audio(), spec).sound(torch.zeros(1, 4, 6), spec, "label") == ""


class Dots(Modality):
    """Draws neither lines nor a picture."""

    def draw(self, axes, sample, spec):
        axes.scatter(range(len(sample)), sample)


def test_a_modality_that_draws_otherwise_gets_a_figure():
    row = drawer(Dots(), SampleSpec("dots", (3,))).row([torch.rand(3), torch.rand(3)], "label")
    ids = re.findall(r' id="([^"]+)"', "".join(row.drawings))
    assert all(element.startswith("<svg") for element in row.drawings)
    assert ids and len(set(ids)) == len(ids)
