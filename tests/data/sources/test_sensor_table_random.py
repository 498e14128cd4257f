"""Random tables in many dialects, encodings, stamps, identifiers and gaps, against a computation of pandas."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sslkit.data.sources.sensor_table import SensorTable
from sslkit.types import Dataset

QUICK, ALL = 40, 500
LABELS = {"words": ["go", "fährt", "stop"], "numbers": [3, 1, 20], "sparse": ["go", "", "NA"]}
PERSONS = {"words": ["ann", "Ben", "çelik"], "numbers": [1, 2, 30], "zeros": ["01", "002", "3"]}


STAMPS = ("none", "s", "ms", "epoch s", "epoch ms", "epoch ns", "iso", "iso zone", "german", "us", "named")


@dataclass
class Case:
    """One table: what it holds (recording, person, label, x, y, tick of each row), and how it is written."""

    frame: pd.DataFrame
    settings: dict[str, Any]
    length: int
    stride: int
    rate: int
    writing: dict[str, Any] = field(default_factory=dict)
    stamps: list[Any] = field(default_factory=list)
    person_as_float: bool = False
    before: str = ""
    between: str = ""


def _runs(random: np.random.Generator, values: list[Any], count: int) -> np.ndarray:
    """Values in stretches of different lengths."""
    found: list[Any] = []
    while len(found) < count:
        found += [values[random.integers(len(values))]] * int(random.integers(5, 60))
    return np.array(found[:count], dtype=object)


def _frame(random: np.random.Generator, rate: int) -> pd.DataFrame:
    labels = LABELS[random.choice(list(LABELS))]
    persons = PERSONS[random.choice(list(PERSONS))]
    pieces = []
    for number in range(int(random.integers(1, 5))):
        rows = int(random.integers(30, 200))
        steps = np.ones(rows, dtype=int)
        steps[random.random(rows) < random.choice([0, 0.02])] += int(random.integers(2, 500))
        piece = {
            "recording": f"r{number}",
            "person": persons[random.integers(len(persons))],
            "label": _runs(random, labels, rows),
            "x": random.normal(size=rows).round(4),
            "y": (random.normal(size=rows) * 100).round(2),
            "tick": np.cumsum(steps),
        }
        pieces.append(pd.DataFrame(piece))
    return pd.concat(pieces, ignore_index=True)


def _stamps(
    random: np.random.Generator, frame: pd.DataFrame, rate: int, settings: dict[str, Any]
) -> list[Any]:
    """The rows' ticks (1 / rate seconds each) as one of many kinds of stamps."""
    kind = random.choice(
        ["none", "s", "ms", "epoch s", "epoch ms", "epoch ns", "iso", "iso zone", "german", "us", "named"]
    )
    ticks = frame["tick"].to_numpy()
    if kind == "none":
        frame["tick"] = np.arange(len(frame))  # without a clock there are no gaps
        settings["rate_hz"] = float(rate)
        return []
    settings["time"] = "when"
    ns = ticks * (10**9 // rate)
    base = 1_700_000_000 * 10**9
    times = pd.to_datetime(base + ns)
    if kind in ("s", "epoch s"):
        whole = ns + (base if kind == "epoch s" else 0)
        return [f"{n // 10**9}.{n % 10**9 // 1000:06d}" for n in whole.tolist()]
    if kind == "ms":
        settings["time_unit"] = "ms"
        return (ns // 10**6).tolist()
    if kind == "epoch ms":
        return ((base + ns) // 10**6).tolist()
    if kind == "epoch ns":
        return (base + ns).tolist()
    if kind == "named":
        settings["time"] = "when_ms"
        return (ns // 10**6).tolist()
    if kind == "us":
        return times.strftime("%m/%d/%Y %I:%M:%S.%f %p").tolist()
    if kind == "german":
        return times.strftime("%d.%m.%Y %H:%M:%S,%f").tolist()
    return [time.isoformat() + ("+01:00" if kind == "iso zone" else "") for time in times]


def _writing(random: np.random.Generator) -> dict[str, Any]:
    separator = str(random.choice([",", ";", "\t", "|"]))
    decimal = "," if separator != "," and random.random() < 0.5 else "."
    encoding = str(random.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    return {
        "sep": separator,
        "decimal": decimal,
        "encoding": encoding,
        "lineterminator": str(random.choice(["\n", "\r\n"])),
        "quoting": int(random.choice([0, 2])),  # where needed, or all text
    }


def _case(seed: int) -> Case:
    random = np.random.default_rng(seed)
    rate = int(random.choice([10, 20, 50, 100, 125]))
    frame = _frame(random, rate)
    settings: dict[str, Any] = {"recording": "recording", "group": "person", "label": "label"}
    stamps = _stamps(random, frame, rate, settings)
    length = int(random.integers(4, 20))
    return Case(
        frame,
        settings,
        length,
        int(random.integers(1, 2 * length)),
        rate,
        _writing(random),
        stamps,
        bool(random.random() < 0.5),
        str(random.choice(["", "", "# recorded in May\n", "Logger 3\n\n"])),
        str(random.choice(["", "", "units"])),
    )


def _write(case: Case, folder: Path) -> None:
    """A file for each half of the recordings, each in another order of columns."""
    table = case.frame.drop(columns="tick")
    numeric = case.person_as_float and all(isinstance(p, int) for p in table["person"])
    if case.stamps:
        table[case.settings["time"]] = case.stamps
    numbers = table["recording"].str[1:].astype(int)
    for half, part in table.groupby(numbers % 2):
        if half and numeric:
            part = part.assign(person=part["person"].astype(float).astype(str))
        text = part.to_csv(index=False, **{k: v for k, v in case.writing.items() if k != "encoding"})
        if case.between:
            first, rest = text.split(case.writing["lineterminator"], 1)
            unit = case.writing["sep"].join("V" if name in ("x", "y") else "-" for name in part.columns)
            text = case.writing["lineterminator"].join([first, unit, rest])
        content = (case.before + text).encode(case.writing["encoding"])
        (folder / f"{half}.csv").write_bytes(content)


def _canonical(value: object) -> str:
    return str(value).strip()


def _expected(case: Case) -> Iterator[tuple[np.ndarray, str, str]]:
    """Window, label and person of each window, by pandas."""
    frame = case.frame.copy()
    frame["file"] = frame["recording"].str[1:].astype(int) % 2
    frame["unknown"] = frame["label"].isin(["", "NA"])
    frame["text"] = frame["label"].map(_canonical).where(~frame["unknown"], "")
    for _, file in frame.groupby("file"):
        new = (file[["recording", "person", "text"]] != file[["recording", "person", "text"]].shift()).any(
            axis=1
        )
        gap = file.groupby("recording")["tick"].diff() > 1
        for _, stretch in file.groupby((new | gap).cumsum()):
            for start in range(0, len(stretch) - case.length + 1, case.stride):
                rows = stretch.iloc[start : start + case.length]
                window = rows[["x", "y"]].to_numpy().T.astype(np.float32)
                yield window, rows["text"].iloc[0], _canonical(rows["person"].iloc[0])


def _load(case: Case, folder: Path) -> Dataset:
    return SensorTable(
        str(folder), ["x", "y"], case.length, case.stride, constant_channels="keep", **case.settings
    ).load()


def _check(seed: int, folder: Path) -> None:
    case = _case(seed)
    expected = list(_expected(case))
    if not expected:
        return
    folder.mkdir()
    _write(case, folder)
    dataset = _load(case, folder)
    about = f"seed {seed}: {case.writing}, {case.settings}, {case.stamps[:2]}"
    assert len(dataset.train) == len(expected), about
    x = dataset.train.x[np.arange(len(expected))].numpy()
    assert (x == np.stack([window for window, *_ in expected])).all(), about
    names = [dataset.class_names[y] if y >= 0 else "" for y in dataset.train.y]
    assert names == [label for _, label, _ in expected], about
    assert dataset.train.groups is not None
    groups = [dataset.group_names[group] for group in dataset.train.groups]
    assert groups == [person for *_, person in expected], about
    assert dataset.spec.rate_hz == pytest.approx(case.rate, rel=1e-6), about


def test_random_tables(tmp_path: Path) -> None:
    for seed in range(QUICK):
        _check(seed, tmp_path / str(seed))


@pytest.mark.slow
def test_more_random_tables(tmp_path: Path) -> None:
    for seed in range(QUICK, ALL):
        _check(seed, tmp_path / str(seed))


def test_the_cases_differ() -> None:
    """Each kind of writing is among the quick ones."""
    cases = [_case(seed) for seed in range(QUICK)]
    assert {case.writing["sep"] for case in cases} == {",", ";", "\t", "|"}
    assert {case.writing["encoding"] for case in cases} == {"utf-8", "utf-8-sig", "cp1252", "utf-16"}
    assert {case.writing["decimal"] for case in cases} == {".", ","}
    assert any((case.frame["tick"].diff() > 1).any() for case in cases)
    assert len(set(itertools.chain.from_iterable(case.settings for case in cases))) >= 6
