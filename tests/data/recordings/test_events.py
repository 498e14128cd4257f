from pathlib import Path

import numpy as np
import pyarrow
import pytest

from sslkit.data.recordings.events import label_rows
from sslkit.data.tables.stamps import find_clock
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import rows, settings


def _label(tmp_path: Path, text: str, stamps: list[object] | None = None, **changes: object) -> list[str]:
    (tmp_path / "e.csv").write_text(text)
    wanted = settings(events={"path": str(tmp_path / "e.csv")}, rate_hz=1.0)
    file = rows(10, **changes)
    clock = None
    if stamps is not None:
        array = pyarrow.array(stamps)
        clock = find_clock([array], "t", "here")
        begin = clock.begin(array)
        file = rows(10, seconds=clock.seconds(array, begin)[0], begin=begin)
    (found,), _ = label_rows([file], clock, wanted)
    return found.labels.tolist()


EXPECTED = ["", "", "a", "a", "a", "b", "b", "", "", ""]


def test_t18_stamps_like_those_of_the_rows(tmp_path: Path) -> None:
    dates = [f"2024-03-25 23:59:{50 + i}" for i in range(10)]
    relative = "start,end,label\n2,5,a\n5,7,b\n"
    assert _label(tmp_path, relative) == EXPECTED
    assert _label(tmp_path, relative, [float(i) for i in range(10)]) == EXPECTED
    assert _label(tmp_path, relative, dates) == EXPECTED
    assert _label(tmp_path, "onset;duration;type\n2,0;3,0;a\n5,0;2,0;b\n", dates) == EXPECTED
    absolute = "start,end,label\n2024-03-25T23:59:52,2024-03-25T23:59:55,a\n2024-03-25T23:59:55,2024-03-25T23:59:57,b\n"
    assert _label(tmp_path, absolute, dates) == EXPECTED
    epoch = [1_700_000_000_000 + 1000 * i for i in range(10)]
    assert (
        _label(tmp_path, f"start,end,label\n{epoch[2]},{epoch[5]},a\n{epoch[5]},{epoch[7]},b\n", epoch)
        == EXPECTED
    )


def test_what_is_wrong_with_events(tmp_path: Path) -> None:
    for text, message in {
        "start,end,label\n5,2,a\n": "row 2 ends before it starts",
        "start,end,label\n1,5,a\n2,6,b\n": "rows 2 .'a'. and 3 .'b'. overlap",
        "start,end,label\nx,5,a\n": "no stamp like those of the recordings in row 2",
        "start,end,label\n50,60,a\n": "none of 1 events lies in a recording",
    }.items():
        with pytest.raises(SSLKitError, match=message):
            _label(tmp_path, text)
    assert _label(tmp_path, "start,end,label\n1,5,a\n2,6,a\n") == ["", *["a"] * 5, "", "", "", ""]


def test_recordings_by_name(tmp_path: Path) -> None:
    changes = {"recordings": np.repeat([0, 1], 5), "recording_names": ("a.csv/r1", "a.csv/r2")}
    assert _label(tmp_path, "record,start,end,label\nr2,0,2,a\n", **changes) == [
        *[""] * 5,
        "a",
        "a",
        "",
        "",
        "",
    ]
    assert _label(tmp_path, "file,start,end,label\na,0,1,b\n", **changes) == [
        "b",
        "",
        "",
        "",
        "",
        "b",
        "",
        "",
        "",
        "",
    ]
    with pytest.raises(SSLKitError, match="a column that names the recording"):
        _label(tmp_path, "start,end,label\n0,1,b\n", **changes)


def test_t18_an_event_that_outlives_its_recording_is_said(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("start,end,label\n1.2,3.7,a\n6,30,b\n", encoding="utf-8")
    wanted = settings(events={"path": str(tmp_path / "e.csv")}, rate_hz=1.0)
    _, notes = label_rows([rows(10)], None, wanted)
    (note,) = [one for one in notes if one.what == "event(s) last longer than the rows that they hold"]
    assert note.which == ("row 3: b, 5 of 24 s",) and (note.count, note.of) == (1, 2)
