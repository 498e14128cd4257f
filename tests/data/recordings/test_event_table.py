from pathlib import Path

import pytest

from sslkit.data.recordings.event_table import read_events
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import settings


@pytest.mark.parametrize(
    "header",
    ["start,end,label", "onset,offset,event", "Begin Time (s),End Time (s),Annotation", "tmin,tmax,class"],
)
def test_usual_names(tmp_path: Path, header: str) -> None:
    (tmp_path / "e.csv").write_text(f"{header},file\n0,1,a,x.csv\n2,3,b,y.csv\n")
    events = read_events(settings(events={"path": str(tmp_path / "e.csv")}))
    assert list(events.columns) == ["start", "end", "label", "recording"]
    assert events.labels.tolist() == ["a", "b"] and events.line(1) == 3


def test_what_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    with pytest.raises(SSLKitError, match="there is no such file"):
        read_events(settings(events={"path": str(path)}))
    path.write_text("from_row,until_row,label\n0,1,a\n")
    with pytest.raises(
        SSLKitError, match=r"the columns are from_row, until_row, label. Name them: events: \{path"
    ):
        read_events(settings(events={"path": str(path)}))
    named = {"path": str(path), "start": "from_row", "end": "untilrow"}
    with pytest.raises(SSLKitError, match=r"no column 'untilrow' \(events.end\). Did you mean 'until_row'"):
        read_events(settings(events=named))
