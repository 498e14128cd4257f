"""Golden facts against what is found now: equal to the bit where the environment is, within tolerances elsewhere.

The tolerances were chosen by pretending to be other machines: the same runs with the kernels of AVX2 and of SSE4.1 in
torch, oneDNN and the BLAS. In 8 steps of float32

- losses moved by up to 1e-5 of their size, norms of gradients by 7e-4: 1e-3 and 1e-2 are allowed. A draw of another
  crop, or a learning rate half as high again, moves them by far more;
- tensors whose true gradient is zero (a bias before BatchNorm, the keys' bias of attention) are moved by Adam along
  the sign of rounding errors, by up to the learning rate in every step: hence the absolute part for tensors. Running
  means of such gradients are noise, and small beside the others;
- bfloat16 keeps 8 bits, and another order of sums moves losses by 1 % and gradients by 3 %.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.golden.measuring import Facts, digests_of

TEST_SAMPLES = 24
COUNTED = ("accuracy", "balanced_accuracy", "knn_accuracy", "contrastive_accuracy")
ONE_SAMPLE = 1 / TEST_SAMPLES + 1e-6
MOST_SAMPLES = 0.25  # what a single share may move by: another C or another best state is chosen
STRAYING = 0.1  # share of the counted figures that may move by more than one test sample
GEOMETRY = 0.03  # feature_std, effective_rank, uniformity, alignment: measured up to 0.006
MOST_GEOMETRY = 0.1  # what a few of them may move by: an effective rank of 5.6 became 5.9 by PyTorch 2.6
EXACT = ("step", "epoch", "tau", "learning_rate")


@dataclass(frozen=True)
class Tolerances:
    """What another machine may differ by, relative unless said otherwise.

    Attributes:
        loss, gradient: of each step; the spread of projections counts as a loss.
        tensor, tensor_absolute: of lengths and means of weights.
        memory, memory_of_largest: of the optimiser's running means; absolute: a share of the longest one.
        features: of the largest feature.
    """

    loss: float = 1e-3
    gradient: float = 1e-2
    tensor: float = 0.02
    tensor_absolute: float = 0.05
    memory: float = 0.05
    memory_of_largest: float = 0.01
    features: float = 0.03


FLOAT32 = Tolerances()
BFLOAT16 = Tolerances(0.03, 0.15, 0.05, 0.05, 0.3, 0.1, 0.05)


def problems(golden: Facts, found: Facts, exact: bool, allowed: Tolerances = FLOAT32) -> list[str]:
    """What of a pre-training is not as it was, in words; ``exact`` asks for the same bits."""
    moved = []
    if golden["identity"] != found["identity"]:
        moved.append(f"identity: {golden['identity']} → {found['identity']}")
    if exact:
        moved += _unequal(digests_of(golden), digests_of(found))
    moved += _steps(golden["steps"], found["steps"], allowed)
    moved += _tensors(golden, found, allowed)
    moved += _features(golden["features"]["values"], found["features"]["values"], allowed.features)
    return moved


def _unequal(golden: Any, found: Any, where: str = "") -> Iterator[str]:
    """Leaves of nested mappings and lists that are not equal to the bit."""
    if isinstance(golden, Mapping) and isinstance(found, Mapping):
        for key in {**golden, **found}:
            yield from _unequal(golden.get(key), found.get(key), f"{where}.{key}".lstrip("."))
    elif isinstance(golden, list) and isinstance(found, list) and len(golden) == len(found):
        for number, pair in enumerate(zip(golden, found, strict=True)):
            yield from _unequal(*pair, f"{where}[{number}]")
    elif golden != found:
        yield f"{where}, to the bit: {golden} → {found}"


def _steps(golden: Sequence[Facts], found: Sequence[Facts], allowed: Tolerances) -> Iterator[str]:
    if [sorted(line) for line in golden] != [sorted(line) for line in found]:
        yield f"lines of metrics.jsonl: {golden} → {found}"
        return
    for before, after in zip(golden, found, strict=True):
        for name, value in before.items():
            relative, absolute = _of_figure(name, allowed)
            if not near(value, after[name], relative, absolute):
                yield f"step {before['step']}, {name}: {value} → {after[name]}"


def _of_figure(name: str, allowed: Tolerances) -> tuple[float, float]:
    """Relative and absolute tolerance of a figure of ``metrics.jsonl``."""
    if name in EXACT:
        return 1e-9, 0.0
    if name in COUNTED:
        return 0.0, MOST_SAMPLES
    if name == "gradient_norm":
        return allowed.gradient, 0.0
    return (allowed.loss, 0.0) if name in ("loss", "projection_std") else (GEOMETRY, GEOMETRY)


def _tensors(golden: Facts, found: Facts, allowed: Tolerances) -> Iterator[str]:
    for name in {**golden["networks"], **found["networks"]}:
        before, after = (facts["networks"].get(name, {}).get("tensors", {}) for facts in (golden, found))
        yield from _summaries(name, before, after, allowed.tensor, allowed.tensor_absolute)
    before, after = golden["optimiser"]["tensors"], found["optimiser"]["tensors"]
    for kind in sorted({name.rpartition(".")[2] for name in before}):
        some = {name: value for name, value in before.items() if name.endswith(kind)}
        longest = max(length for length, _ in some.values())
        now = {name: value for name, value in after.items() if name.endswith(kind)}
        yield from _summaries("optimiser", some, now, allowed.memory, allowed.memory_of_largest * longest)


def _summaries(
    where: str, golden: Mapping[str, Any], found: Mapping[str, Any], relative: float, absolute: float
) -> Iterator[str]:
    """Lengths and means; a mean may move by what its tensor's length may."""
    if golden.keys() != found.keys():
        yield f"{where}: names of tensors: {sorted(golden.keys() ^ found.keys())}"
        return
    for name, (length, mean) in golden.items():
        slack = absolute + relative * abs(length)
        if abs(found[name][0] - length) > slack or abs(found[name][1] - mean) > slack:
            yield f"{where}.{name}: length and mean {[length, mean]} → {found[name]}"


def _features(golden: list[list[float]], found: list[list[float]], share: float) -> Iterator[str]:
    slack = share * max(abs(value) for row in golden for value in row)
    for number, (before, after) in enumerate(zip(golden, found, strict=True)):
        if len(before) != len(after):
            yield f"features of sample {number}: {len(before)} → {len(after)} of them"
        elif any(abs(old - new) > slack for old, new in zip(before, after, strict=True)):
            yield f"features of sample {number}: {before} → {after}"


def near(old: Any, new: Any, relative: float, absolute: float = 0.0) -> bool:
    """Equal, or numbers that differ by no more than that."""
    if old == new or isinstance(old, str):
        return old == new
    return abs(old - new) <= absolute + relative * abs(old)


def table_problems(golden: Path, found: Path, exact: bool) -> list[str]:
    """What of a ``results.csv`` is not as it was.

    Elsewhere: the same rows; figures of the features' geometry within 3 %, a tenth of them within 10 %; shares of the
    24 test samples within one sample, but for a tenth of them, for the evaluators choose (a strength, a state) by few
    validation labels.
    """
    if exact:
        return _unequal_lines(golden.read_text(), found.read_text())
    before, after = _rows(golden), _rows(found)
    if list(before) != list(after):
        return [f"rows: {sorted(before.keys() ^ after.keys())}"]
    counted = [key for key in before if key[1] in COUNTED]
    straying = [key for key in counted if abs(before[key] - after[key]) > ONE_SAMPLE]
    wrong = straying if len(straying) > STRAYING * len(counted) else []
    wrong += [key for key in straying if abs(before[key] - after[key]) > MOST_SAMPLES]
    geometry = before.keys() - set(counted)
    moved = [key for key in geometry if not near(before[key], after[key], GEOMETRY, GEOMETRY)]
    wrong += moved if len(moved) > STRAYING * len(geometry) else []
    wrong += [key for key in moved if not near(before[key], after[key], MOST_GEOMETRY, MOST_GEOMETRY)]
    return [f"{key}: {before[key]} → {after[key]}" for key in dict.fromkeys(wrong)]


def _unequal_lines(golden: str, found: str) -> list[str]:
    before, after = golden.splitlines(), found.splitlines()
    changed = [f"{old} → {new}" for old, new in zip(before, after, strict=False) if old != new]
    return changed + [f"{len(before)} → {len(after)} lines"] * (len(before) != len(after))


def _rows(path: Path) -> dict[tuple[str, str], float]:
    """(all that says which figure it is, metric) → value."""
    found = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            value, metric = float(row.pop("value")), row["metric"]
            found[" ".join(row.values()), metric] = value
    return found
