from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.errors import SSLKitError
from sslkit.guards import enforce
from sslkit.guards.still import equal_finding, quiet_windows, still_finding, still_windows
from sslkit.types import SampleSpec
from tests.guards.data import found, inspected, splits_of

SIGNAL = SampleSpec("sensor", (2, 64))


def _recordings(still: float, seed: int, count: int = 200) -> np.ndarray:
    """Windows of an accelerometer at rest (gravity alone) and moving."""
    random = np.random.default_rng(seed)
    x = np.tile(np.array([0.1, 9.8], np.float32)[None, :, None], (count, 1, 64))
    moving = np.arange(count) >= still * count
    x[moving] += random.normal(size=(int(moving.sum()), 2, 64)).astype(np.float32)
    return x


def test_recordings_that_stand_still_are_no_leak() -> None:
    result = inspected(splits_of(*(_recordings(0.5, seed) for seed in range(3))))
    (finding,) = result.findings
    assert (finding.guard, finding.leak, finding.count, finding.of) == ("still", False, 300, 600)
    assert "300 of 600 windows never change (training 100, validation 100, test 100)" in finding.text
    planted = [_recordings(0.5, seed) for seed in range(3)]
    planted[2][[150, 160]] = planted[0][[110, 120]]
    assert found(inspected(splits_of(*planted)))["copies"] == 2


def test_digital_silence_is_no_leak() -> None:
    random = np.random.default_rng(0)
    parts = [random.normal(size=(100, 400)).astype(np.float32) for _ in range(3)]
    for part in parts:
        part[:40] = 0
    assert [finding.guard for finding in inspected(splits_of(*parts)).findings] == ["still"]


def test_persons_who_sit_still_are_not_nearly_equal() -> None:
    """They share where gravity points and differ in what is left: noise."""
    parts = []
    for seed in range(3):
        x = _recordings(0.0, seed, 300)
        x[:150] = _recordings(1.0, seed, 150) + 0.05 * np.random.default_rng(seed).normal(size=(150, 2, 64))
        parts.append(x)
    assert inspected(splits_of(*parts), 1.0).findings == ()
    parts[2][200:210] = parts[0][200:210] + np.float32(0.01) * parts[1][:10] + np.float32(3)
    (finding,) = (f for f in inspected(splits_of(*parts), 1.0).findings if f.guard == "near-copies")
    assert finding.count == 10 and "signals less each channel's mean" in finding.text


def test_which_windows() -> None:
    x = torch.ones(4, 2, 64)
    x[1, 0, 5] = 2
    x[2] = torch.nan
    assert still_windows(x, SIGNAL).tolist() == [True, False, True, True]
    assert still_windows(x[:, 0].to(torch.int16), SampleSpec("audio", (64,)))[0]
    assert not still_windows(torch.zeros(2, 3, 8, 8), SampleSpec("image", (3, 8, 8))).any()
    assert (
        quiet_windows(torch.randn(1, 2, 64) * 0.001).all() and not quiet_windows(torch.randn(1, 2, 64)).any()
    )
    assert (
        not quiet_windows(torch.zeros(1, 1, 8, 8)).any()
        and still_finding(["test"], [np.zeros(3, bool)]) == []
    )


def test_pictures_that_are_all_equal_are_no_leak_but_read_wrongly() -> None:
    """Twelve bits as sixteen, of a band that is narrower than a grey level of eight."""
    same = np.full((60, 1, 16, 16), 9, np.uint8)
    result = inspected(splits_of(same[:40], same[:10], same[:10]))
    (finding,) = result.findings
    assert (finding.guard, finding.count, finding.of) == ("equal", 60, 60)
    with pytest.raises(
        SSLKitError, match=r"^x: 60 of 60 samples are equal: .* Is the depth right \(bits, range\)"
    ):
        enforce(result.findings, "stop", "x")
    (words,) = enforce(result.findings, "warn", "x")
    assert "60 of 60 samples are equal" in words


def test_more_than_half_must_be_equal_and_still_windows_do_not_count() -> None:
    hashes = [b"a"] * 6 + [b"b", b"c", b"d", b"e"]
    still = np.zeros(10, dtype=bool)
    assert [one.count for one in equal_finding(hashes, still, False)] == [6]
    assert equal_finding(hashes[1:], still[1:], False)[0].of == 9
    assert equal_finding(hashes[2:], still[2:], False) == []
    still[:6] = True
    assert equal_finding(hashes, still, False) == [] == equal_finding([b"a"], still[9:], True)
