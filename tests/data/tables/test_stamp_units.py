import pytest

from sslkit.data.tables.stamp_units import find_unit, named_unit
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(
    "name, unit",
    [
        ("t_ms", "ms"),
        ("time [s]", "s"),
        ("timestamp(us)", "us"),
        ("timeNs", "ns"),
        ("Zeit in Sekunden", "s"),
        ("ms", "ms"),
        ("Time (min)", "min"),
        ("t.s", "s"),
        ("timestamps", None),
        ("frames", None),
        ("items", None),
        ("t", None),
    ],
)
def test_units_in_names(name: str, unit: str | None) -> None:
    assert named_unit(name) == unit


@pytest.mark.parametrize(
    "first, step, unit",
    [
        (0.0, 0.02, "s"),
        (1700000000.0, 0.02, "s"),
        (1700000000000.0, 20, "ms"),
        (1700000000000000.0, 20000.0, "us"),
        (1.7e18, 20000000.0, "ns"),
        (0.0, 1.0, "s"),
        (45000.5, 1e-06, "days"),
        (738000.5, 1e-06, "days"),
        (1.33e17, 200000.0, "100 ns"),
        (45000.0, 0.01, "s"),
    ],
)
def test_t8_units_by_size(first: float, step: float, unit: str) -> None:
    assert find_unit(first, step, step, "t", "", None, None, "here").name == unit


def test_t8_what_is_asked_for() -> None:
    for first, step, column in (
        (0.0, 20.0, "t"),
        (44_000.0, 600 / 86_400, "t"),
        (1.7e12, 20.0, "t_s"),
        (0.0, 1e-7, "t"),
    ):
        with pytest.raises(SSLKitError, match="in which unit"):
            find_unit(first, step, step, column, "", None, None, "here")
    assert find_unit(0.0, 20.0, 20.0, "t", "", "ms", None, "here").name == "ms"
    assert find_unit(0.0, 20.0, 20.0, "t", "", None, 50.0, "here").name == "ms"
    assert find_unit(0.0, 20.0, 20.0, "t", "[ms]", None, None, "here").name == "ms"
    with pytest.raises(
        SSLKitError, match=r"rate_hz is 30, but column 't' has 50 rows per second .*resample_hz"
    ):
        find_unit(0.0, 0.02, 0.02, "t", "", None, 30.0, "here")
