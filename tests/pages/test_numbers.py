"""Numbers that the page carries come out as they went in."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import math
import re

import numpy as np
import pytest

from sslkit.pages.numbers import Numbers, download_buttons, interval_percent, percent


def test_csv_reads_back() -> None:
    rows = [('a, "b"\nc', 1.23456789, 3, None), ("−", math.nan, -2, "")]
    text = Numbers(("name", "x", "n", "nothing"), rows).csv()
    header, first, second = list(csv.reader(io.StringIO(text)))
    assert header == ["name", "x", "n", "nothing"]
    assert first == ['a, "b"\nc', "1.23457", "3", ""]
    assert second == ["−", "", "-2", ""]


def test_the_page_carries_the_same_bytes_each_time() -> None:
    numbers = Numbers.from_columns(("x", "class"), np.linspace(0, 1, 50).round(3), ["α"] * 50)
    html = download_buttons(numbers, picture=True)
    assert html == download_buttons(numbers, picture=True)
    assert re.findall(r'data-get="(\w+)"', html) == ["svg", "csv"]
    (packed,) = re.findall(r'data-numbers="([^"]+)"', html)
    assert gzip.decompress(base64.b64decode(packed)).decode("utf-8") == numbers.csv()


def test_nothing_to_have_is_no_button() -> None:
    assert download_buttons() == download_buttons(Numbers(("x",), [])) == ""
    assert "csv" not in download_buttons(picture=True)


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError):
        Numbers.from_columns(("a", "b"), [1, 2], [1])


def test_fractions_to_percent() -> None:
    assert percent(0.5) == 50 and percent(None) is None
    assert interval_percent((0.1, 0.2)) == (10, 20) and interval_percent(None) == (None, None)
