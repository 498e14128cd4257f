"""What machines and people write: each row of the list of inputs, with the right value."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pytest
from pyarrow import parquet

from sslkit.data.sources.sensor_table import SensorTable
from sslkit.data.splits import split, split_for_training
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Part

RANDOM = np.random.default_rng(0)


def _frame(rows: int, **columns: Any) -> pd.DataFrame:
    """A counter ``n`` and noise ``x``, ``y``, with other columns."""
    noise = {name: RANDOM.standard_normal(rows).round(4) for name in ("x", "y")}
    return pd.DataFrame({"n": np.arange(rows), **noise, **columns})


def _load(path: Path, length: int = 10, channels: Sequence[str] = ("n", "x"), **settings: Any) -> Dataset:
    return SensorTable(str(path), list(channels), length, **settings).load()


def _folder(tmp_path: Path, *frames: pd.DataFrame, **writing: Any) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    for number, frame in enumerate(frames):
        frame.to_csv(folder / f"{number}.csv", index=False, **writing)
    return folder


def _said(dataset: Dataset) -> str:
    return "\n".join(map(str, dataset.notes))


def _labels(dataset: Dataset, part: Part | None = None) -> list[str]:
    part = part or dataset.train
    return [dataset.class_names[y] if y >= 0 else "" for y in part.y]


def _starts(dataset: Dataset, part: Part | None = None) -> list[int]:
    part = part or dataset.train
    return [int(n) for n in part.x[np.arange(len(part))][:, 0, 0]]


def test_t1_persons_are_one_across_files(tmp_path: Path) -> None:
    persons = (["1"] * 20 + ["2"] * 20, ["1.0"] * 20 + ["2.0"] * 20, ["1"] * 20 + ["01"] * 20)
    folder = _folder(tmp_path, *(_frame(40, who=p) for p in persons))
    dataset = _load(folder, group="who", stride=10)
    assert dataset.group_names == ("01", "1", "2")
    assert dataset.train.groups is not None
    assert dataset.train.groups.tolist() == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 0, 0]
    assert "01 / 1" in _said(dataset)
    typed = pyarrow.table({"n": np.arange(20), "x": np.arange(20.0) ** 1.5, "who": [1.0] * 20})
    parquet.write_table(typed, folder / "3.parquet")
    assert _load(folder, group="who", stride=10).group_names == ("01", "1", "2")


def test_t2_labels_are_one_across_files(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path,
        _frame(40, what=np.repeat([1, 2], 20)),
        _frame(40, what=[""] * 10 + ["1"] * 30),
        _frame(40, what=["unknown"] * 20 + ["1.0"] * 20),
    )
    dataset = _load(folder, label="what", stride=10)
    assert dataset.class_names == ("1", "2", "unknown")
    assert _labels(dataset) == ["1", "1", "2", "2", "", "1", "1", "1", "unknown", "unknown", "1", "1"]


def test_t3_what_means_unknown(tmp_path: Path) -> None:
    path = _folder(tmp_path, _frame(80, what=np.repeat(["walk", "NA", "run", "0"], 20))) / "0.csv"
    dataset = _load(path, label="what", stride=10)
    assert dataset.class_names == ("0", "run", "walk") and _labels(dataset)[2:4] == ["", ""]
    assert "NA: 2" in _said(dataset)
    dataset = _load(path, label="what", stride=10, unknown=["NA", "", 0])
    assert dataset.class_names == ("run", "walk")
    dataset = _load(path, label="what", stride=10, unknown=[])
    assert dataset.class_names == ("0", "NA", "run", "walk")


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_t4_recordings_of_two_rates(tmp_path: Path, order: tuple[str, str]) -> None:
    sizes, rates = {"A": 600, "B": 300}, {"A": 50, "B": 100}
    frames = [
        _frame(sizes[name], rec=name, what=name.lower(), t=(np.arange(sizes[name]) / rates[name]).round(4))
        for name in order
    ]
    path = _folder(tmp_path, pd.concat(frames)) / "0.csv"
    settings: dict[str, Any] = {"recording": "rec", "time": "t", "label": "what"}
    with pytest.raises(SSLKitError, match=r"rates differ, from 50 to 100 Hz .*Set resample_hz: 50"):
        _load(path, **settings)
    dataset = _load(path, stride=10, resample_hz=50.0, **settings)
    assert dataset.spec.rate_hz == 50 and sorted(set(_labels(dataset))) == ["a", "b"]
    assert (np.array(_labels(dataset)) == "a").sum() == 60 and (np.array(_labels(dataset)) == "b").sum() == 15
    assert "0.csv/B: 100 → 50 Hz" in _said(dataset)


def test_t4_resampling_takes_away_what_the_rate_cannot_hold(tmp_path: Path) -> None:
    t = np.arange(4000) / 1000
    slow, fast = np.sin(2 * np.pi * 5 * t), np.sin(2 * np.pi * 180 * t)  # 180 Hz would become 20 Hz
    path = _folder(tmp_path, pd.DataFrame({"t": t, "x": slow + fast, "y": 20 + slow})) / "0.csv"
    dataset = _load(path, 200, ["x", "y"], time="t", resample_hz=200.0, stride=200)
    x = dataset.train.x[np.arange(len(dataset.train))].numpy()
    expected = np.sin(2 * np.pi * 5 * np.arange(800) / 200).reshape(4, 200)
    np.testing.assert_allclose(x[1:3, 0], expected[1:3], atol=0.02)
    np.testing.assert_allclose(x[:, 1], expected + 20, atol=0.02)  # no jump to 0 at the ends


def test_t5_a_class_that_is_lost_is_named(tmp_path: Path) -> None:
    what = np.concatenate([np.r_[["walk"] * 200, ["fall"] * 40, ["run"] * 200] for _ in range(3)])
    path = _folder(tmp_path, _frame(len(what), what=what)) / "0.csv"
    dataset = _load(path, 64, label="what")
    assert dataset.class_names == ("run", "walk")
    assert "class(es) have no window and are lost (fall: 120 rows in 3 stretches of up to 40 rows)" in _said(
        dataset
    )
    assert "length: 40 keeps them, or short: majority, or short: pad." in _said(dataset)
    assert "fall" in _load(path, 40, label="what").class_names
    padded = _load(path, 64, label="what", short="pad")
    assert _labels(padded).count("fall") == 3 and "padded by their mirror image" in _said(padded)
    window = padded.train.x[np.flatnonzero(np.array(_labels(padded)) == "fall")[:1]][0, 0].numpy()
    assert window.tolist() == [*range(200, 240), *range(239, 215, -1)]
    most = _load(path, 64, label="what", short="majority", stride=8)
    rows = [what[s : s + 64].tolist() for s in range(0, len(what) - 63, 8)]
    assert _labels(most) == [max(sorted(set(row)), key=row.count) for row in rows]
    assert "fall" in most.class_names and "more than one label" in _said(most)


@pytest.mark.parametrize("offset, step", [(1.7e9, 0.01), (1e7, None)])
def test_t6_what_float32_cannot_hold(tmp_path: Path, offset: float, step: float | None) -> None:
    own = np.arange(400) * step if step else RANDOM.standard_normal(400)
    path = _folder(tmp_path, pd.DataFrame({"x": offset + own, "y": RANDOM.standard_normal(400)})) / "0.csv"
    with pytest.raises(SSLKitError, match=r"float32.*'x'.*Set subtract: \{x: (17|1)0*\}") as error:
        _load(path, 64, ["x", "y"])
    number = float(str(error.value).split("subtract: {x: ")[1].split("}")[0])
    dataset = _load(path, 64, ["x", "y"], subtract={"x": number}, stride=64)
    np.testing.assert_allclose(
        dataset.train.x[np.arange(6)][:, 0].numpy().ravel(), (offset + own)[:384] - number, atol=1e-5
    )
    assert f"(less {number:.15g})" in dataset.facts["channels"]


def test_t7_negative_labels(tmp_path: Path) -> None:
    path = _folder(tmp_path, _frame(60, what=np.repeat([-1, 0, 1], 20))) / "0.csv"
    dataset = _load(path, label="what", stride=10)
    assert dataset.class_names == ("0", "1") and "If -1 is a class (as in left, none, right)" in _said(
        dataset
    )
    assert _load(path, label="what", unknown=[]).class_names == ("-1", "0", "1")
    path = _folder(tmp_path, _frame(60, what=np.repeat([-2, 0, 1], 20))) / "0.csv"
    with pytest.raises(SSLKitError, match="negative"):
        _load(path, label="what")


def _clock(tmp_path: Path, stamps: Any, length: int = 10, **settings: Any) -> Dataset:
    path = _folder(tmp_path, _frame(len(stamps), t=stamps)) / "0.csv"
    return _load(path, length, time="t", **settings)


ROWS = np.arange(600)
EPOCH = 1_700_000_000


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
    dataset = _clock(tmp_path, stamps, **settings)
    assert dataset.spec.rate_hz == pytest.approx(rate, rel=1e-4)
    assert len(dataset.train) == len(range(0, 591, 5)) and "gap" not in _said(dataset)


def test_t8_mean_rates_are_exact(tmp_path: Path) -> None:
    assert _clock(tmp_path, np.round(ROWS / 80, 3)).spec.rate_hz == 80
    assert _clock(tmp_path, np.round(ROWS / 300, 3), rate_hz=300.0).spec.rate_hz == 300
    assert _clock(tmp_path, EPOCH * 1000 + np.round(ROWS * 1000 / 128).astype(int)).spec.rate_hz == 128


@pytest.mark.parametrize(
    "stamps, advice",
    [(ROWS * 20, r"time_unit: s \(0.05 Hz\), ms \(50 Hz\)"), (44_000 + ROWS * 600 / 86_400, "in which unit")],
)
def test_t8_units_are_asked_for(tmp_path: Path, stamps: Any, advice: str) -> None:
    with pytest.raises(SSLKitError, match=advice):
        _clock(tmp_path, stamps)


def test_t8_units_as_they_are_named(tmp_path: Path) -> None:
    assert _clock(tmp_path, ROWS * 20, time_unit="ms").spec.rate_hz == 50
    frame = _frame(600).assign(**{"t [ms]": ROWS * 20})
    dataset = _load(_folder(tmp_path, frame) / "0.csv", time="t [ms]")
    assert dataset.spec.rate_hz == 50 and "are taken as ms: by its name" in _said(dataset)
    (tmp_path / "u.csv").write_text("t,n,x\nms,-,V\n" + "".join(f"{i * 20},{i},{i % 7}\n" for i in range(60)))
    dataset = _load(tmp_path / "u.csv", time="t")
    assert dataset.spec.rate_hz == 50 and "x 0…6 V" in dataset.facts["channels"]


def test_t9_bursts_and_rows_with_one_stamp(tmp_path: Path) -> None:
    bursts = _clock(tmp_path, ROWS % 100 / 1000 + ROWS // 100)
    assert bursts.spec.rate_hz == pytest.approx(1000) and len(bursts.train) == 6 * len(range(0, 91, 5))
    assert "5 of 599 step(s) from row to row are gaps (0.8%)" in _said(bursts)
    packets = _clock(tmp_path, ROWS // 10 * 0.1)
    assert packets.spec.rate_hz == pytest.approx(100) and len(packets.train) == len(range(0, 591, 5))
    assert "540 of 600 row(s) share their stamp" in _said(packets)
    fast = _clock(tmp_path, np.floor(ROWS / 2) / 1000)  # 2 kHz in whole ms
    assert fast.spec.rate_hz == pytest.approx(2000) and len(fast.train) == len(range(0, 591, 5))


def test_t9_uneven_and_lost_rows(tmp_path: Path) -> None:
    jitter = np.cumsum(np.random.default_rng(1).integers(8, 33, 600)) / 1000
    dataset = _clock(tmp_path, jitter)
    assert dataset.spec.rate_hz == pytest.approx(50, rel=0.03)
    assert "set resample_hz" in _said(dataset) and "max_gap" in _said(dataset)
    passed = _clock(tmp_path, jitter, max_gap=0.04)
    assert len(passed.train) == len(range(0, 591, 5)) and "take their rows as evenly spaced" in _said(passed)
    with pytest.raises(
        SSLKitError, match=r"600 rows are in stretches shorter than 40 .*Set resample_hz: .* max_gap"
    ):
        _clock(tmp_path, jitter, 40)
    even = _clock(tmp_path, jitter, resample_hz=50.0)
    assert even.spec.rate_hz == 50 and len(even.train) == pytest.approx((jitter[-1] * 50 - 10) / 5, abs=3)
    lost = np.delete(np.arange(660) * 0.02, np.random.default_rng(2).choice(658, 60, replace=False) + 1)
    with pytest.raises(SSLKitError, match=r"the longest stretch .*set max_gap .* or resample_hz"):
        _clock(tmp_path, lost, 100)
    even = _clock(tmp_path, lost, 100, resample_hz=50.0)
    assert even.spec.rate_hz == 50 and "are bridged by straight lines" in _said(even)
    n = even.train.x[np.arange(len(even.train))][:, 0].numpy()
    assert (np.diff(n, axis=1) > 0).all()


def test_t9_rows_that_are_there_twice(tmp_path: Path) -> None:
    frame = _frame(600, t=(ROWS * 0.02).round(4))
    again = frame.iloc[np.sort(np.r_[ROWS, 100, 300])]
    dataset = _load(_folder(tmp_path, again) / "0.csv", time="t")
    assert _starts(dataset) == list(range(0, 591, 5)) and "2 of 602 row(s) are there twice" in _said(dataset)


def test_t10_a_clock_set_back_begins_a_recording(tmp_path: Path) -> None:
    times = pd.Timestamp("2023-10-29 02:59:55") + pd.to_timedelta(np.arange(600) * 0.02, "s")
    back = times.where(times < pd.Timestamp("2023-10-29 03:00:00"), times - pd.Timedelta("1h"))
    stamps = back.strftime("%Y-%m-%d %H:%M:%S.%f")
    dataset = _clock(tmp_path, stamps)
    assert "recording(s) begin where a clock is set back" in _said(dataset)
    assert "row 252 (1 h back)" in _said(dataset)
    assert _starts(dataset) == [*range(0, 241, 5), *range(250, 591, 5)]
    counter = _frame(600, t=np.concatenate([np.arange(200) * 0.02] * 3))
    dataset = _load(_folder(tmp_path, counter) / "0.csv", time="t")
    assert dataset.group_names == ("0.csv", "0.csv (part 2)", "0.csv (part 3)")


@pytest.mark.parametrize("kind", ["swapped", "shuffled", "backward"])
def test_t10_rows_out_of_order_are_refused(tmp_path: Path, kind: str) -> None:
    order = ROWS.copy()
    if kind == "swapped":
        order[[100, 101]] = order[[101, 100]]
    else:
        order = np.random.default_rng(0).permutation(order) if kind == "shuffled" else order[::-1]
    with pytest.raises(SSLKitError, match=r"does not go forward at row .*Sort them by time"):
        _clock(tmp_path, (order * 0.02).round(4))


def test_t11_machines_in_turn(tmp_path: Path) -> None:
    frame = _frame(900, m=np.tile(["M1", "M2", "M3"], 300), t=(np.arange(900) // 3 * 0.1).round(3))
    frame["n"] = np.arange(900) // 3 + 1000 * (np.arange(900) % 3)
    path = _folder(tmp_path, frame) / "0.csv"
    for settings in ({"group": "m"}, {"recording": "m"}, {"group": "m", "time": "t"}):
        dataset = _load(path, **settings)
        assert _starts(dataset) == [1000 * m + s for m in range(3) for s in range(0, 291, 5)]
        assert "put in the order of their recordings or groups" in _said(dataset)
    assert dataset.spec.rate_hz == pytest.approx(10)


def test_t12_all_tables_of_a_folder(tmp_path: Path) -> None:
    frame = _frame(20, who="w")
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
    dataset = _load(tmp_path, stride=10)
    assert dataset.group_names == tuple(sorted(names)) and len(dataset.train) == 2 * len(names)
    assert "1 file(s) are no tables and are left out (notes.pdf)" in _said(dataset)
    assert "1 of 10 text file(s) are left out (README.txt): they have none of the columns" in _said(dataset)


def test_t13_dialects_give_the_same_windows(tmp_path: Path) -> None:
    frame = _frame(60, t=(np.arange(60) * 0.02).round(4), what=np.repeat(["go", "stop"], 30))
    frame.to_csv(tmp_path / "plain.csv", index=False)
    settings: dict[str, Any] = {"time": "t", "label": "what"}
    plain = _load(tmp_path / "plain.csv", **settings)
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
        dataset = _load(tmp_path / name, **settings)
        index = np.arange(len(plain.train))
        assert (dataset.train.x[index] == plain.train.x[index]).all(), name
        assert _labels(dataset) == _labels(plain)
    dataset = _load(_folder(tmp_path, frame, header=False) / "0.csv", channels=["column_1", "column_2"])
    assert (dataset.train.x[np.arange(9)] == _load(tmp_path / "plain.csv").train.x[np.arange(9)]).all()


def test_t14_western_labels_and_names(tmp_path: Path) -> None:
    frame = _frame(40, wie=np.repeat(["fährt", "steht"], 20)).rename(columns={"x": "T [°C]"})
    frame.to_csv(tmp_path / "a.csv", index=False, encoding="cp1252")
    dataset = _load(tmp_path / "a.csv", channels=["n", "T [°C]"], label="wie")
    assert dataset.class_names == ("fährt", "steht") and "read as cp1252" in _said(dataset)


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
    dataset = _clock(tmp_path, stamps)
    assert dataset.spec.rate_hz == pytest.approx(50, rel=1e-6) and _starts(dataset) == list(range(0, 391, 5))
    assert "gap" not in _said(dataset)


def test_t15_typed_times_and_two_columns(tmp_path: Path) -> None:
    frame = _frame(400, t=TIMES.tz_localize("Europe/Berlin"), d=TIMES - TIMES[0])
    frame.to_parquet(tmp_path / "a.parquet")
    for name in ("t", "d"):
        assert _load(tmp_path / "a.parquet", time=name).spec.rate_hz == pytest.approx(50)
    frame = _frame(400, Date=TIMES.strftime("%d.%m.%Y"), Time=TIMES.strftime("%H:%M:%S.%f"))
    path = _folder(tmp_path, frame) / "0.csv"
    assert _load(path, time=["Date", "Time"]).spec.rate_hz == pytest.approx(50)


def test_t15_day_and_month_are_asked_for(tmp_path: Path) -> None:
    stamps = (TIMES - pd.Timedelta("20D")).strftime("%d/%m/%Y %H:%M:%S.%f")  # 5 and 6 March
    with pytest.raises(SSLKitError, match=r"is the day first, or the month\? Set day_first"):
        _clock(tmp_path, stamps)
    assert len(_clock(tmp_path, stamps, day_first=True).train) == len(range(0, 391, 5))
    assert len(_clock(tmp_path, stamps, day_first=False).train) < len(range(0, 391, 5))  # a month between
    with pytest.raises(SSLKitError, match=r"no stamp like the others \('gestern'\) at row 9"):
        _clock(
            tmp_path,
            [*TIMES.strftime("%d.%m.%Y %H:%M:%S.%f")[:7], "gestern", *TIMES.strftime("%d.%m.%Y %H:%M:%S")],
        )


def test_t16_one_recording_without_labels(tmp_path: Path) -> None:
    path = _folder(tmp_path, _frame(400)) / "0.csv"
    parts = split_for_training(_load(path))
    assert len(parts.train) and len(parts.validation) and not len(parts.test)
    assert parts.indices[1].min() > parts.indices[0].max()


def test_t17_own_parts(tmp_path: Path) -> None:
    frame = _frame(90, part=np.repeat(["Train", "dev", "TEST"], 30), what=np.tile(np.repeat([0, 1], 15), 3))
    path = _folder(tmp_path, frame) / "0.csv"
    dataset = _load(path, split="part", label="what", stride=5)
    assert dataset.test is not None and dataset.validation is not None
    assert _starts(dataset) == [0, 5, 15, 20] and _starts(dataset, dataset.validation) == [30, 35, 45, 50]
    assert _starts(dataset, dataset.test) == [60, 65, 75, 80]
    parts = split(dataset)
    assert [len(part) for part in (parts.train, parts.validation, parts.test)] == [4, 4, 4]
    with pytest.raises(SSLKitError, match="'holdme' in row 2; it is train"):
        _load(_folder(tmp_path, frame.assign(part="holdme")) / "0.csv", split="part")
    for name in ("a", "b", "c"):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    dataset = _load(
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
    dataset = _load(tmp_path / "folders", label="what")
    assert dataset.test is not None and "folders' names are taken for the parts" in _said(dataset)


def test_t18_labels_from_events(tmp_path: Path) -> None:
    frame = _frame(500, t=(EPOCH + np.arange(500) * 0.02).round(3))
    folder = _folder(tmp_path, frame)
    events = tmp_path / "events.csv"
    events.write_text(f"start,end,label\n{EPOCH + 1},{EPOCH + 3},walk\n{EPOCH + 3},{EPOCH + 5},run\n")
    dataset = _load(folder, time="t", events=str(events))
    expected = dict.fromkeys(range(50, 141, 5), "walk") | dict.fromkeys(range(150, 241, 5), "run")
    assert _labels(dataset) == [expected.get(s, "") for s in _starts(dataset)]
    assert "300 of 500 row(s) are in no event and have no label" in _said(dataset)
    events.write_text("onset;duration;trial_type\n1,0;2,0;walk\n3,0;2,0;run\n")  # seconds from the start
    assert _labels(_load(folder, time="t", events=str(events))) == _labels(dataset)
    assert _labels(_load(folder, rate_hz=50.0, events=str(events))) == _labels(dataset)
    named = {"path": str(events), "start": "onset", "duration": "duration", "label": "trial_type"}
    assert _labels(_load(folder, time="t", events=named)) == _labels(dataset)
    with pytest.raises(SSLKitError, match="label and events are both set"):
        _load(folder, label="n", events=str(events))
    events.write_text(f"start,end,label\n{EPOCH + 1},{EPOCH + 3},walk\n{EPOCH + 2},{EPOCH + 5},run\n")
    with pytest.raises(SSLKitError, match=r"rows 2 \('walk'\) and 3 \('run'\) overlap"):
        _load(folder, time="t", events=str(events))
    events.write_text("start,end,label\n10,20,walk\n2000,3000,run\n")
    with pytest.raises(SSLKitError, match="none of 2 events lies in a recording"):
        _load(folder, time="t", events=str(events))


def test_t18_events_of_several_recordings(tmp_path: Path) -> None:
    folder = _folder(tmp_path, *(_frame(300, t=(np.arange(300) * 0.02).round(3)) for _ in range(3)))
    events = tmp_path / "events.csv"
    events.write_text("file,start,end,label\n0.csv,0,2,a\n1,2,4,b\n2.csv,4,6,c\n9.csv,0,1,d\n")
    dataset = _load(folder, time="t", events=str(events))
    groups, labels = dataset.train.groups, np.array(_labels(dataset))
    assert groups is not None and dataset.class_names == ("a", "b", "c")
    for number, name in enumerate("abc"):
        assert set(labels[groups == number]) == {"", name}
    assert "1 of 4 event(s) hold no row (row 5: d)" in _said(dataset)
    events.write_text("start,end,label\n0,2,a\n")
    with pytest.raises(SSLKitError, match="a column that names the recording"):
        _load(folder, time="t", events=str(events))


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
    assert len(_load(tmp_path / "a.parquet").train) == len(range(0, 51, 5)) and asked == [["n", "x"]]


def test_all_bad_files_are_listed_with_their_rows(tmp_path: Path) -> None:
    folder = _folder(tmp_path, *(_frame(20) for _ in range(14)))
    (folder / "3.csv").write_text("n,x\n1,2\n1\n3,4\n")
    (folder / "5.csv").write_text("n,x\n1,2\n1,oops\n3,4\n")
    for name in ("7.csv", "8.csv"):
        (folder / name).write_text("n,X\n1,2\n")
    with pytest.raises(SSLKitError) as error:
        _load(folder)
    message = str(error.value)
    assert "2 of 14 files have no column 'x' (7.csv, 8.csv). The first: Did you mean 'X'?" in message
    assert "3.csv: 1 row(s) have not 2 fields" in message and "row 3 has 1" in message
    for name in ("3.csv", "7.csv", "8.csv"):
        (folder / name).unlink()
    (folder / "6.csv").write_text("n,x\n1,2\n1,3\n3,bad\n")
    with pytest.raises(
        SSLKitError, match=r"2 problems with 11 file(.|\n)*5.csv.*'oops' in row 3(.|\n)*6.csv.*'bad' in row 4"
    ):
        _load(folder)
