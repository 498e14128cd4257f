from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sslkit.data.recordings.reading_files import read_files
from sslkit.data.sources.sensor_table import SensorTable
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import settings


def test_rows_with_all_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n,x,who,rec,what\n1,2,1.0,r,go\n2,3,1,r,go\n3,4,2,s,\n")
    wanted = replace(
        settings(subtract={"x": 1.0}), path=str(tmp_path), group="who", recording="rec", label="what"
    )
    files = read_files(wanted)
    (file,) = files.recorded
    assert file.values.tolist() == [[1, 2, 3], [1, 2, 3]] and file.groups.tolist() == ["1", "1", "2"]
    assert file.recording_names == ("a.csv/r", "a.csv/s") and file.recordings.tolist() == [0, 0, 1]
    assert (
        file.labels.tolist() == ["go", "go", ""]
        and file.begins.tolist() == [False, True]
        and files.clock is None
    )


def test_a_clock_for_all_files(tmp_path: Path) -> None:
    for name, day in (("a", 5), ("b", 25)):
        lines = [f"{day:02d}/03/2024 10:00:{i:02d},{i},{i}" for i in range(10)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["t,n,x", *lines]))
    files = read_files(replace(settings(), path=str(tmp_path), time=("t",)))
    assert files.clock is not None and files.clock.day_first
    first, second = files.recorded
    assert second.begin - first.begin == 20 * 86_400 * 10**9
    assert first.seconds is not None and (np.diff(first.seconds) == 1).all()
    (tmp_path / "a.csv").write_text("t,n,x\n05/03/2024 10:00:00,1,1\n,2,2\nsoon,3,3\n")
    with pytest.raises(SSLKitError, match=r"no stamp like the others \('soon'\) at row 4"):
        read_files(replace(settings(), path=str(tmp_path), time=("t",)))


def test_t17_files_of_one_name_in_both_paths_are_two_recordings(tmp_path: Path) -> None:
    for number, name in enumerate(("mine/0.csv", "mine/1.csv", "mine/2.csv", "theirs/0.csv")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        rows = np.random.default_rng(number).normal(size=(40, 1))
        np.savetxt(tmp_path / name, rows, header="x", comments="")
    paths = {"path": str(tmp_path / "mine"), "test_path": str(tmp_path / "theirs")}
    dataset = SensorTable(channels=["x"], length=10, rate_hz=50, **paths).load()
    assert "theirs/0.csv" in dataset.group_names and len(dataset.group_names) == 4
    again = SensorTable(channels=["x"], length=10, rate_hz=50, **{**paths, "test_path": paths["path"]}).load()
    assert len(again.group_names) == 3


def test_t15_stamps_of_which_none_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,x\n" + "\n".join(f"noon {row},{row}.5" for row in range(30)))
    with pytest.raises(SSLKitError, match="holds no stamps that can be read"):
        SensorTable(str(tmp_path / "a.csv"), channels=["x"], length=10, time="t").load()
