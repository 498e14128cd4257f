import numpy as np
import pytest

from sslkit.data.recordings.precision import check_precision
from sslkit.errors import SSLKitError

NOISE = np.random.default_rng(0).normal(size=4000)


def test_t6_what_float32_cannot_hold() -> None:
    for offset in (1e7, -1e7, 1.7e9):
        with pytest.raises(SSLKitError, match=r"'x' goes to .* Set subtract: \{x: "):
            check_precision([(NOISE + offset)[None]], ["x"], 64, "here")
    with pytest.raises(SSLKitError, match="over a range that is too large"):
        check_precision([(1e-9 * NOISE + np.arange(4000) // 1000)[None]], ["x"], 64, "here")


def test_what_it_can_hold() -> None:
    clean = [
        NOISE,
        101_325 + NOISE,
        np.arange(4000.0),
        NOISE * 1e-12,
        np.zeros(4000),
        np.where(NOISE > 2, np.nan, NOISE),
    ]
    check_precision([np.stack(clean)], list("abcdef"), 64, "here")
    still = np.where(np.arange(4000) < 3000, 48.0, 48 + 1e-4 * NOISE)
    check_precision([still[None]], ["latitude"], 64, "here")
