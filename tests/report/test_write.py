"""The page as a whole: well-formed, self-contained, true to results.csv, ready for unfinished runs."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sslkit.report import write_report
from tests.report.fake_run import write_fake_run
from tests.report.html_page import PageParser
from tests.statistics.reference import holm

METRICS = {"clothes": "accuracy", "watch": "balanced_accuracy", "words": "accuracy"}
COLUMNS = [(evaluator, labels) for evaluator in ("linear", "knn") for labels in ("all", "50", "10", "5")]


def reference(folder: Path, data: str, method: str, evaluator: str, labels: str) -> np.ndarray:
    """Seeds' means over draws straight from the CSV, NaN where a seed is missing."""
    values: dict[int, list[float]] = {0: [], 1: [], 2: []}
    evaluator = "end-to-end" if method == "supervised" and evaluator == "linear" else evaluator
    with (folder / "results.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["data"], row["objective"], row["evaluator"], row["labels_per_class"], row["metric"])
            if key == (data, method, evaluator, labels, METRICS[data]):
                values[int(row["seed"])].append(float(row["value"]))
    return np.array([np.mean(draws) if draws else np.nan for draws in values.values()])


def test_tags_balance(page: str) -> None:
    assert PageParser(page).faults == []


def test_ids_are_unique_and_references_resolve(page: str) -> None:
    attributes = PageParser(page).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert sum(re.fullmatch(r"f\d+", value) is not None for value in ids) > 20
    used = {value[1:] for _, name, value in attributes if name == "href" and value[0] == "#"}
    used |= set(re.findall(r"url\(#([^)]+)\)", page))
    assert used <= set(ids)


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    for tag, name, value in PageParser(page).attributes:
        if name in ("href", "src", "xlink:href", "srcset", "action", "data"):
            assert value.startswith(("#", "data:")), (tag, name, value[:60])
    assert "://" not in page
    assert "@import" not in page
    assert len(page) < 1_500_000


def test_user_text_is_escaped(page: str) -> None:
    assert "<script>alert" not in page
    assert "<b>flat" not in page
    assert "suite<1>" not in page
    text = PageParser(page).text
    assert "suite<1>" in text
    assert "lying <b>flat</b>" in text
    assert "<script>alert('config')</script>" in text


@pytest.mark.parametrize("data", METRICS)
def test_headline_equals_numpy(suite: Path, page: str, data: str) -> None:
    (table,) = (t for t in PageParser(page).tables if "headline" in t.classes and t.section.endswith(data))
    assert [row[0][0].split()[0] for row in table.rows] == [
        "byol", "simclr", "random", "handcrafted", "supervised",
    ]  # fmt: skip
    for row in table.rows:
        method = row[0][0].split()[0]
        for (evaluator, labels), (text, _, _) in zip(COLUMNS, row[1:-1], strict=True):
            values = reference(suite, data, method, evaluator, labels)
            values = values[np.isfinite(values)]
            if len(values) == 0:
                assert text == "–"
                continue
            mean, spread = (float(number) for number in text.split(" ± "))
            assert mean == pytest.approx(100 * values.mean(), abs=0.0501)
            assert spread == pytest.approx(100 * values.std(ddof=1), abs=0.0501)
        assert int(row[-1][0]) == (2 if (data, method) == ("words", "simclr") else 3)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("data", METRICS)
def test_differences_equal_scipy_and_only_sure_ones_are_bold(suite: Path, page: str, data: str) -> None:
    tables = [t for t in PageParser(page).tables if t.section.endswith(data)]
    (table,) = (t for t in tables if "differences" in t.classes)
    assert len(table.rows) == 7  # byol - simclr, and two objectives against three baselines
    families: dict[str, list[Any]] = {}
    for row in table.rows:
        first, second = row[0][0].split(" − ")
        for (evaluator, labels), cell in zip(COLUMNS, row[1:-1], strict=True):
            one, other = (reference(suite, data, name, evaluator, labels) for name in (first, second))
            both = np.isfinite(one) & np.isfinite(other)
            if not both.any():
                assert cell[0] == "–"
                continue
            asked = evaluator == "linear" and labels in ("all", "10")
            family = "verdict" if asked else f"{evaluator} {labels}"
            families.setdefault(family, []).append((cell, stats.ttest_rel(one[both], other[both])))
        assert int(row[-1][0]) == (2 if data == "words" and "simclr" in (first, second) else 3)
    for found in families.values():
        for (shown, expected), corrected in zip(found, holm([item.pvalue for _, item in found]), strict=True):
            check_cell(shown, expected, corrected)


def check_cell(cell: tuple[str, str, bool], expected: Any, corrected: float) -> None:
    text, classes, bold = cell
    interval = expected.confidence_interval(0.95)
    found = re.fullmatch(r"(\S+) (\S+) … (\S+) p (\S+) → (\S+)( n = 2)?", text)
    assert found, text
    assert number(found[1]) == pytest.approx(100 * (interval.low + interval.high) / 2, abs=0.0501)
    assert [number(found[2]), number(found[3])] == pytest.approx(
        [100 * interval.low, 100 * interval.high], abs=0.0501
    )
    for shown, p in ((found[4], expected.pvalue), (found[5], corrected)):
        assert p < 0.001 if shown == "<.001" else float(shown) == pytest.approx(p, abs=0.0051)
    sure = corrected < 0.05 and (interval.low > 0 or interval.high < 0)
    assert bold == sure
    assert (("won" if interval.low > 0 else "lost") if sure else "even") in classes.split()


def test_every_difference_has_p_values_and_effect_size(page: str) -> None:
    (table,) = (t for t in PageParser(page).tables if "every" in t.classes and t.section.endswith("clothes"))
    assert len(table.rows) == 4 * 7 + 4 * 5  # supervised training stands beside the probe only
    name, question, mean, interval, p, corrected, effect, n = (text for text, _, _ in table.rows[0])
    assert (name, question, n) == ("byol − simclr", "Linear probe, all labels", "3")
    low, high = (number(end) for end in interval.split(" … "))
    assert number(mean) == pytest.approx((low + high) / 2, abs=0.1)
    assert float(corrected) >= float(p)
    d = number(mean) / ((high - low) / 2 / stats.t.ppf(0.975, 2) * np.sqrt(3))
    assert number(effect) == pytest.approx(d * 0.5642, abs=0.1)  # J for 2 degrees of freedom


def test_it_says_what_lost_collapsed_and_is_unfinished(page: str) -> None:
    text = PageParser(page).text
    verdict = text[text.index("Verdict") : text.index("All data sets at a glance")]
    assert "simclr has collapsed in 1 of 3 seeds (seed 1): effective rank 1.3" in verdict
    assert "on one split: another choice of test samples is not covered" in verdict
    assert "simclr, seed 1: The encoder has collapsed: effective rank 1.3 of 128." in verdict
    assert "words: simclr, seed 2, is not finished; it stands at step 250 of 640." in verdict
    assert "not distinguishable" in verdict


def test_three_data_sets_get_critical_difference_pictures(page: str) -> None:
    text = PageParser(page).text
    overview = text[text.index("Which methods differ over all data sets?") :]
    assert overview.index("With all labels, over 3 data sets the mean ranks are") < overview.index(
        "critical difference"
    )
    assert page.count("Critical-difference diagram. Mean ranks") == 2


def test_sound_can_be_played(page: str) -> None:
    sounds = re.findall(r'<audio [^>]*src="data:audio/wav;base64,([^"]+)"', page)
    assert len(sounds) == 4
    with wave.open(io.BytesIO(base64.b64decode(sounds[0]))) as file:
        assert (file.getframerate(), file.getnframes(), file.getnchannels()) == (8000, 4000, 1)


def test_one_data_set_has_no_overview(one_data_set: Path) -> None:
    page = PageParser(write_report(one_data_set).read_text(encoding="utf-8"))
    assert "All data sets at a glance" not in page.text
    assert page.faults == []
    assert {table.classes for table in page.tables} >= {
        "sortable headline",
        "sortable differences",
        "sortable every",
        "sortable",
    }
    assert (
        "No critical-difference diagram: it needs 3 methods with figures on each of 3 data sets; here is 1"
        in page.text
    )


def test_the_same_folder_gives_the_same_page_and_leaves_no_other_file(one_data_set: Path) -> None:
    before = {path.name for path in one_data_set.iterdir()}
    first = write_report(one_data_set).read_bytes()
    assert write_report(one_data_set).read_bytes() == first
    assert {path.name for path in one_data_set.iterdir()} == before | {
        "report.html",
        "data_card.md",
        "model_card.md",
    }


def test_one_seed_concludes_nothing(tmp_path: Path, small_maps: pytest.MonkeyPatch) -> None:
    folder = write_fake_run(tmp_path / "run", members=("clothes",), seeds=1)
    page = PageParser(write_report(folder).read_text(encoding="utf-8"))
    assert page.faults == []
    (differences,) = (table for table in page.tables if "differences" in table.classes)
    cells = [cell for row in differences.rows for cell in row[1:-1] if cell[0] != "–"]
    assert all("one seed" in text and not bold and "open" in classes for text, classes, bold in cells)
    (headline,) = (table for table in page.tables if "headline" in table.classes)
    assert all("±" not in text and row[-1][0] == "1" for row in headline.rows for text, _, _ in row)
    assert "nothing can be concluded from one seed (n = 1 seed)" in page.text
    assert "(n = 3" not in page.text


def test_without_manifest_and_results(one_data_set: Path) -> None:
    whole = write_report(one_data_set).read_text(encoding="utf-8")
    (one_data_set / "manifest.json").unlink()
    (one_data_set / "results.csv").unlink()
    page = PageParser(write_report(one_data_set).read_text(encoding="utf-8"))
    assert page.faults == []
    assert "manifest.json is not written yet" in page.text
    (rescued,) = (table.rows for table in page.tables if "headline" in table.classes)
    (expected,) = (table.rows for table in PageParser(whole).tables if "headline" in table.classes)
    assert {row[0][0]: row for row in rescued} == {row[0][0]: row for row in expected}


def test_nothing_finished_yet(one_data_set: Path) -> None:
    (one_data_set / "results.csv").unlink()
    for path in one_data_set.glob("clothes/*/result.json"):
        path.unlink()
    for path in one_data_set.glob("clothes/*/map.npz"):
        path.write_bytes(path.read_bytes()[:100])
    (one_data_set / "clothes" / "views.npz").unlink()
    page = PageParser(write_report(one_data_set).read_text(encoding="utf-8"))
    assert page.faults == []
    assert "Nothing can be compared yet." in page.text
    assert "No views were saved for this data set yet." in page.text
    assert "clothes: byol, seed 0, is not finished; it stands at step 640 of 640." in page.text


def test_a_modality_that_is_not_installed_costs_only_the_pictures(one_data_set: Path) -> None:
    spec = json.loads((one_data_set / "clothes" / "spec.json").read_text(encoding="utf-8"))
    (one_data_set / "clothes" / "spec.json").write_text(
        json.dumps({**spec, "modality": "smell"}), encoding="utf-8"
    )
    text = PageParser(write_report(one_data_set).read_text(encoding="utf-8")).text
    assert "The samples cannot be drawn here" in text
