"""The table of fine-tuning policies: its numbers against closed forms, its order, its words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.fine_tuning.figures import budgets, differences, probe, scratch
from sslkit.report.fine_tuning.section import fine_tuning_section
from sslkit.report.fine_tuning.words import sentences
from sslkit.report.read import Member
from sslkit.report.results import label_budgets, summaries

PROBE = np.array([0.50, 0.52, 0.51, 0.53, 0.52])
NOISE = np.array([0.004, -0.003, 0.002, -0.001, -0.002])


def member(gains: dict[tuple[str, str], float], counts: tuple[int, ...] = (200, 100)) -> Member:
    """BYOL with a linear probe and policies that differ from it by ``gains`` (policy, labels), and supervised."""

    def rows(method: str, evaluator: str, labels: str, values: np.ndarray) -> list[dict[str, Any]]:
        fixed = {
            "data": "d",
            "objective": method,
            "evaluator": evaluator,
            "labels_per_class": labels,
            "draw": 0,
        }
        return [{**fixed, "seed": s, "metric": "accuracy", "value": float(v)} for s, v in enumerate(values)]

    found: list[dict[str, Any]] = []
    for labels in {labels for _, labels in gains}:
        found += rows("byol", "linear", labels, PROBE) + rows("supervised", "end-to-end", labels, PROBE - 0.1)
    for (policy, labels), gain in gains.items():
        found += rows("byol", policy, labels, PROBE + gain + NOISE * (1 + len(policy)))
    facts = {
        "network_evaluators": list(dict.fromkeys(policy for policy, _ in gains)),
        "composition": {"train": {"classes": list(counts)}},
    }
    return Member("d", Path("d"), facts, None, (), [], found)


def test_budgets_stand_in_the_order_of_their_labels() -> None:
    some = member({("a", labels): 0.0 for labels in ("all", "10%", "5", "1%", "50", "1")})
    assert budgets(some) == ["1", "1%", "5", "10%", "50", "all"]
    unknown = replace(some, facts={**some.facts, "composition": {}})
    assert budgets(unknown) == ["1", "5", "50", "1%", "10%", "all"]
    assert [column.labels for column in summaries.columns_of(some)] == ["all", "50", "10%", "5", "1%", "1"]


def test_policies_are_not_among_the_probes_columns() -> None:
    some = member({("a", "all"): 0.0})
    assert {column.evaluator for column in summaries.columns_of(some)} == {"linear"}


def test_differences_are_paired_and_corrected_within_a_budget() -> None:
    some = member({("a", "all"): 0.05, ("bb", "all"): 0.002, ("a", "5"): 0.01})
    found = differences(some, probe)
    p = {}
    for key, gain in (("a", 0.05), ("bb", 0.002)):
        values = PROBE + gain + NOISE * (1 + len(key))
        p[key] = stats.ttest_rel(values, PROBE).pvalue
        item = found["byol", key, "all"]
        assert item is not None and item.p == pytest.approx(p[key], rel=1e-6)
        assert item.mean == pytest.approx(values.mean() - PROBE.mean())
    first, second = found["byol", "a", "all"], found["byol", "bb", "all"]
    assert first is not None and second is not None
    assert first.p_corrected == pytest.approx(2 * p["a"], rel=1e-6)  # Holm, two comparisons
    assert second.p_corrected == pytest.approx(max(2 * p["a"], p["bb"]), rel=1e-6)
    few = found["byol", "a", "5"]
    assert few is not None and few.p_corrected == few.p  # alone with so many labels
    fresh = differences(some, scratch)["byol", "a", "all"]
    assert fresh is not None and fresh.mean == pytest.approx(
        0.15 + 2 * NOISE.mean()
    )  # PROBE - 0.1 from scratch
    assert fresh.p == pytest.approx(stats.ttest_rel(PROBE + 0.05 + 2 * NOISE, PROBE - 0.1).pvalue, rel=1e-6)


def test_sentences_name_what_is_sure_and_join_what_is_not() -> None:
    some = member(
        {
            ("all blocks", "all"): 0.1,
            ("head", "all"): -0.1,
            ("x", "all"): 0.0,
            ("x", "5"): 0.0,
            ("x", "1%"): 0.0,
        }
    )
    fresh, *more, first, second = sentences(some)
    assert fresh.verdict == "won" and "compared with training from scratch, gains with" in fresh.text
    assert len(more) == 2  # with fewer labels too all policies beat it
    assert first.verdict == "won"
    assert "With all labels fine-tuning byol" in first.text
    assert (
        "gains with all blocks (+10.0 points" in first.text and "loses with head (−10.0 points" in first.text
    )
    assert "x is not distinguishable from it" in first.text
    assert second.verdict == "even"
    assert "With 1\u00a0% of the labels and 5 labels per class no policy of fine-tuning byol" in second.text


def test_one_seed_concludes_nothing() -> None:
    some = member({("a", "all"): 0.3})
    fresh, said = sentences(replace(some, rows=[row for row in some.rows if row["seed"] == 0]))
    assert said.verdict == "open" and "nothing can be concluded" in said.text
    assert "against training from scratch" in fresh.text and "against its linear probe" in said.text


def test_the_section_has_every_policy_and_training_from_scratch() -> None:
    some = member({("a", "all"): 0.05, ("a", "10%"): 0.0})
    section = fine_tuning_section(some, method_styles(some.methods), SvgWriter())
    named = [row["name"] for row in section["rows"] if "name" in row]
    assert named == ["linear probe", "a", "from scratch"]
    assert section["titles"] == ["10\u00a0% of labels", "all labels"]
    cells = next(row for row in section["rows"] if row.get("name") == "a")["cells"]
    assert cells[1][0].text == f"{100 * (PROBE + 0.05 + 2 * NOISE).mean():.1f}"
    assert {other: cell.text for other, cell in cells[1][1].items()} == {"probe": "+5.0", "scratch": "+15.0"}
    assert all(cell.sure for cell in cells[1][1].values()) and not cells[0][1]["probe"].sure
    assert len(section["charts"]) == 1 and "<svg" in section["charts"][0]["svg"]


def test_without_fine_tuning_there_is_no_section() -> None:
    some = member({("a", "all"): 0.05})
    plain = replace(some, facts={}, rows=[row for row in some.rows if row["evaluator"] != "a"])
    assert fine_tuning_section(plain, {}, SvgWriter()) == {}
    assert sentences(plain) == []


def test_words_of_budgets() -> None:
    assert [label_budgets.plain(b) for b in ("1", "10", "1%", "all")] == [
        "1 label per class", "10 labels per class", "1\u00a0% of the labels", "all labels",
    ]  # fmt: skip
    assert label_budgets.title("0.5%") == "0.5\u00a0% of labels"
