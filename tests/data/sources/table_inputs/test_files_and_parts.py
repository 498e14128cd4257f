"""Folders, dialects, own parts, events; bad files are listed at once."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from sslkit.data.splits import split, split_for_training
from sslkit.errors import SSLKitError
from tests.data.sources.table_inputs.frames import (
    EPOCH,
    folder_of,
    frame_of,
    labels_of,
    load,
    said_of,
    starts_of,
)


def test_t12_all_tables_of_a_folder(tmp_path: Path) -> None:
    frame = frame_of(20, who="w")
    names = [
        "top.csv",
        "sub/a.csv",
        "sub/deep/b.txt",
        "c.tsv",
        "d.csv.gz",
        "e.pq",
        "f.parquet",
        "g.xlsx",
        "h.dat",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith((".pq", ".parquet")):
            frame.to_parquet(path)
        elif name.endswith(".xlsx"):
            pytest.importorskip("openpyxl", reason="Excel is read by the extra 'excel'")
            frame.to_excel(path, index=False)
        elif name.endswith(".gz"):
            path.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
        else:
            frame.to_csv(path, index=False, sep={"tsv": "\t", "dat": " "}.get(name.split(".")[-1], ","))
    for hidden in (
        ".x.csv",
        "._top.csv",
        "__MACOSX/top.csv",
        ".ipynb_checkpoints/top.csv",
        "@eaDir/a.csv",
        "~$g.xlsx",
    ):
        (tmp_path / hidden).parent.mkdir(exist_ok=True)
        (tmp_path / hidden).write_text("no table")
    (tmp_path / "notes.pdf").write_text("notes")
    (tmp_path / "README.txt").write_text("Recorded in May.\n")
    dataset = load(tmp_path, stride=10)
    assert dataset.group_names == tuple(sorted(names)) and len(dataset.train) == 2 * len(names)
    assert "1 file(s) are no tables and are left out (notes.pdf)" in said_of(dataset)
    assert "1 of 10 text file(s) are left out (README.txt): they have none of the columns" in said_of(dataset)


def test_t13_dialects_give_the_same_windows(tmp_path: Path) -> None:
    frame = frame_of(60, t=(np.arange(60) * 0.02).round(4), what=np.repeat(["go", "stop"], 30))
    frame.to_csv(tmp_path / "plain.csv", index=False)
    settings: dict[str, Any] = {"time": "t", "label": "what"}
    plain = load(tmp_path / "plain.csv", **settings)
    semicolon = "# sampled at 50 Hz\nsep=;\n" + frame.to_csv(index=False, sep=";", decimal=",")
    texts = {
        "comma.csv": ("\ufeff" + frame.to_csv(index=False, sep=";", decimal=",")).encode("utf-16"),
        "sep.csv": semicolon.split("\n", 1)[1].encode(),
        "blank.txt": ("# sampled at 50 Hz\n" + frame.to_csv(index=False, sep=" ")).encode(),
        "cut.csv": (frame.to_csv(index=False) + "60,0.1").encode(),
        "units.csv": frame.to_csv(index=False).replace("what\n", "what\n-,V,V,s,-\n").encode(),
    }
    for name, content in texts.items():
        (tmp_path / name).write_bytes(content)
        dataset = load(tmp_path / name, **settings)
        index = np.arange(len(plain.train))
        assert (dataset.train.x[index] == plain.train.x[index]).all(), name
        assert labels_of(dataset) == labels_of(plain)
    dataset = load(folder_of(tmp_path, frame, header=False) / "0.csv", channels=["column_1", "column_2"])
    assert (dataset.train.x[np.arange(9)] == load(tmp_path / "plain.csv").train.x[np.arange(9)]).all()


def test_t14_western_labels_and_names(tmp_path: Path) -> None:
    frame = frame_of(40, wie=np.repeat(["fährt", "steht"], 20)).rename(columns={"x": "T [°C]"})
    frame.to_csv(tmp_path / "a.csv", index=False, encoding="cp1252")
    dataset = load(tmp_path / "a.csv", channels=["n", "T [°C]"], label="wie")
    assert dataset.class_names == ("fährt", "steht") and "read as cp1252" in said_of(dataset)


def test_t16_one_recording_without_labels(tmp_path: Path) -> None:
    path = folder_of(tmp_path, frame_of(400)) / "0.csv"
    parts = split_for_training(load(path))
    assert len(parts.train) and len(parts.validation) and not len(parts.test)
    assert parts.indices[1].min() > parts.indices[0].max()


def test_t17_own_parts(tmp_path: Path) -> None:
    frame = frame_of(90, part=np.repeat(["Train", "dev", "TEST"], 30), what=np.tile(np.repeat([0, 1], 15), 3))
    path = folder_of(tmp_path, frame) / "0.csv"
    dataset = load(path, split="part", label="what", stride=5)
    assert dataset.test is not None and dataset.validation is not None
    assert starts_of(dataset) == [0, 5, 15, 20] and starts_of(dataset, dataset.validation) == [30, 35, 45, 50]
    assert starts_of(dataset, dataset.test) == [60, 65, 75, 80]
    parts = split(dataset)
    assert [len(part) for part in (parts.train, parts.validation, parts.test)] == [4, 4, 4]
    with pytest.raises(SSLKitError, match="'holdme' in row 2; it is train"):
        load(folder_of(tmp_path, frame.assign(part="holdme")) / "0.csv", split="part")
    for name in ("a", "b", "c"):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    dataset = load(
        tmp_path / "a.csv",
        test_path=str(tmp_path / "b.csv"),
        validation_path=str(tmp_path / "c.csv"),
        label="what",
    )
    assert dataset.test is not None and dataset.validation is not None
    assert len(dataset.test) == len(dataset.validation) == len(dataset.train)
    for name in ("training", "eval"):
        (tmp_path / "folders" / name).mkdir(parents=True)
        frame.to_csv(tmp_path / "folders" / name / "a.csv", index=False)
    dataset = load(tmp_path / "folders", label="what")
    assert dataset.test is not None and "folders' names are taken for the parts" in said_of(dataset)


def test_t18_labels_from_events(tmp_path: Path) -> None:
    frame = frame_of(500, t=(EPOCH + np.arange(500) * 0.02).round(3))
    folder = folder_of(tmp_path, frame)
    events = tmp_path / "events.csv"
    events.write_text(f"start,end,label\n{EPOCH + 1},{EPOCH + 3},walk\n{EPOCH + 3},{EPOCH + 5},run\n")
    dataset = load(folder, time="t", events=str(events))
    expected = dict.fromkeys(range(50, 141, 5), "walk") | dict.fromkeys(range(150, 241, 5), "run")
    assert labels_of(dataset) == [expected.get(s, "") for s in starts_of(dataset)]
    assert "300 of 500 row(s) are in no event and have no label" in said_of(dataset)
    events.write_text("onset;duration;trial_type\n1,0;2,0;walk\n3,0;2,0;run\n")  # seconds from the start
    assert labels_of(load(folder, time="t", events=str(events))) == labels_of(dataset)
    assert labels_of(load(folder, rate_hz=50.0, events=str(events))) == labels_of(dataset)
    named = {"path": str(events), "start": "onset", "duration": "duration", "label": "trial_type"}
    assert labels_of(load(folder, time="t", events=named)) == labels_of(dataset)
    with pytest.raises(SSLKitError, match="label and events are both set"):
        load(folder, label="n", events=str(events))
    events.write_text(f"start,end,label\n{EPOCH + 1},{EPOCH + 3},walk\n{EPOCH + 2},{EPOCH + 5},run\n")
    with pytest.raises(SSLKitError, match=r"rows 2 \('walk'\) and 3 \('run'\) overlap"):
        load(folder, time="t", events=str(events))
    events.write_text("start,end,label\n10,20,walk\n2000,3000,run\n")
    with pytest.raises(SSLKitError, match="none of 2 events lies in a recording"):
        load(folder, time="t", events=str(events))


def test_t18_events_of_several_recordings(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, *(frame_of(300, t=(np.arange(300) * 0.02).round(3)) for _ in range(3)))
    events = tmp_path / "events.csv"
    events.write_text("file,start,end,label\n0.csv,0,2,a\n1,2,4,b\n2.csv,4,6,c\n9.csv,0,1,d\n")
    dataset = load(folder, time="t", events=str(events))
    groups, labels = dataset.train.groups, np.array(labels_of(dataset))
    assert groups is not None and dataset.class_names == ("a", "b", "c")
    for number, name in enumerate("abc"):
        assert set(labels[groups == number]) == {"", name}
    assert "1 of 4 event(s) hold no row (row 5: d)" in said_of(dataset)
    events.write_text("start,end,label\n0,2,a\n")
    with pytest.raises(SSLKitError, match="a column that names the recording"):
        load(folder, time="t", events=str(events))


def test_t19_only_the_columns_used_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {f"c{i}": np.arange(60.0) + i for i in range(100)}
    parquet.write_table(
        pyarrow.table({"n": np.arange(60), "x": np.arange(60.0) ** 1.1, **wide}), tmp_path / "a.parquet"
    )
    asked = []
    read = parquet.ParquetFile.read
    monkeypatch.setattr(
        parquet.ParquetFile,
        "read",
        lambda self, columns: (asked.append(columns), read(self, columns=columns))[1],
    )
    assert len(load(tmp_path / "a.parquet").train) == len(range(0, 51, 5)) and asked == [["n", "x"]]


def test_all_bad_files_are_listed_with_their_rows(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, *(frame_of(20) for _ in range(14)))
    (folder / "3.csv").write_text("n,x\n1,2\n1\n3,4\n")
    (folder / "5.csv").write_text("n,x\n1,2\n1,oops\n3,4\n")
    for name in ("7.csv", "8.csv"):
        (folder / name).write_text("n,X\n1,2\n")
    with pytest.raises(SSLKitError) as error:
        load(folder)
    message = str(error.value)
    assert "2 of 14 files have no column 'x' (7.csv, 8.csv). The first: Did you mean 'X'?" in message
    assert "3.csv: 1 row(s) have not 2 fields" in message and "row 3 has 1" in message
    for name in ("3.csv", "7.csv", "8.csv"):
        (folder / name).unlink()
    (folder / "6.csv").write_text("n,x\n1,2\n1,3\n3,bad\n")
    with pytest.raises(
        SSLKitError, match=r"2 problems with 11 file(.|\n)*5.csv.*'oops' in row 3(.|\n)*6.csv.*'bad' in row 4"
    ):
        load(folder)
