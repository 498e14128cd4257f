"""The report in a headless Chromium: no errors, nothing loaded, no overflow, tables sort, files can be had."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.report.audit.predictions import write_predictions
from tests.report.browser import chromium, opened

OVERFLOWING = """() => [...document.querySelectorAll("main *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > document.documentElement.clientWidth + 1
        && !e.closest(".scroll, pre, svg");
}).map(e => e.outerHTML.slice(0, 120))"""
UNREADABLE = """() => [...document.querySelectorAll("main :is(p, li, td, th, h1, h2, h3, h4, summary, figcaption)")]
    .filter(e => e.textContent.trim() && getComputedStyle(e).color === getComputedStyle(document.body).backgroundColor)
    .map(e => e.outerHTML.slice(0, 120))"""
COLUMN = "(table, at) => [...table.tBodies[0].rows].map(({cells}) => [cells[at].dataset.value, cells[at].textContent])"
SOME_BUTTONS = (
    "#data-1-clothes .charts .get button, #data-1-clothes .scroll + .get button, #overview .get button"
)
IN_A_ROW = 8
HEADERS = {
    "how-far-few-labels-go": ["method", "labels_per_class", "mean_percent", "sd_percent"],
    "paired-differences": ["first", "second", "evaluator", "labels_per_class", "points", "low", "high"],
    "loss": ["method", "seed", "epoch", "loss"],
    "confusion": ["true_class", "answered", "samples", "share_percent"],
    "by-group": ["method", "of", "right_percent", "low", "high", "samples", "interval_by"],
    "what-it-cost": ["method", "seconds"],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def report(browser: Any, tmp_path_factory: pytest.TempPathFactory, small_maps: Any) -> Path:
    """Three data sets, one of them with an audit: every section of the page."""
    from sslkit.report import write_report
    from tests.report import fake_run

    folder = fake_run.write_fake_run(tmp_path_factory.mktemp("runs") / "opened")
    for path in sorted((folder / "clothes").glob("*-seed*")):
        write_predictions(path)
    return write_report(folder)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_opens_without_errors_and_fits(browser: Any, report: Path, width: int, scheme: str) -> None:
    with opened(browser, report, width, scheme) as found:
        assert found.errors == []
        assert found.requests == []
        assert found.page.title() == "opened · sslkit comparison"
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width
        assert found.page.evaluate(OVERFLOWING) == []
        assert found.page.evaluate(UNREADABLE) == []
        light = found.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] > 128")
        assert light == (scheme == "light")


def test_overflow_would_be_found(browser: Any, tmp_path: Path, report: Path) -> None:
    page = tmp_path / "wide.html"
    text = report.read_text(encoding="utf-8").replace("<h1>", '<div style="width:2000px">wide</div><h1>')
    page.write_text(text, encoding="utf-8")
    with opened(browser, page, 390) as found:
        assert found.page.evaluate("document.documentElement.scrollWidth") > 390
        assert "wide" in "".join(found.page.evaluate(OVERFLOWING))


def test_every_header_of_every_table_sorts(browser: Any, report: Path) -> None:
    with opened(browser, report) as found:
        page = found.page
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        tables = page.query_selector_all("table.sortable")
        assert len(tables) >= 13
        for table in tables:
            for button in table.query_selector_all("thead button"):
                at = button.evaluate("e => e.parentElement.cellIndex")
                for _ in range(2):
                    button.evaluate("e => e.click()")
                    order = button.evaluate("e => e.parentElement.ariaSort")
                    values = [_value(*pair) for pair in table.evaluate(COLUMN, at)]
                    known = [value for value in values if value is not None]
                    assert values[: len(known)] == known, "cells without a number stand last"
                    if all(isinstance(value, float) for value in known):
                        assert known == sorted(known, reverse=order == "descending")
                    else:
                        assert order in ("ascending", "descending")
        assert found.errors == []


def _value(value: str | None, text: str) -> float | str | None:
    if value is not None:
        return float(value) if value else None
    text = text.strip()
    try:
        return float(text.split()[0].replace("−", "-"))
    except ValueError:
        return text


def test_words_sort_by_alphabet(browser: Any, report: Path) -> None:
    with opened(browser, report) as found:
        table = found.page.query_selector("table.headline")
        table.query_selector("thead tr:last-child button").click()
        names = [text.rstrip("†") for _, text in table.evaluate(COLUMN, 0)]
        assert names == ["byol", "handcrafted", "random", "simclr", "supervised"]


def test_every_figure_and_table_can_be_had(browser: Any, report: Path) -> None:
    with opened(browser, report) as found:
        page = found.page
        page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
        charts = page.query_selector_all(".charts > figure")
        assert len(charts) > 15
        for chart in charts:
            assert [button.text_content() for button in chart.query_selector_all(".get button")] == [
                "SVG",
                "CSV",
            ]
        without = "table.sortable:not(.every)"
        for table in page.query_selector_all(without):
            assert table.evaluate("e => e.parentElement.nextElementSibling.matches('.get')")
        assert found.errors == []


def test_the_files_are_what_they_say(browser: Any, report: Path) -> None:
    names: set[str] = set()
    count = 1
    while len(names) < count:
        with opened(browser, report) as found:  # Chromium lets a page save some files in a row, then asks
            buttons = found.page.query_selector_all(SOME_BUTTONS)
            count = len(buttons)
            for button in buttons[len(names) : len(names) + IN_A_ROW]:
                with found.page.expect_download() as download:
                    button.evaluate("e => e.click()")
                name = download.value.suggested_filename
                assert name not in names, "each file has a name of its own"
                names.add(name)
                text = Path(download.value.path()).read_text(encoding="utf-8")
                _check_svg(text) if name.endswith(".svg") else _check_csv(name, text)
            assert found.errors == []
    assert {name.rpartition(".")[2] for name in names} == {"svg", "csv"}
    assert all(name.startswith("opened-") for name in names)
    for part in HEADERS:
        assert any(part in name for name in names), (part, names)


def _check_svg(text: str) -> None:
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in text and "#" in text
    assert len(list(root.iter())) > 5


def _check_csv(name: str, text: str) -> None:
    header, *rows = list(csv.reader(io.StringIO(text)))
    assert rows and all(len(row) == len(header) for row in rows), name
    expected = next((columns for part, columns in HEADERS.items() if f"-{part}" in name), header[:1])
    assert header[: len(expected)] == expected, name


def test_the_csv_holds_the_numbers_of_the_results(browser: Any, report: Path) -> None:
    with opened(browser, report) as found:
        with found.page.expect_download() as download:
            found.page.evaluate(
                "document.querySelector('#data-1-clothes table.headline').parentElement.nextElementSibling"
                ".querySelector('button').click()"
            )
        rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
        (row,) = (
            row
            for row in rows
            if (row["method"], row["evaluator"], row["labels_per_class"]) == ("byol", "linear", "all")
        )
        with (report.parent / "results.csv").open(newline="", encoding="utf-8") as file:
            values = [
                float(line["value"])
                for line in csv.DictReader(file)
                if (line["data"], line["objective"], line["evaluator"], line["labels_per_class"])
                == ("clothes", "byol", "linear", "all")
                and line["metric"] == "accuracy"
            ]
        assert float(row["mean_percent"]) == pytest.approx(100 * sum(values) / 3, rel=1e-5)
        assert row["seeds"] == "3"
