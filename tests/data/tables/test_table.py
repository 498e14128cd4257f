from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from sslkit.data.tables.table import MissingColumns, read_table
from sslkit.errors import SSLKitError


def test_csv_and_parquet_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,x,who\n1,1.5,7.0\n2,,007\n3,2,\n")
    columns = {"t": [1, 2, 3], "x": [1.5, None, 2], "who": ["7.0", "007", None]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "b.parquet")
    for name in ("a.csv", "b.parquet"):
        table = read_table(tmp_path / name, ["t", "x", "who"])
        np.testing.assert_array_equal(table.numbers("x"), [1.5, np.nan, 2])
        assert table.identifiers("who").tolist() == ["7", "007", ""] and len(table) == 3


def test_all_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,x,\n1,2,\n")
    assert list(read_table(tmp_path / "a.csv", None).columns) == ["t", "x"]


def test_an_empty_column_is_missing_values(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n,1\n,2\n")
    assert np.isnan(read_table(tmp_path / "a.csv", ["x"]).numbers("x")).all()


def test_what_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,label\n1,2\nhello,3\n")
    with pytest.raises(MissingColumns, match="no column lable"):
        read_table(tmp_path / "a.csv", ["x", "lable"])
    with pytest.raises(
        SSLKitError, match=r"'x' holds what is not a number in 1 of 2 rows, first 'hello' in row 3"
    ):
        read_table(tmp_path / "a.csv", ["x"]).numbers("x")
    assert np.isnan(read_table(tmp_path / "a.csv", ["x"], {"missing": ["hello"]}).numbers("x")[1])
    (tmp_path / "a.csv").write_text("x,x,who\n1,2,ann\n3,4,\n")
    with pytest.raises(SSLKitError, match="several columns 'x'"):
        read_table(tmp_path / "a.csv", ["x"])
    with pytest.raises(SSLKitError, match="column 'who' is empty at row 3"):
        read_table(tmp_path / "a.csv", ["who"]).names("who")
    (tmp_path / "b.parquet").write_text("hello")
    (tmp_path / "d.csv").write_text("x\n")
    for name, message in {"b.parquet": "truncated", "d.csv": "no rows"}.items():
        with pytest.raises(SSLKitError, match=message):
            read_table(tmp_path / name, ["x"])
