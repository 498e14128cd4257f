"""Dates and times of day as text and as typed columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sslkit.errors import SSLKitError
from tests.data.sources.table_inputs.frames import folder_of, frame_of, load, load_clock, said_of, starts_of

TIMES = pd.Timestamp("2024-03-25 23:59:58") + pd.to_timedelta(np.arange(400) * 0.02, "s")


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M:%S.%f",
        "%Y-%m-%dT%H:%M:%S,%f",
        "%Y-%m-%dT%H:%M:%S.%fZ",
        "%Y-%m-%d %H:%M:%S.%f+02:00",
        "%d.%m.%Y %H:%M:%S,%f",
        "%m/%d/%Y %I:%M:%S.%f %p",
        "%d-%b-%Y %H:%M:%S.%f",
        "%H:%M:%S,%f",
        "%I:%M:%S.%f %p",
        "%Y%m%d%H%M%S.%f",
        "isoformat",
        "timedelta",
    ],
)
def test_t15_dates_and_times(tmp_path: Path, form: str) -> None:
    if form == "isoformat":
        stamps = [time.isoformat() for time in TIMES]  # whole seconds without a fraction
    elif form == "timedelta":
        stamps = [str(time - TIMES[0]) for time in TIMES]
    else:
        stamps = TIMES.strftime(form).tolist()
    dataset = load_clock(tmp_path, stamps)
    assert dataset.spec.rate_hz == pytest.approx(50, rel=1e-6) and starts_of(dataset) == list(
        range(0, 391, 5)
    )
    assert "gap" not in said_of(dataset)


def test_t15_typed_times_and_two_columns(tmp_path: Path) -> None:
    frame = frame_of(400, t=TIMES.tz_localize("Europe/Berlin"), d=TIMES - TIMES[0])
    frame.to_parquet(tmp_path / "a.parquet")
    for name in ("t", "d"):
        assert load(tmp_path / "a.parquet", time=name).spec.rate_hz == pytest.approx(50)
    frame = frame_of(400, Date=TIMES.strftime("%d.%m.%Y"), Time=TIMES.strftime("%H:%M:%S.%f"))
    path = folder_of(tmp_path, frame) / "0.csv"
    assert load(path, time=["Date", "Time"]).spec.rate_hz == pytest.approx(50)


def test_t15_day_and_month_are_asked_for(tmp_path: Path) -> None:
    stamps = (TIMES - pd.Timedelta("20D")).strftime("%d/%m/%Y %H:%M:%S.%f")  # 5 and 6 March
    with pytest.raises(SSLKitError, match=r"is the day first, or the month\? Set day_first"):
        load_clock(tmp_path, stamps)
    assert len(load_clock(tmp_path, stamps, day_first=True).train) == len(range(0, 391, 5))
    assert len(load_clock(tmp_path, stamps, day_first=False).train) < len(range(0, 391, 5))  # a month between
    with pytest.raises(SSLKitError, match=r"no stamp like the others \('gestern'\) at row 9"):
        load_clock(
            tmp_path,
            [*TIMES.strftime("%d.%m.%Y %H:%M:%S.%f")[:7], "gestern", *TIMES.strftime("%d.%m.%Y %H:%M:%S")],
        )
