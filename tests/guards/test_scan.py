"""One pass over a part: the same whatever the batches, and two parts read as one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.data.samples import ArraySamples
from sslkit.guards import scan
from sslkit.guards.copies import sample_hashes
from sslkit.guards.neighbours import signatures
from sslkit.guards.scan import PartScan, joined_scans, scan_part
from sslkit.types import Part, SampleSpec

SIGNALS = SampleSpec("sensor", (2, 64))


def signals(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 2, 64)).astype(np.float32)


def scanned(
    x: np.ndarray, name: str = "training", groups: np.ndarray | None = None, first: int = 0
) -> PartScan:
    part = Part(ArraySamples(x), np.arange(len(x)) % 3, groups)
    spec = SIGNALS if x.ndim == 3 else SampleSpec("image", x.shape[1:], scale=1 / 255)
    return scan_part(name, part, np.arange(first, first + len(x)), spec, spec.decode)


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_batches_change_nothing(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = signals(30, 0)
    monkeypatch.setattr(scan, "BATCH", batch)
    found = scanned(x)
    tensor = torch.from_numpy(x)
    assert found.hashes == sample_hashes(tensor)
    torch.testing.assert_close(found.signatures, signatures(tensor))
    assert found.window_fingerprints is not None and found.channel_sums is not None
    assert set(found.window_fingerprints.windows.tolist()) == set(range(30))
    assert found.channel_sums.count == 30 * 64


def test_pictures_have_neither_windows_nor_channel_sums() -> None:
    found = scanned(np.random.default_rng(0).integers(0, 256, (5, 3, 8, 8), dtype=np.uint8))
    assert found.window_fingerprints is None and found.channel_sums is None
    assert found.signatures.shape == (5, 3 * 64)


def test_short_signals_have_no_windows() -> None:
    part = Part(ArraySamples(np.zeros((3, 2, 8), np.float32)), np.zeros(3, int))
    spec = SampleSpec("sensor", (2, 8))
    assert scan_part("test", part, np.arange(3), spec, spec.decode).window_fingerprints is None


def test_two_parts_as_one() -> None:
    train, validation = scanned(signals(12, 0)), scanned(signals(5, 1), "validation", first=40)
    both = joined_scans(train, validation)
    assert len(both) == 17 and both.hashes == train.hashes + validation.hashes
    assert both.place(3) == ("training", 3) and both.place(13) == ("validation", 41)
    np.testing.assert_array_equal(both[np.array([0, 2])].numpy(), signals(12, 0)[[0, 2]])
    np.testing.assert_array_equal(both[np.array([12, 16])].numpy(), signals(5, 1)[[0, 4]])
    assert both.labels.tolist() == [0, 1, 2] * 4 + [0, 1, 2, 0, 1]
    assert both.window_fingerprints is not None
    assert set(both.window_fingerprints.windows.tolist()) == set(range(17))


def test_groups_are_known_where_both_parts_have_them() -> None:
    with_groups = scanned(signals(4, 0), groups=np.array([1, 1, 2, 2]))
    assert joined_scans(with_groups, scanned(signals(2, 1))).groups is None
    both = joined_scans(with_groups, scanned(signals(2, 1), groups=np.array([7, 7])))
    assert both.groups is not None and both.groups.tolist() == [1, 1, 2, 2, 7, 7]
