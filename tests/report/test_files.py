"""A run's files: missing, damaged, cut off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sslkit.errors import SSLKitError
from sslkit.records import Result
from sslkit.report.files import csv_rows, json_lines, load_arrays, record, result_row

LINE = {
    "data": "d", "objective": "byol", "seed": "1", "evaluator": "linear", "labels_per_class": "10", "draw": "",
    "metric": "accuracy", "value": "0.5",
}  # fmt: skip


def test_missing_files_are_empty(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    assert (record(missing, Result), json_lines(missing), csv_rows(missing), load_arrays(missing)) == (
        {},
        [],
        [],
        {},
    )


def test_lines_of_junk_and_a_line_that_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'3\n[1]\n"x"\n{"step": 1, "note": "text"}\n\xff\xfe\n{"st')
    assert json_lines(path) == [{"step": 1}]


def test_rows_have_types(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(",".join(LINE) + "\n" + ",".join(LINE.values()) + "\n", encoding="utf-8")
    assert csv_rows(path) == [{**LINE, "seed": 1, "draw": 0, "value": 0.5}]


def test_a_csv_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(b"\xff\xfe\x00junk")
    with pytest.raises(SSLKitError, match="no CSV"):
        csv_rows(path)


@pytest.mark.parametrize("change", [{"seed": "x"}, {"value": None}, {"value": ""}])
def test_a_row_that_cannot_be_read_is_named(change: dict[str, str | None]) -> None:
    with pytest.raises(SSLKitError, match=r"r\.csv has a row that cannot be read"):
        result_row({**LINE, **change}, Path("r.csv"))
    with pytest.raises(SSLKitError, match="KeyError"):
        result_row({"data": "d"}, Path("r.csv"))


def test_arrays_whole_and_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.arange(1000), y=np.ones(3))
    assert load_arrays(path).keys() == {"x", "y"} and (load_arrays(path)["x"] == np.arange(1000)).all()
    for length in (0, 10, path.stat().st_size // 2):
        (tmp_path / "cut.npz").write_bytes(path.read_bytes()[:length])
        assert load_arrays(tmp_path / "cut.npz") == {}


def test_pickled_arrays_are_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([{"a": 1}], dtype=object))
    assert load_arrays(tmp_path / "a.npz") == {}
