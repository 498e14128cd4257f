import pytest

from sslkit.data.reading.text.signs import number_signs
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1.5", "2", "walk"], "."),
        (["1,5", "2,25", "2024-01-02"], ","),
        (["0,123", "0,250"], ","),
        (["1,5", "0.050000", "2.0"], ","),  # numbers with a point are read all the same
        (["1,234", "0.5"], "."),
    ],
)
def test_decimal_signs(cells: list[str], decimal: str) -> None:
    assert number_signs(cells, None, "", "a") == (decimal, "")


def test_what_the_user_says() -> None:
    assert number_signs(["1,234"], ",", "", "a") == (",", "")
    assert number_signs(["1.234"], None, ".", "a") == (",", ".")
    assert number_signs(["1,234"], None, ",", "a") == (".", ",")


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        (["1,234", "-2,345"], "can be read in two ways"),
        (["1.234,5"], r"decimal: ',', thousands: '.'"),
        (["1,234.5"], r"decimal: '.', thousands: ','"),
        (["1.234", "0,5"], r"numbers like '0,5' and like '1.234'"),
    ],
)
def test_numbers_that_can_be_read_in_two_ways(cells: list[str], advice: str) -> None:
    with pytest.raises(SSLKitError, match=advice):
        number_signs(cells, None, "", "a")
