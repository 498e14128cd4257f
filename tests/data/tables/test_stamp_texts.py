import pandas as pd
import pyarrow
import pytest

from sslkit.data.tables.stamp_texts import (
    dates_to_ns,
    days_and_months,
    durations_to_ns,
    is_time_of_day,
    stamps_to_ns,
    tidied,
    times_of_day_to_ns,
)


@pytest.mark.parametrize(
    "text, expected",
    {
        "2020-01-02T03:04:05.5Z": "2020-01-02 03:04:05.5",
        "2020-01-02 03:04:05,123": "2020-01-02 03:04:05.123",
        "2020-01-02 03:04:05+02:00": "2020-01-02 01:04:05",
        "2020-01-02T03:04:05.123456789+0530": "2020-01-01 21:34:05.123456789",
        "2020-01-02": "2020-01-02",
        "2020/01/02 03:04": "2020-01-02 03:04",
        "02.01.2020 03:04:05": "2020-01-02 03:04:05",
        "2.1.20 03:04:05,5": "2020-01-02 03:04:05.5",
        "2/1/2020 3:04:05.25 p.m.": "2020-01-02 15:04:05.25",
        "2/1/2020 12:04 AM": "2020-01-02 00:04",
        "02-Jan-2020 10:11:12.123": "2020-01-02 10:11:12.123",
        "Jan 2, 2020 10:11:12": "2020-01-02 10:11:12",
        "Thu Jan  2 10:11:12 2020": "2020-01-02 10:11:12",
        "Thu, 02 Jan 2020 10:11:12 GMT": "2020-01-02 10:11:12",
        "2. Mai 2020 10:11:12": "2020-05-02 10:11:12",
        "20200102T101112": "2020-01-02 10:11:12",
        "20200102101112.5": "2020-01-02 10:11:12.5",
        "2020-01-02T03:04:05+01:00[Europe/Berlin]": "2020-01-02 02:04:05",
        "2020-01-02 03:04:05:123": "2020-01-02 03:04:05.123",
        "2020-01-02 03:04:05 CEST": "2020-01-02 01:04:05",
    }.items(),
)
def test_t15_one_moment_in_many_forms(text: str, expected: str) -> None:
    ns, bad = stamps_to_ns(pyarrow.array([text]), day_first=True)
    assert pd.Timestamp(ns[0]) == pd.Timestamp(expected) and not len(bad)


def test_what_is_no_date() -> None:
    texts = ["2020-01-02 00:00:00", "", "2020-13-02 00:00:00", "2020-01-02 00:00:00.5", "soon"]
    ns, bad = dates_to_ns(tidied(pyarrow.array(texts)), day_first=True)
    assert bad.tolist() == [1, 2, 4] and ns[3] - ns[0] == 500_000_000


def test_forms_that_are_rare() -> None:
    """Python writes no fraction where it is 0; a sample of the stamps may miss it, or a T."""
    texts = ["2020-01-02 00:00:00.250"] * 3000
    texts[7], texts[9], texts[11] = "2020-01-02T00:00:00", "2. Jan 2020 00:00:01,5", "soon"
    ns, bad = stamps_to_ns(pyarrow.array(texts), day_first=True)
    assert bad.tolist() == [11] and ns[7] == ns[0] - 250_000_000 and ns[9] == ns[7] + 1_500_000_000


def test_times_of_day_and_durations() -> None:
    texts = ["10:11:12,123", "1:02:03 PM", "12:00:00 AM", "03:04.5", "10:11:12:5", "10:11", "no"]
    ns, bad = times_of_day_to_ns(texts)
    assert (ns[:6] / 1e9).tolist() == [36672.123, 46923, 0, 184.5, 36672.5, 36660] and bad.tolist() == [6]
    assert is_time_of_day("25:00:00") and not is_time_of_day("2020-01-02")
    texts = ["0 days 00:00:01.5", "1 day, 0:00:01", "PT1.5S", "0 days 00:00:02,5", "x"]
    ns, bad = durations_to_ns(pyarrow.array(texts))
    assert (ns[:4] / 1e9).tolist() == [1.5, 86401, 1.5, 2.5] and bad.tolist() == [4]


def test_days_and_months() -> None:
    assert days_and_months(pyarrow.array(["01/02/2020 10:00:00", "13/02/2020"])) == ("/", 13, 2, True)
    assert days_and_months(pyarrow.array(["05.05.2020"])) == (".", 5, 5, False)
    assert days_and_months(pyarrow.array(["2020-01-02"]))[0] == ""


@pytest.mark.parametrize(
    "text, expected",
    {
        "2024-W11-3T11:59:55.250": "2024-03-13 11:59:55.25",
        "2024-073T11:59:55": "2024-03-13 11:59:55",
        "2024-03-13 24:00:00": "2024-03-14",
        "2024-W11-3T11:59:55+02:00": "2024-03-13 09:59:55",
    }.items(),
)
def test_t15_weeks_days_of_the_year_and_the_end_of_a_day(text: str, expected: str) -> None:
    ns, bad = stamps_to_ns(
        pyarrow.array([text, "2024-03-12 01:02:03", "2024-W99-1T00:00:00"]), day_first=False
    )
    assert bad.tolist() == [2] and pd.Timestamp(ns[0]) == pd.Timestamp(expected)
