"""What the networks were shown, from a folder's ``views.npz``."""

from __future__ import annotations

import base64
import io
import re
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sslkit.pages.svg import SvgWriter
from sslkit.plugins import load_registry
from sslkit.report.members import Member
from sslkit.report.results.views import MOST_SAMPLES, SampleViews, draw_sample_views
from sslkit.types import SampleSpec
from tests.pages.carried import carried_rows
from tests.report.fake_member import fake_member

REGISTRY = load_registry(())[0]


def member_with(folder: Path, spec: SampleSpec, **arrays: np.ndarray) -> Member:
    np.savez(folder / "views.npz", **{name: array.astype(np.float32) for name, array in arrays.items()})  # type: ignore[arg-type]
    return replace(fake_member({"byol": [0.5]}), folder=folder, spec=spec)


def drawn(member: Member) -> SampleViews:
    return draw_sample_views(member, REGISTRY, SvgWriter())


def test_signals_with_their_views_share_a_legend_and_carry_their_values(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(6, 2, 16))
    spec = SampleSpec("sensor", (2, 16), rate_hz=8.0, channels=("left", "right"))
    views = drawn(member_with(tmp_path, spec, decoded=x, view_1=2 * x, view_2=-x, view_10=x))
    assert len(views.rows) == MOST_SAMPLES and views.ndim == 2
    assert [cell.caption for cell in views.rows[0]] == ["sample", "view 1", "view 2", "view 10"]
    assert [name for name, _ in views.channels] == ["left", "right"]
    rows = carried_rows(views.rows[1][1].picture)
    assert [float(row["left"]) for row in rows] == pytest.approx((2 * x[1, 0]).tolist(), abs=1e-4)
    assert [float(row["seconds"]) for row in rows] == pytest.approx((np.arange(16) / 8).tolist())


def test_pictures_are_shown_as_they_were_before_the_front_end(tmp_path: Path) -> None:
    x = np.random.default_rng(0).uniform(size=(2, 3, 8, 8))
    normed = {"view_1": 5 * x - 2, "view_1_raw": x}
    views = drawn(member_with(tmp_path, SampleSpec("image", (3, 8, 8)), decoded=x, **normed))
    plain = drawn(member_with(tmp_path, SampleSpec("image", (3, 8, 8)), decoded=x, view_1=x))
    uri = r'href="(data:image/png[^"]+)"'
    assert re.findall(uri, views.rows[0][1].picture) == re.findall(uri, plain.rows[0][1].picture)
    assert "data-numbers" not in views.rows[0][0].picture  # its pixels are its numbers


def test_sounds_are_drawn_after_the_front_end_and_can_be_heard(tmp_path: Path) -> None:
    sound = 0.5 * np.sin(np.arange(800) / 5)[None].repeat(2, axis=0)
    spectrum = np.random.default_rng(0).uniform(size=(2, 1, 6, 9))
    spec = SampleSpec("audio", (800,), rate_hz=8000.0)
    arrays = {"decoded": sound, "features": spectrum, "view_1": spectrum, "view_1_raw": sound[:, ::-1]}
    (first, view), _ = drawn(member_with(tmp_path, spec, **arrays)).rows
    (data,) = re.findall(r'base64,([^"]+)"', view.sound)
    with wave.open(io.BytesIO(base64.b64decode(data))) as file:
        assert (file.getnframes(), file.getframerate()) == (800, 8000)
    assert first.sound and first.sound != view.sound
    assert "<image" in first.picture


def test_nothing_to_show_is_said(tmp_path: Path) -> None:
    nothing = drawn(
        replace(fake_member({"byol": [0.5]}), folder=tmp_path, spec=SampleSpec("sensor", (2, 16)))
    )
    assert (nothing.rows, nothing.note) == ([], "No views were saved for this data set yet.")
    smell = member_with(tmp_path, SampleSpec("smell", (2, 16)), decoded=np.zeros((1, 2, 16)))
    assert drawn(smell).note.startswith("The samples cannot be drawn here: ")
