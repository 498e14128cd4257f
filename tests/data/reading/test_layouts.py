import numpy as np
import pytest

from sslkit.data.reading.layouts import LAYOUTS, guess_modality
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(
    ("shape", "dtype", "modality"),
    [
        ((4, 8, 9), "uint8", "image"),
        ((4, 8, 9, 3), "uint8", "image"),
        ((4, 8, 9, 3), "float32", "image"),
        ((4, 8, 9), "float32", "sensor"),
        ((4, 8, 8), "int16", "sensor"),
        ((4, 80), "float32", "audio"),
        ((4, 80), "int16", "audio"),
    ],
)
def test_guess(shape: tuple[int, ...], dtype: str, modality: str) -> None:
    assert guess_modality(np.zeros(shape, dtype), "X") == modality


def test_square_signals_are_a_guess_only_where_they_could_be_pictures() -> None:
    x = np.random.default_rng(0).standard_normal((5, 8, 8))
    assert guess_modality(x, "X") == "sensor"
    with pytest.raises(SSLKitError, match="Set modality"):
        guess_modality(np.abs(x) / np.abs(x).max(), "X")


def test_layouts_keep_the_values() -> None:
    x = np.random.default_rng(0).standard_normal((4, 6, 7, 3))
    np.testing.assert_array_equal(LAYOUTS["image"](x, "X")[2, 1, 4, 5], x[2, 4, 5, 1])
    np.testing.assert_array_equal(LAYOUTS["audio"](x[:, :1, :, 0], "X"), x[:, 0, :, 0])
    with pytest.raises(SSLKitError, match="sensor windows are N×C×T"):
        LAYOUTS["sensor"](x, "X")
