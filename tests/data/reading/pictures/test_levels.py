import pytest

from sslkit.data.reading.pictures.levels import find_levels
from sslkit.data.reading.pictures.picture_headers import PictureHeader
from sslkit.errors import SSLKitError


def _set(low: float, high: float, dtype: str = "uint16") -> list[PictureHeader]:
    """Two files with the smallest and the largest value."""
    middle = (low + high) / 2
    return [PictureHeader((4, 4), 1, "", dtype, *ends) for ends in ((low, middle), (middle, high))]


def _said(
    headers: list[PictureHeader], bits: int | None = None, chosen: tuple[float, float] | None = None
) -> str:
    return " ".join(map(str, find_levels(headers, bits, chosen, "here")[1]))


@pytest.mark.parametrize(
    ("high", "bits"),
    [
        (200, 8),
        (256, 10),
        (1023, 10),
        (1024, 12),
        (4095, 12),
        (9000, 14),
        (16383, 14),
        (16384, 16),
        (65535, 16),
    ],
)
def test_p2_depth_is_that_of_the_largest_value(high: int, bits: int) -> None:
    levels, _ = find_levels(_set(0, high), None, None, "here")
    assert levels == (0, 2**bits - 1)
    assert f"taken as {bits} bits: the largest value of all is {high:,}" in _said(_set(0, high))


def test_p2_bits_that_are_set() -> None:
    assert find_levels(_set(3, 700), 12, None, "here") == ((0, 4095), ())
    with pytest.raises(SSLKitError, match="bits is 10, up to 1,023; the pictures have values 3…4,000"):
        find_levels(_set(3, 4000), 10, None, "here")


def test_p2_a_narrow_band() -> None:
    assert find_levels(_set(540, 660), None, None, "here")[0] == (0, 1023)
    assert "Is the depth right? range: [540, 660]" in _said(_set(540, 660), bits=16)
    with pytest.raises(SSLKitError, match=r"each value is 600\. Is the depth right"):
        find_levels(_set(600, 600), None, None, "here")


@pytest.mark.parametrize(
    ("low", "high", "top"), [(0, 1, 1), (0.01, 0.3, 1), (0, 254.7, 255), (30, 200, 255), (20, 65000, 65535)]
)
def test_p1_floats_that_fill_a_range(low: float, high: float, top: int) -> None:
    assert find_levels(_set(low, high, "float32"), None, None, "here")[0] == (0, top)
    assert f"taken as 0…{top:,}" in _said(_set(low, high, "float32"))


@pytest.mark.parametrize(("low", "high"), [(-20, 40), (15, 39.9), (290, 315), (-1, 1), (0, 4095.5), (0, 1e5)])
def test_p1_other_floats_ask_for_the_range(low: float, high: float) -> None:
    with pytest.raises(SSLKitError, match=r"Set range: \[low, high\]"):
        find_levels(_set(low, high, "float32"), None, None, "here")
    assert find_levels(_set(low, high, "float32"), None, (low, high), "here") == ((low, high), ())


def test_p1_values_beyond_the_range_are_said() -> None:
    said = _said(_set(-25, 40, "float32"), chosen=(-20, 50))
    assert "1 of 2 pictures have values beyond the range -20…50, which are clipped" in said


def test_whole_numbers_that_are_no_depth() -> None:
    for low, high in ((-5, 100), (0, 70000)):
        with pytest.raises(SSLKitError, match=r"are no 8 to 16 bits\. Set range"):
            find_levels(_set(low, high, "int32"), None, None, "here")


def test_floats_beside_whole_numbers() -> None:
    with pytest.raises(SSLKitError, match="2 pictures hold floats and 2 whole numbers"):
        find_levels([*_set(0, 1, "float32"), *_set(0, 4000)], None, None, "here")


def test_8_bits_stay_as_they_are() -> None:
    shallow = [PictureHeader((4, 4), 3)]
    assert find_levels(shallow, None, None, "here") == (None, ())
    assert "bits and range are not used" in _said(shallow, bits=12)
