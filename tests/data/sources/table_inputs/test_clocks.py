"""Stamps: their unit, gaps, clocks set back, machines in turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sslkit.errors import SSLKitError
from tests.data.sources.table_inputs.frames import (
    EPOCH,
    ROWS,
    folder_of,
    frame_of,
    load,
    load_clock,
    said_of,
    starts_of,
)


@pytest.mark.parametrize(
    "stamps, rate",
    [
        ((EPOCH * 1000 + ROWS * 20), 50),
        ((EPOCH * 10**6 + ROWS * 20_000), 50),
        ((EPOCH * 10**9 + ROWS * 20_000_000), 50),
        ((EPOCH * 10**9 + np.round(ROWS * 1e9 / 51_200).astype(np.int64)), 51_200),
        (
            [
                f"{EPOCH}.{n * 20_000:06d}" if n < 50 else f"{EPOCH + n // 50}.{n % 50 * 20_000:06d}"
                for n in ROWS
            ],
            50,
        ),
        ((45_000 + ROWS / 86_400 / 10).round(10), 10),
        ((738_000 + ROWS / 86_400 / 10).round(10), 10),
        ((133_000_000_000_000_000 + ROWS * 200_000), 50),
        (np.round(ROWS / 80, 3), 80),
        (np.floor(ROWS * 1000 / 80).astype(int) + EPOCH * 1000, 80),
        (np.round(ROWS / 300, 3), 300),
        (np.round(ROWS / 0.7, 0), 0.7),
    ],
)
def test_t8_units_of_stamps(tmp_path: Path, stamps: Any, rate: float) -> None:
    settings: dict[str, Any] = {"time_unit": "s"} if rate < 1 else {}
    dataset = load_clock(tmp_path, stamps, **settings)
    assert dataset.spec.rate_hz == pytest.approx(rate, rel=1e-4)
    assert len(dataset.train) == len(range(0, 591, 5)) and "gap" not in said_of(dataset)


def test_t8_mean_rates_are_exact(tmp_path: Path) -> None:
    assert load_clock(tmp_path, np.round(ROWS / 80, 3)).spec.rate_hz == 80
    assert load_clock(tmp_path, np.round(ROWS / 300, 3), rate_hz=300.0).spec.rate_hz == 300
    assert load_clock(tmp_path, EPOCH * 1000 + np.round(ROWS * 1000 / 128).astype(int)).spec.rate_hz == 128


@pytest.mark.parametrize(
    "stamps, advice",
    [(ROWS * 20, r"time_unit: s \(0.05 Hz\), ms \(50 Hz\)"), (44_000 + ROWS * 600 / 86_400, "in which unit")],
)
def test_t8_units_are_asked_for(tmp_path: Path, stamps: Any, advice: str) -> None:
    with pytest.raises(SSLKitError, match=advice):
        load_clock(tmp_path, stamps)


def test_t8_units_as_they_are_named(tmp_path: Path) -> None:
    assert load_clock(tmp_path, ROWS * 20, time_unit="ms").spec.rate_hz == 50
    frame = frame_of(600).assign(**{"t [ms]": ROWS * 20})
    dataset = load(folder_of(tmp_path, frame) / "0.csv", time="t [ms]")
    assert dataset.spec.rate_hz == 50 and "are taken as ms: by its name" in said_of(dataset)
    (tmp_path / "u.csv").write_text("t,n,x\nms,-,V\n" + "".join(f"{i * 20},{i},{i % 7}\n" for i in range(60)))
    dataset = load(tmp_path / "u.csv", time="t")
    assert dataset.spec.rate_hz == 50 and "x 0…6 V" in dataset.facts["channels"]


def test_t9_bursts_and_rows_with_one_stamp(tmp_path: Path) -> None:
    bursts = load_clock(tmp_path, ROWS % 100 / 1000 + ROWS // 100)
    assert bursts.spec.rate_hz == pytest.approx(1000) and len(bursts.train) == 6 * len(range(0, 91, 5))
    assert "5 of 599 step(s) from row to row are gaps (0.8%)" in said_of(bursts)
    packets = load_clock(tmp_path, ROWS // 10 * 0.1)
    assert packets.spec.rate_hz == pytest.approx(100) and len(packets.train) == len(range(0, 591, 5))
    assert "540 of 600 row(s) share their stamp" in said_of(packets)
    fast = load_clock(tmp_path, np.floor(ROWS / 2) / 1000)  # 2 kHz in whole ms
    assert fast.spec.rate_hz == pytest.approx(2000) and len(fast.train) == len(range(0, 591, 5))


def test_t9_uneven_and_lost_rows(tmp_path: Path) -> None:
    jitter = np.cumsum(np.random.default_rng(1).integers(8, 33, 600)) / 1000
    dataset = load_clock(tmp_path, jitter)
    assert dataset.spec.rate_hz == pytest.approx(50, rel=0.03)
    assert "set resample_hz" in said_of(dataset) and "max_gap" in said_of(dataset)
    passed = load_clock(tmp_path, jitter, max_gap=0.04)
    assert len(passed.train) == len(range(0, 591, 5)) and "take their rows as evenly spaced" in said_of(
        passed
    )
    with pytest.raises(
        SSLKitError, match=r"600 rows are in stretches shorter than 40 .*Set resample_hz: .* max_gap"
    ):
        load_clock(tmp_path, jitter, 40)
    even = load_clock(tmp_path, jitter, resample_hz=50.0)
    assert even.spec.rate_hz == 50 and len(even.train) == pytest.approx((jitter[-1] * 50 - 10) / 5, abs=3)
    lost = np.delete(np.arange(660) * 0.02, np.random.default_rng(2).choice(658, 60, replace=False) + 1)
    with pytest.raises(SSLKitError, match=r"the longest stretch .*set max_gap .* or resample_hz"):
        load_clock(tmp_path, lost, 100)
    even = load_clock(tmp_path, lost, 100, resample_hz=50.0)
    assert even.spec.rate_hz == 50 and "are bridged by straight lines" in said_of(even)
    n = even.train.x[np.arange(len(even.train))][:, 0].numpy()
    assert (np.diff(n, axis=1) > 0).all()


def test_t9_rows_that_are_there_twice(tmp_path: Path) -> None:
    frame = frame_of(600, t=(ROWS * 0.02).round(4))
    again = frame.iloc[np.sort(np.r_[ROWS, 100, 300])]
    dataset = load(folder_of(tmp_path, again) / "0.csv", time="t")
    assert starts_of(dataset) == list(range(0, 591, 5)) and "2 of 602 row(s) are there twice" in said_of(
        dataset
    )


def test_t10_a_clock_set_back_begins_a_recording(tmp_path: Path) -> None:
    times = pd.Timestamp("2023-10-29 02:59:55") + pd.to_timedelta(np.arange(600) * 0.02, "s")
    back = times.where(times < pd.Timestamp("2023-10-29 03:00:00"), times - pd.Timedelta("1h"))
    stamps = back.strftime("%Y-%m-%d %H:%M:%S.%f")
    dataset = load_clock(tmp_path, stamps)
    assert "recording(s) begin where a clock is set back" in said_of(dataset)
    assert "row 252 (1 h back)" in said_of(dataset)
    assert starts_of(dataset) == [*range(0, 241, 5), *range(250, 591, 5)]
    counter = frame_of(600, t=np.concatenate([np.arange(200) * 0.02] * 3))
    dataset = load(folder_of(tmp_path, counter) / "0.csv", time="t")
    assert dataset.group_names == ("0.csv", "0.csv (part 2)", "0.csv (part 3)")


@pytest.mark.parametrize("kind", ["swapped", "shuffled", "backward"])
def test_t10_rows_out_of_order_are_refused(tmp_path: Path, kind: str) -> None:
    order = ROWS.copy()
    if kind == "swapped":
        order[[100, 101]] = order[[101, 100]]
    else:
        order = np.random.default_rng(0).permutation(order) if kind == "shuffled" else order[::-1]
    with pytest.raises(SSLKitError, match=r"does not go forward at row .*Sort them by time"):
        load_clock(tmp_path, (order * 0.02).round(4))


def test_t11_machines_in_turn(tmp_path: Path) -> None:
    frame = frame_of(900, m=np.tile(["M1", "M2", "M3"], 300), t=(np.arange(900) // 3 * 0.1).round(3))
    frame["n"] = np.arange(900) // 3 + 1000 * (np.arange(900) % 3)
    path = folder_of(tmp_path, frame) / "0.csv"
    for settings in ({"group": "m"}, {"recording": "m"}, {"group": "m", "time": "t"}):
        dataset = load(path, **settings)
        assert starts_of(dataset) == [1000 * m + s for m in range(3) for s in range(0, 291, 5)]
        assert "put in the order of their recordings or groups" in said_of(dataset)
    assert dataset.spec.rate_hz == pytest.approx(10)
