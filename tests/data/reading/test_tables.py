from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from sslkit.data.reading.tables import read_table, table_files
from sslkit.errors import SSLKitError


def test_csv_and_parquet_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,x,who\n2020-01-01 00:00:00,1.5,ann\n2020-01-01 00:00:02,,ben\n")
    first = read_table(tmp_path / "a.csv", ["t", "x", "who"])
    columns = {"t": first.columns["t"], "x": [1.5, None], "who": ["ann", "ben"]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "b.parquet")
    second = read_table(tmp_path / "b.parquet", ["t", "x", "who"])
    for table in (first, second):
        np.testing.assert_array_equal(table.numbers("x"), [1.5, np.nan])
        np.testing.assert_array_equal(table.seconds("t"), [0, 2])
        assert table.columns["who"].tolist() == ["ann", "ben"]
    assert table_files(str(tmp_path)) == [tmp_path / "a.csv", tmp_path / "b.parquet"]


def test_an_empty_column_is_missing_values(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n,1\n,2\n")
    assert np.isnan(read_table(tmp_path / "a.csv", ["x"]).numbers("x")).all()


def test_what_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,label\n1,2\nhello,3\n")
    with pytest.raises(SSLKitError, match=r"no column 'lable'. Did you mean 'label'\?"):
        read_table(tmp_path / "a.csv", ["x", "lable"])
    with pytest.raises(SSLKitError, match=r"column 'x' holds what is not a number .*hello"):
        read_table(tmp_path / "a.csv", ["x"]).numbers("x")
    (tmp_path / "a.csv").write_text("x,x,who\n1,2,ann\n3,4,\n")
    with pytest.raises(SSLKitError, match="several columns 'x'"):
        read_table(tmp_path / "a.csv", ["x"])
    with pytest.raises(SSLKitError, match="column 'who' is empty at row 1"):
        read_table(tmp_path / "a.csv", ["who"]).names("who")
    (tmp_path / "b.parquet").write_text("hello")
    (tmp_path / "c.csv").write_text("")
    (tmp_path / "d.csv").write_text("x\n")
    for name, message in {"b.parquet": "truncated", "c.csv": "truncated", "d.csv": "no rows"}.items():
        with pytest.raises(SSLKitError, match=message):
            read_table(tmp_path / name, ["x"])
    with pytest.raises(SSLKitError, match="no such file"):
        table_files(str(tmp_path / "none"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(SSLKitError, match="has no table"):
        table_files(str(tmp_path / "empty"))
