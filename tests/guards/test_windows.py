"""Overlapping windows are found wherever they were cut, and silence is none."""

from __future__ import annotations

import numpy as np
import pytest

from tests.guards.data import found, inspected, splits_of


def windows(signal: np.ndarray, length: int, stride: int) -> np.ndarray:
    starts = range(0, signal.shape[1] - length + 1, stride)
    return np.stack([signal[:, start : start + length] for start in starts])


@pytest.mark.parametrize(("length", "stride"), [(128, 64), (128, 96), (64, 7), (33, 16), (2000, 1000)])
@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_overlapping_windows_cut_at_random_are_found(length: int, stride: int, dtype: type) -> None:
    random = np.random.default_rng(length)
    signal = (1000 * random.normal(size=(3, length + stride * 119)).cumsum(axis=1)).astype(dtype)
    order = random.permutation(120)
    x = windows(signal, length, stride)[order]
    x = x if dtype == np.float32 else x[:, 0]  # sensor windows, or sound
    result = inspected(splits_of(x[:80], x[80:100], x[100:]), 1.0)
    reach = (length - 2 * min(16, length // 4)) // stride  # how many windows on an overlap is looked for
    leaked = sum(np.abs(order[:100] - place).min() <= reach for place in order[100:])
    assert leaked > 0
    assert 0.9 * leaked <= found(result)["windows"] <= leaked
    assert all(finding.leak for finding in result.findings if finding.guard == "windows")


def test_windows_of_different_recordings_or_without_overlap_are_not() -> None:
    random = np.random.default_rng(0)
    parts = [windows(random.normal(size=(2, 3000)).astype(np.float32), 64, 32) for _ in range(3)]
    assert "windows" not in found(inspected(splits_of(*parts)))
    x = windows(random.normal(size=(2, 64 * 90)).astype(np.float32), 64, 64)[random.permutation(90)]
    assert "windows" not in found(inspected(splits_of(x[:60], x[60:75], x[75:])))


def test_silence_and_clipping_are_no_overlap() -> None:
    random = np.random.default_rng(1)
    x = random.integers(-5, 6, (300, 1, 128)).astype(np.float32)
    x[:, :, :60] = 0
    x[:, :, 90:] = 5
    assert "windows" not in found(inspected(splits_of(x[:200], x[200:250], x[250:]), 1.0))
