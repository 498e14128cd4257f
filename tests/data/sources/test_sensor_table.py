from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sslkit.data.sources.sensor_table import SensorTable
from sslkit.data.splits import split
from sslkit.errors import SSLKitError
from sslkit.types import Dataset

RANDOM = np.random.default_rng(0)


def _write(path: Path, rows: int, **columns: Any) -> np.ndarray:
    """A table with a row counter ``n``, noise ``x`` and other columns."""
    table = {"n": np.arange(rows), "x": RANDOM.standard_normal(rows).round(4)} | columns
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return table["x"]


def _load(path: Path, length: int = 10, channels: tuple[str, ...] = ("n", "x"), **settings: Any) -> Dataset:
    return SensorTable(str(path), list(channels), length, **settings).load()


def _starts(dataset: Dataset) -> np.ndarray:
    """The first row of each window, read from the counter; the windows must be unbroken."""
    n = dataset.train.x[np.arange(len(dataset.train))][:, 0]
    assert (n.diff(dim=1) == 1).all()
    return n[:, 0].numpy().astype(int)


def test_windows_of_one_recording(tmp_path: Path) -> None:
    x = _write(tmp_path / "a.csv", 35)
    dataset = _load(tmp_path / "a.csv", 11, stride=4, rate_hz=50.0)
    assert (
        dataset.spec.shape == (2, 11) and dataset.spec.rate_hz == 50 and dataset.spec.channels == ("n", "x")
    )
    assert _starts(dataset).tolist() == [0, 4, 8, 12, 16, 20, 24]
    window = dataset.train.x[np.array([2])][0, 1].numpy()
    np.testing.assert_allclose(window, x[8:19], rtol=1e-6)
    assert _load(tmp_path / "a.csv", 11).train.y.tolist() == [-1] * len(range(0, 25, 5))


def test_a_window_never_crosses_a_label_a_recording_or_a_gap(tmp_path: Path) -> None:
    rows = np.arange(100)
    time = rows * 0.02
    time[60:] += 1  # a gap in recording r
    label = np.where(rows < 27, "walk", np.where(rows < 50, "run", ""))
    recording = np.where(rows < 80, "r", "s")
    time[80:] -= 1.5  # another recording has a clock of its own
    _write(tmp_path / "a.csv", 100, t=time, what=label, rec=recording)
    dataset = _load(tmp_path / "a.csv", 10, stride=1, time="t", label="what", recording="rec")
    expected = [s for lo, hi in ((0, 27), (27, 50), (50, 60), (60, 80), (80, 100)) for s in range(lo, hi - 9)]
    assert _starts(dataset).tolist() == expected
    assert dataset.spec.rate_hz == pytest.approx(50)
    names = [dataset.class_names[y] if y >= 0 else "" for y in dataset.train.y]
    assert names == [label[s] for s in expected]


def test_short_stretches_are_said(tmp_path: Path) -> None:
    _write(tmp_path / "a.csv", 30, what=np.repeat(["a", "b"], [25, 5]))
    dataset = _load(tmp_path / "a.csv", 10, label="what")
    assert any("5 of 30 rows" in str(note) for note in dataset.notes)
    assert dataset.class_names == ("a",)


def test_files_are_recordings_and_recordings_are_groups(tmp_path: Path) -> None:
    for i in range(6):
        _write(tmp_path / f"{i}.csv", 60, what=np.repeat(i % 2, 60))
    dataset = _load(tmp_path, 10, stride=2, label="what")
    assert len(dataset.train) == 6 * 26 and dataset.train.groups is not None
    assert dataset.train.groups.tolist() == np.repeat(np.arange(6), 26).tolist()
    assert _starts(dataset).max() == 50
    parts = split(dataset)
    assert parts.by == "group" and all(
        set(p.y) == {0, 1} for p in (parts.train, parts.validation, parts.test)
    )


def test_a_group_column_wins(tmp_path: Path) -> None:
    for i in range(4):
        _write(tmp_path / f"{i}.csv", 20, person=np.repeat(["p", "q"], 10))
    dataset = _load(tmp_path, 10, group="person")
    groups = dataset.train.groups
    assert groups is not None and groups.tolist() == [0, 1] * 4
    assert dataset.group_names == ("p", "q")


def test_one_long_recording_is_kept_together_by_stretch(tmp_path: Path) -> None:
    _write(tmp_path / "a.csv", 400, what=np.arange(400) // 40 % 2)
    dataset = _load(tmp_path / "a.csv", 10, stride=5, label="what")
    assert dataset.train.groups is not None and len(np.unique(dataset.train.groups)) == 10
    assert "unbroken stretches" in str(dataset.notes[0])
    starts = [_starts(dataset)[index] for index in split(dataset).indices]
    covered = [set((s[:, None] + np.arange(10)).ravel()) for s in starts]
    assert not (covered[0] & covered[1] or covered[0] & covered[2] or covered[1] & covered[2])


def test_missing_values(tmp_path: Path) -> None:
    x = [1.0, "", 3.0, "", *range(10), ""]
    _write(tmp_path / "a.csv", 15, v=x)
    with pytest.raises(
        SSLKitError, match=r"3 of 30 values are NaN, Inf or beyond float32: v \(3, first in row 3\)"
    ):
        _load(tmp_path / "a.csv", 15, ("n", "v"))
    filled = _load(tmp_path / "a.csv", 15, ("n", "v"), missing="interpolate").train.x[np.array([0])][0, 1]
    assert filled[:5].tolist() == [1, 2, 3, 1.5, 0] and filled[-1] == 9
    zero = _load(tmp_path / "a.csv", 15, ("n", "v"), missing="zero").train.x[np.array([0])][0, 1]
    assert zero[1] == zero[3] == zero[-1] == 0


def test_interpolation_does_not_cross_a_label(tmp_path: Path) -> None:
    v = [1.0] * 9 + [""] + [""] + [5.0] * 8 + [6.0]
    _write(tmp_path / "a.csv", 20, v=v, what=np.repeat([0, 1], 10))
    dataset = _load(tmp_path / "a.csv", 10, ("v",), label="what", missing="interpolate")
    x = dataset.train.x[np.arange(2)][:, 0]
    assert x[0, -1] == 1 and x[1, 0] == 5


@pytest.mark.parametrize("unit", [1, 1e3, 1e6, 1e9])
def test_the_time_may_be_in_other_units_where_the_rate_is_given(tmp_path: Path, unit: float) -> None:
    _write(tmp_path / "a.csv", 40, t=np.arange(40) * 0.02 * unit)
    assert _load(tmp_path / "a.csv", time="t", rate_hz=50.0).spec.rate_hz == 50
    with pytest.raises(SSLKitError, match="rate_hz is 20"):
        _load(tmp_path / "a.csv", time="t", rate_hz=20.0)


def test_what_cannot_be_cut(tmp_path: Path) -> None:
    _write(tmp_path / "a.csv", 30, t=np.r_[np.arange(20), 18, np.arange(20, 29)], c=np.ones(30), w=["a"] * 30)
    path = tmp_path / "a.csv"
    with pytest.raises(SSLKitError, match="does not go forward at row 22"):
        _load(path, time="t")
    with pytest.raises(SSLKitError, match=r"the longest stretch .* has 30"):
        _load(path, 31)
    with pytest.raises(SSLKitError, match=r"no column 'lable'"):
        _load(path, label="lable")
    with pytest.raises(SSLKitError, match=r"1 constant channel\(s\): c"):
        _load(path, channels=("x", "c"))
    assert len(_load(path, channels=("x", "c"), constant_channels="keep").train) == 5
    with pytest.raises(SSLKitError, match="column 'w' holds"):
        _load(path, channels=("x", "w"))
    with pytest.raises(SSLKitError, match="channels is empty"):
        SensorTable(str(path), [], 10)
    with pytest.raises(SSLKitError, match="a column twice"):
        SensorTable(str(path), ["x", "x"], 10)


def test_files_of_two_rates(tmp_path: Path) -> None:
    for rate in (50, 100):
        _write(tmp_path / f"{rate}.csv", 40, t=np.arange(40) / rate)
    with pytest.raises(SSLKitError, match="from 50 to 100 Hz"):
        _load(tmp_path, time="t")
