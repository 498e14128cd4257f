"""Numbers in words."""

from __future__ import annotations

import pytest

from sslkit.report.figures.words import (
    duration_words,
    interval_words,
    listed,
    method_words,
    metric_words,
    p_words,
    signed,
    signed_points,
)


@pytest.mark.parametrize(
    ("p", "words"), [(0.0, "<.001"), (0.024, ".024"), (0.34, ".34"), (0.997, "1"), (None, "")]
)
def test_p_values(p: float | None, words: str) -> None:
    assert p_words(p) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "under 1 s"), (59.6, "60 s"), (600, "10 min"), (7200, "2.0 h")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_signs() -> None:
    assert [signed(x) for x in (3.14, -0.26, 0.04, -0.04)] == ["+3.1", "−0.3", "0.0", "0.0"]
    assert signed_points(-0.123) == "−12.3"
    assert interval_words((-0.01, 0.2)) == "−1.0 … +20.0"
    assert interval_words(None) == "one seed"


def test_lists_and_names() -> None:
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]
    assert (method_words("random"), method_words("byol")) == ("the random-init encoder", "byol")
    assert metric_words("balanced_accuracy") == "balanced accuracy"
