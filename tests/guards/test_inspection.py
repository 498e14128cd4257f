"""One inspection of all parts, with planted leaks and without."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.data import looking
from sslkit.errors import SSLKitError
from sslkit.guards import enforce
from tests.guards.data import found, inspected, pictures, splits_of

TRAIN, VALIDATION, TEST = pictures(600, 0), pictures(100, 1), pictures(200, 2)


def test_clean_parts_have_no_finding() -> None:
    result = inspected(splits_of(TRAIN, VALIDATION, TEST))
    assert result.findings == ()
    assert "copies" in result.checked


def test_planted_copies_are_found_with_their_rows() -> None:
    test = TEST.copy()
    test[[3, 50, 199]] = TRAIN[[10, 20, 599]]
    (finding,) = inspected(splits_of(TRAIN, VALIDATION, test)).findings
    assert (finding.guard, finding.count, finding.of, finding.leak) == ("copies", 3, 200, False)
    expected = (("test", 3, "training", 10), ("test", 50, "training", 20), ("test", 199, "training", 599))
    assert finding.examples == expected
    assert "1 of them with another label" in finding.text  # 3 is odd and 10 is even


def test_copies_of_validation_samples_count_too() -> None:
    test = TEST.copy()
    test[7] = VALIDATION[5]
    (finding,) = inspected(splits_of(TRAIN, VALIDATION, test)).findings
    assert finding.examples == (("test", 7, "validation", 5),)


@pytest.mark.parametrize("change", ["noise", "brightness", "contrast", "quantised"])
def test_planted_near_copies_are_found(change: str) -> None:
    source = TRAIN[::30].astype(np.float64)
    changed = {
        "noise": source + np.random.default_rng(3).normal(0, 3, source.shape),
        "brightness": source + 6,
        "contrast": 128 + 0.9 * (source - 128),
        "quantised": 8 * np.round(source / 8),
    }[change]
    test = np.concatenate([TEST, changed.clip(0, 255).astype(np.uint8)])
    assert found(inspected(splits_of(TRAIN, VALIDATION, test), 1.0))["near-copies"] >= 19  # of 20


def test_false_alarms_are_rare() -> None:
    """Twenty clean sets of pictures and of few dimensions, where neighbours lie close."""
    wrong = 0
    for seed in range(10):
        wrong += len(inspected(splits_of(*(pictures(n, 100 * seed + n) for n in (400, 100, 200)))).findings)
        random = np.random.default_rng(seed)
        phases, time = random.uniform(0, 6.3, (700, 1, 1)), np.arange(64) / 10
        x = (np.sin(time + phases) * random.uniform(1, 2, (700, 1, 1))).astype(np.float32)
        wrong += len(inspected(splits_of(x[:400], x[400:500], x[500:])).findings)
    assert wrong <= 1


def test_many_copies_are_a_leak() -> None:
    test = TEST.copy()
    test[:20] = TRAIN[:20]
    findings = inspected(splits_of(TRAIN, VALIDATION, test)).findings
    assert any(finding.leak for finding in findings)
    with pytest.raises(
        SSLKitError,
        match=r"set: the parts leak.*\n.*20 of 200 test samples \(10.00%\)(.*\n)*.*guards.leaks=warn",
    ):
        enforce(findings, "stop", "set")
    assert "a leak that the config lets pass" in enforce(findings, "warn", "set")[0]
    assert not any(f.leak for f in inspected(splits_of(TRAIN, VALIDATION, test), 0.2).findings)


def test_a_shared_group_is_a_leak() -> None:
    groups = (np.arange(600) % 10, np.full(100, 20), np.full(200, 3))
    (finding,) = inspected(splits_of(TRAIN, VALIDATION, TEST, groups)).findings
    assert (finding.guard, finding.leak, finding.count) == ("groups", True, 1)
    assert "group 3; 200 of 200" in finding.text


def test_a_group_between_training_and_validation_is_a_leak() -> None:
    groups = (np.arange(600) % 10, np.full(100, 9), np.full(200, 30))
    (finding,) = inspected(splits_of(TRAIN, VALIDATION, TEST, groups)).findings
    assert "validation part are in the training part" in finding.text


def test_standardised_with_the_test_part() -> None:
    x = (
        np.random.default_rng(0).normal(3, 2, (500, 2, 40)).astype(np.float32)
        + np.linspace(0, 3, 500)[:, None, None]
    )
    together = (x - x.mean((0, 2), keepdims=True)) / x.std((0, 2), keepdims=True)
    train = x[:300]
    apart = (x - train.mean((0, 2), keepdims=True)) / train.std((0, 2), keepdims=True)
    for values, expected in ((together, ["statistics"]), (apart, []), (x, [])):
        values = values.astype(np.float32)
        findings = inspected(splits_of(values[:300], values[300:400], values[400:])).findings
        assert [finding.guard for finding in findings] == expected


def test_of_very_many_samples_a_part_is_looked_at_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of a whole stretch are still found."""
    monkeypatch.setattr(looking, "LOOKED_AT_BYTES", TRAIN.nbytes // 3)
    result = inspected(splits_of(TRAIN, VALIDATION, TRAIN[:400]))
    said = [words for words in result.checked if words.startswith("all but groups in ")]
    assert len(said) == 1 and said[0].endswith("of 1,100 samples, spread evenly")
    (finding,) = [one for one in result.findings if one.guard == "copies"]
    assert finding.leak and 64 <= finding.count == finding.of < 400
    assert "all but groups" not in str(inspected(splits_of(TRAIN[:100], VALIDATION[:9], TEST[:9])).checked)
