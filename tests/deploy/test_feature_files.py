"""Files of features, read again by numpy, pandas and the csv module."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas
import pytest

from sslkit.deploy.feature_files import check_kind, write_features
from sslkit.errors import SSLKitError


@pytest.fixture
def columns() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        "path": np.array(['a,"1".csv', "b.csv", "ü.csv"], dtype=object),
        "row": np.array([2, 35, 68]),
        "label": np.array(["walk", "", "run"]),
        "features": random.normal(0, 1e-3, (3, 4)).astype(np.float32),
    }


def test_npz_has_the_columns(columns, tmp_path):
    write_features(tmp_path / "f.npz", columns)
    with np.load(tmp_path / "f.npz", allow_pickle=False) as found:
        assert list(found) == list(columns)
        assert all(
            np.array_equal(found[name], column.astype(found[name].dtype)) for name, column in columns.items()
        )


@pytest.mark.parametrize("name", ["f.csv", "F.CSV"])
def test_csv_has_a_row_for_each_sample_and_every_digit(name, columns, tmp_path):
    write_features(tmp_path / name, columns)
    assert b"\r" not in (tmp_path / name).read_bytes()
    with (tmp_path / name).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["path", "row", "label", *(f"feature_{number}" for number in range(4))]
    assert [row[:3] for row in rows] == [
        [str(columns[name][number]) for name in ("path", "row", "label")] for number in range(3)
    ]
    assert np.array_equal(np.array([row[3:] for row in rows], dtype=np.float32), columns["features"])


def test_parquet_keeps_types(columns, tmp_path):
    write_features(tmp_path / "f.parquet", columns)
    found = pandas.read_parquet(tmp_path / "f.parquet")
    assert found["label"].tolist() == columns["label"].tolist() and found["row"].dtype == np.int64
    features = found.filter(like="feature_").to_numpy()
    assert features.dtype == np.float32 and np.array_equal(features, columns["features"])


@pytest.mark.parametrize("name", ["f.txt", "f", "f.npz.gz", ".csv"])
def test_another_ending_is_refused_before_anything_is_written(name, columns, tmp_path):
    with pytest.raises(SSLKitError, match=r"features are written as .npz, .csv, .parquet; give the file one"):
        check_kind(tmp_path / name)
    with pytest.raises(SSLKitError):
        write_features(tmp_path / name, columns)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_or_a_full_place_is_said(columns, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for kind in ("npz", "csv", "parquet"):
        with pytest.raises(SSLKitError):
            write_features(Path(tmp_path / "file" / f"f.{kind}"), columns)
