"""Persons, labels, rates and values of recordings, whatever their form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pytest
from pyarrow import parquet

from sslkit.errors import SSLKitError
from tests.data.sources.table_inputs.frames import RANDOM, folder_of, frame_of, labels_of, load, said_of


def test_t1_persons_are_one_across_files(tmp_path: Path) -> None:
    persons = (["1"] * 20 + ["2"] * 20, ["1.0"] * 20 + ["2.0"] * 20, ["1"] * 20 + ["01"] * 20)
    folder = folder_of(tmp_path, *(frame_of(40, who=p) for p in persons))
    dataset = load(folder, group="who", stride=10)
    assert dataset.group_names == ("01", "1", "2")
    assert dataset.train.groups is not None
    assert dataset.train.groups.tolist() == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 0, 0]
    assert "01 / 1" in said_of(dataset)
    typed = pyarrow.table({"n": np.arange(20), "x": np.arange(20.0) ** 1.5, "who": [1.0] * 20})
    parquet.write_table(typed, folder / "3.parquet")
    assert load(folder, group="who", stride=10).group_names == ("01", "1", "2")


def test_t2_labels_are_one_across_files(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        frame_of(40, what=np.repeat([1, 2], 20)),
        frame_of(40, what=[""] * 10 + ["1"] * 30),
        frame_of(40, what=["unknown"] * 20 + ["1.0"] * 20),
    )
    dataset = load(folder, label="what", stride=10)
    assert dataset.class_names == ("1", "2", "unknown")
    assert labels_of(dataset) == ["1", "1", "2", "2", "", "1", "1", "1", "unknown", "unknown", "1", "1"]


def test_t3_what_means_unknown(tmp_path: Path) -> None:
    path = folder_of(tmp_path, frame_of(80, what=np.repeat(["walk", "NA", "run", "0"], 20))) / "0.csv"
    dataset = load(path, label="what", stride=10)
    assert dataset.class_names == ("0", "run", "walk") and labels_of(dataset)[2:4] == ["", ""]
    assert "NA: 2" in said_of(dataset)
    dataset = load(path, label="what", stride=10, unknown=["NA", "", 0])
    assert dataset.class_names == ("run", "walk")
    dataset = load(path, label="what", stride=10, unknown=[])
    assert dataset.class_names == ("0", "NA", "run", "walk")


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_t4_recordings_of_two_rates(tmp_path: Path, order: tuple[str, str]) -> None:
    sizes, rates = {"A": 600, "B": 300}, {"A": 50, "B": 100}
    frames = [
        frame_of(sizes[name], rec=name, what=name.lower(), t=(np.arange(sizes[name]) / rates[name]).round(4))
        for name in order
    ]
    path = folder_of(tmp_path, pd.concat(frames)) / "0.csv"
    settings: dict[str, Any] = {"recording": "rec", "time": "t", "label": "what"}
    with pytest.raises(SSLKitError, match=r"rates differ, from 50 to 100 Hz .*Set resample_hz: 50"):
        load(path, **settings)
    dataset = load(path, stride=10, resample_hz=50.0, **settings)
    assert dataset.spec.rate_hz == 50 and sorted(set(labels_of(dataset))) == ["a", "b"]
    assert (np.array(labels_of(dataset)) == "a").sum() == 60 and (
        np.array(labels_of(dataset)) == "b"
    ).sum() == 15
    assert "0.csv/B: 100 → 50 Hz" in said_of(dataset)


def test_t4_resampling_takes_away_what_the_rate_cannot_hold(tmp_path: Path) -> None:
    t = np.arange(4000) / 1000
    slow, fast = np.sin(2 * np.pi * 5 * t), np.sin(2 * np.pi * 180 * t)  # 180 Hz would become 20 Hz
    path = folder_of(tmp_path, pd.DataFrame({"t": t, "x": slow + fast, "y": 20 + slow})) / "0.csv"
    dataset = load(path, 200, ["x", "y"], time="t", resample_hz=200.0, stride=200)
    x = dataset.train.x[np.arange(len(dataset.train))].numpy()
    expected = np.sin(2 * np.pi * 5 * np.arange(800) / 200).reshape(4, 200)
    np.testing.assert_allclose(x[1:3, 0], expected[1:3], atol=0.02)
    np.testing.assert_allclose(x[:, 1], expected + 20, atol=0.02)  # no jump to 0 at the ends


def test_t5_a_class_that_is_lost_is_named(tmp_path: Path) -> None:
    what = np.concatenate([np.r_[["walk"] * 200, ["fall"] * 40, ["run"] * 200] for _ in range(3)])
    path = folder_of(tmp_path, frame_of(len(what), what=what)) / "0.csv"
    dataset = load(path, 64, label="what")
    assert dataset.class_names == ("run", "walk")
    assert (
        "class(es) have no window and are lost (fall: 120 rows in 3 stretches of up to 40 rows)"
        in said_of(dataset)
    )
    assert "length: 40 keeps them, or short: majority, or short: pad." in said_of(dataset)
    assert "fall" in load(path, 40, label="what").class_names
    padded = load(path, 64, label="what", short="pad")
    assert labels_of(padded).count("fall") == 3 and "padded by their mirror image" in said_of(padded)
    window = padded.train.x[np.flatnonzero(np.array(labels_of(padded)) == "fall")[:1]][0, 0].numpy()
    assert window.tolist() == [*range(200, 240), *range(239, 215, -1)]
    most = load(path, 64, label="what", short="majority", stride=8)
    rows = [what[s : s + 64].tolist() for s in range(0, len(what) - 63, 8)]
    assert labels_of(most) == [max(sorted(set(row)), key=row.count) for row in rows]
    assert "fall" in most.class_names and "more than one label" in said_of(most)


@pytest.mark.parametrize("offset, step", [(1.7e9, 0.01), (1e7, None)])
def test_t6_what_float32_cannot_hold(tmp_path: Path, offset: float, step: float | None) -> None:
    own = np.arange(400) * step if step else RANDOM.standard_normal(400)
    path = folder_of(tmp_path, pd.DataFrame({"x": offset + own, "y": RANDOM.standard_normal(400)})) / "0.csv"
    with pytest.raises(SSLKitError, match=r"float32.*'x'.*Set subtract: \{x: (17|1)0*\}") as error:
        load(path, 64, ["x", "y"])
    number = float(str(error.value).split("subtract: {x: ")[1].split("}")[0])
    dataset = load(path, 64, ["x", "y"], subtract={"x": number}, stride=64)
    np.testing.assert_allclose(
        dataset.train.x[np.arange(6)][:, 0].numpy().ravel(), (offset + own)[:384] - number, atol=1e-5
    )
    assert f"(less {number:.15g})" in dataset.facts["channels"]


def test_t7_negative_labels(tmp_path: Path) -> None:
    path = folder_of(tmp_path, frame_of(60, what=np.repeat([-1, 0, 1], 20))) / "0.csv"
    dataset = load(path, label="what", stride=10)
    assert dataset.class_names == ("0", "1") and "If -1 is a class (as in left, none, right)" in said_of(
        dataset
    )
    assert load(path, label="what", unknown=[]).class_names == ("-1", "0", "1")
    path = folder_of(tmp_path, frame_of(60, what=np.repeat([-2, 0, 1], 20))) / "0.csv"
    with pytest.raises(SSLKitError, match="negative"):
        load(path, label="what")
